import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { cliOut } from '../../build/paths.ts';
import { Records } from '../../src/journal/records.ts';
import { listRuns, showRun } from '../../src/operations/recorded-runs.ts';
import type { RevocationResult } from '../../src/protocol/row.ts';
import { usersession } from '../support/command-line.ts';
import { recordFigure } from '../support/figures.ts';
import { type KillPoint, startKillingTenant } from '../support/killing-tenant.ts';

const home = mkdtempSync(join(tmpdir(), 'us-kill-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A run of 500 users makes about this many requests, faults included. */
const requestsOfARun = 100;
const count = process.env['TORTURE'] ? 200 : 20;
const points: KillPoint[] = Array.from({ length: count }, (_, i) => ({
  request: 1 + Math.floor((i * requestsOfARun) / count),
  after: i % 2 === 1,
}));

const rowsIn = (out: string): RevocationResult[] =>
  out
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as RevocationResult);

const local = (upn: string) => !upn.includes('#EXT#');

let killed = 0;
test.each(points)(
  'killed at request $request (after it was carried out: $after) a run is finished by resume, and nobody is lost, doubled or wrongly Revoked',
  async point => {
    const rate = 0.02;
    const t = await startKillingTenant({
      users: 520,
      seed: point.request,
      retryAfterSeconds: 1,
      slowMs: 50,
      faults: {
        serverError: rate,
        unavailable: rate,
        lostAnswer: rate,
        truncated: rate,
        missingItem: rate,
        reset: rate,
        slow: rate,
      },
    });
    const people = t.tenant.users.slice(0, 500);
    const env = {
      USERSESSION_GRAPH_URL: t.url,
      USERSESSION_ACCESS_TOKEN: t.tenant.issueToken({ persona: 'app', lifetimeSeconds: 7200 }),
      USERSESSION_HOME: join(home, `${point.request}${point.after}`),
    };
    const args = ['--users-from', '-', '--force', '--verification-time', '4', '--output', 'jsonl'];
    const child = spawn(cliOut, ['revoke', ...args], { env: { ...process.env, ...env } });
    t.arm(point, () => child.kill('SIGKILL'));
    let told = '';
    child.stdout.setEncoding('utf8').on('data', text => (told += text));
    child.stderr.resume();
    child.stdin.on('error', () => {});
    child.stdin.end(people.map(u => u.id).join('\n'));
    const [, signal] = await once(child, 'close');
    const before = rowsIn(told);
    // Lost answers cost seconds of looking; the run that was killed has had its share.
    t.tenant.setFaults({});

    const records = new Records(env, 'test');
    const [run] = await listRuns(records);
    if (signal === 'SIGKILL') expect(run?.state).toBe('BrokenOff');
    // Whoever was told a row is on record, and whoever the tenant saw was on record before.
    const recorded = (await showRun(run!.runId, records)).rows;
    expect(recorded).toEqual(expect.arrayContaining(before));
    const known = new Set(recorded.map(r => r.userId));
    for (const { userId } of t.tenant.record) expect(known.has(userId), userId).toBe(true);

    const resumed = await usersession(
      ['resume', run!.runId, '--verification-time', '4', '--output', 'jsonl'],
      { env },
    );
    const after = rowsIn(resumed.out);
    const settledBefore = recorded.filter(r => ['Revoked', 'NoEffect'].includes(r.outcome));
    expect(new Set([...settledBefore, ...after].map(r => r.userId)).size).toBe(
      settledBefore.length + after.length,
    );

    const { run: finished, rows } = await showRun(run!.runId, records);
    expect(finished).toMatchObject({ state: 'Finished', left: 0, damage: [] });
    expect(rows.map(r => r.userId).sort()).toEqual([...known].sort());
    const done = new Set(t.tenant.record.filter(r => r.effective).map(r => r.userId));
    for (const row of rows) if (row.outcome === 'Revoked') expect(done).toContain(row.userId);
    const lost = rows.filter(r => local(r.userPrincipalName ?? '') && r.outcome !== 'Revoked');
    expect(lost.map(r => `${r.userPrincipalName} ${r.outcome} ${r.detail}`)).toEqual([]);
    killed += 1;
    recordFigure('engine killed', { points: killed, usersEach: 500, requestsOfARun });
  },
  180_000,
);
