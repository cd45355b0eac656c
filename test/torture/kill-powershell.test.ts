import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Records } from '../../src/journal/records.ts';
import { listRuns, showRun } from '../../src/operations/recorded-runs.ts';
import { startPowerShell } from '../module/power-shell.ts';
import { builtModule, rowsOf } from '../module/with-engine.ts';
import { type CommandRun, usersession } from '../support/command-line.ts';
import { recordFigure } from '../support/figures.ts';
import { type KillPoint, startKillingTenant } from '../support/killing-tenant.ts';

const home = mkdtempSync(join(tmpdir(), 'us-killps-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A run of 500 users without faults makes about this many requests. */
const requestsOfARun = 60;
const count = process.env['TORTURE'] ? 200 : 5;
const points: KillPoint[] = Array.from({ length: count }, (_, i) => ({
  request: 1 + Math.floor((i * requestsOfARun) / count),
  after: i % 2 === 1,
}));

let killed = 0;
test.each(points)(
  'PowerShell killed at request $request (after it was carried out: $after): the run is finished by resume, and nobody is lost, doubled or wrongly Revoked',
  async point => {
    const t = await startKillingTenant({ users: 520, seed: point.request });
    const people = t.tenant.users.slice(0, 500).map(u => u.id);
    const token = t.tenant.issueToken({ persona: 'app', lifetimeSeconds: 7200 });
    const env = { USERSESSION_HOME: join(home, `${point.request}${point.after}${killed}`) };
    const running = startPowerShell(
      `Import-Module '${builtModule}'; ${people.map(id => `'${id}'`).join(',')} | Revoke-UserSession -Force -VerificationTime 4`,
      { env: { ...env, MG_STANDIN_GRAPH_URL: t.url, MG_STANDIN_TOKEN: token, USERSESSION_ENGINE: null } },
    );
    // The first request is the session's own, by which the module gets its token.
    t.arm({ ...point, request: point.request + 1 }, () => running.kill('SIGKILL'));
    const before = rowsOf((await running.finished).outputs);
    killed += 1;

    const command = { USERSESSION_GRAPH_URL: t.url, USERSESSION_ACCESS_TOKEN: token, ...env };
    const resumed = await whenFree(() =>
      usersession(['resume', '--verification-time', '4', '--output', 'jsonl'], { env: command }),
    );
    const records = new Records(env, 'test');
    const [listed] = await listRuns(records);
    // Killed before anybody was handed over: nobody is on record, and nobody was called.
    if (!listed || listed.users === 0) {
      expect(t.tenant.record).toEqual([]);
      return;
    }
    const { run, rows } = await showRun(listed.runId, records);
    expect(run, resumed.err).toMatchObject({ left: 0, damage: [] });
    const told = new Map(rows.map(r => [r.userId, r.outcome]));
    expect(told.size).toBe(rows.length);
    for (const { userId } of t.tenant.record) expect(told.has(userId), userId).toBe(true);
    for (const row of before) {
      if (row['Outcome'] === 'Revoked') expect(told.get(String(row['UserId']))).toBe('Revoked');
    }
    const done = new Set(t.tenant.record.filter(r => r.effective).map(r => r.userId));
    for (const row of rows) if (row.outcome === 'Revoked') expect(done).toContain(row.userId);
    const others = rows.filter(r => r.outcome !== 'Revoked' && r.outcome !== 'NoEffect');
    expect(others.map(r => `${r.userPrincipalName} ${r.outcome} ${r.detail}`)).toEqual([]);
    recordFigure('PowerShell killed', { points: killed, usersEach: 500 });
  },
  120_000,
);

/** The engine of the killed session has two seconds to leave. */
async function whenFree(resume: () => Promise<CommandRun>): Promise<CommandRun> {
  for (let tries = 0; ; tries++) {
    const run = await resume();
    const busy = run.code === 5 || /No run on record is left/.test(run.err);
    if (!busy || tries >= 10) return run;
    await new Promise(resolve => setTimeout(resolve, 500));
  }
}
