import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Records } from '../../src/journal/records.ts';
import { showRun } from '../../src/operations/recorded-runs.ts';
import { recorderFor } from '../../src/operations/recorder.ts';
import type { HandedUser } from '../../src/protocol/reference.ts';
import type { Outcome, RevocationResult } from '../../src/protocol/row.ts';
import { everyFault } from '../support/every-fault.ts';
import { recordFigure } from '../support/figures.ts';
import { type SimulatedRun, simulatedRun } from '../support/simulated-run.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const home = mkdtempSync(join(tmpdir(), 'us-soak-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const users = process.env['TORTURE'] ? 20_000 : 600;
const rate = 0.1;
const window = 5000;

test(`${users} users, every fault at ten percent, quota on: one row each, and nothing unknown after resume`, async () => {
  const clock = new VirtualClock();
  const startedAt = clock.now();
  const records = () => new Records({ USERSESSION_HOME: home }, 'test', () => clock.now());
  const begun = await recorderFor({}, records());
  const persona = { persona: 'app', lifetimeSeconds: 7200 } as const;
  const first = await simulatedRun({
    in: { clock },
    recorder: begun,
    users: users + 20,
    persona,
    faults: everyFault(rate),
    latencyMs: 80,
  });
  const people = first.tenant.users.slice(0, users);
  const told = await handIn(
    first,
    people.map(u => ({ text: u.id })),
  );
  const { runId } = await first.run.end();
  expect(told.map(r => r.userId).sort()).toEqual(people.map(u => u.id).sort());
  const outcomes = [count(told)];

  // Each session has the same trouble; what it leaves is less each time.
  for (let session = 0; session < 40; session++) {
    const recorder = await recorderFor({ resume: runId }, records());
    const resumed = await simulatedRun({ in: first, recorder, persona });
    const { references } = await resumed.run.findRecorded(false);
    await handIn(resumed, references);
    await resumed.run.end();
    if (references.length === 0) break;
  }
  const { run, rows } = await showRun(runId, records());
  const minutes = Math.round((clock.now() - startedAt) / 6000) / 10;
  outcomes.push(count(rows));
  expect(run).toMatchObject({ users, left: 0, damage: [] });
  expect(rows.map(r => r.userId).sort()).toEqual(people.map(u => u.id).sort());
  expect(Object.keys(outcomes.at(-1) ?? {}).sort()).toEqual(['NoEffect', 'Revoked']);
  const done = new Set(first.tenant.record.filter(r => r.effective).map(r => r.userId));
  for (const row of [...told, ...rows]) if (row.outcome === 'Revoked') expect(done).toContain(row.userId);
  recordFigure('fault soak', {
    users,
    rate,
    virtualMinutes: minutes,
    afterTheRun: outcomes[0],
    afterResume: outcomes.at(-1),
    resumes: run.resumes,
  });
}, 3_600_000);

/** Hands in users as the command line does, so many at a time. */
async function handIn({ run }: SimulatedRun, references: HandedUser[]): Promise<RevocationResult[]> {
  const rows: RevocationResult[] = [];
  const open = new Set<Promise<void>>();
  for (const reference of references) {
    const work = run.revoke(reference).then(row => {
      rows.push(row);
      open.delete(work);
    });
    open.add(work);
    if (open.size >= window) await Promise.race(open);
  }
  await Promise.all(open);
  return rows;
}

function count(rows: readonly { outcome: Outcome }[]): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const { outcome } of rows) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
