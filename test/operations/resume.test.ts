import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Records } from '../../src/journal/records.ts';
import { listRuns, showRun } from '../../src/operations/recorded-runs.ts';
import { recorderFor } from '../../src/operations/recorder.ts';
import type { RunBeginParams } from '../../src/protocol/messages.ts';
import type { RevocationResult } from '../../src/protocol/row.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { type SimulatedRun, simulatedRun, type SimulatedRunOptions } from '../support/simulated-run.ts';

const home = mkdtempSync(join(tmpdir(), 'us-resume-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

let homes = 0;
const newRecords = () => {
  const clock = new VirtualClock();
  const env = { USERSESSION_HOME: join(home, String(++homes)) };
  const again = () => new Records(env, 'test', () => clock.now());
  return { clock, records: again(), again };
};

/** A run on record, new or resumed. */
async function recordedRun(
  records: Records,
  options: SimulatedRunOptions & Pick<RunBeginParams, 'resume' | 'reason'> = {},
): Promise<SimulatedRun> {
  const { resume, reason, run } = options;
  const recorder = await recorderFor({ resume, reason, options: run }, records);
  return simulatedRun({ ...options, recorder });
}

/** Everybody who is left, or everybody, revoked. */
async function finish({ run }: SimulatedRun, all = false): Promise<RevocationResult[]> {
  const { references } = await run.findRecorded(all);
  const rows = await Promise.all(references.map(r => run.revoke(r)));
  await run.end();
  return rows;
}

const local = (u: { userPrincipalName: string; roles: readonly string[] }) =>
  !u.userPrincipalName.includes('#EXT#') && u.roles.length === 0;

test('a run that is finished leaves nothing to do; with all it gives back the rows as they were', async () => {
  const { clock, records, again } = newRecords();
  const first = await recordedRun(records, { in: { clock }, reason: 'INC-7' });
  const people = first.tenant.users.filter(local).slice(0, 20);
  const rows = await Promise.all(people.map(u => first.run.revoke({ text: u.id })));
  const summary = await first.run.end();
  const calls = first.tenant.record.length;
  expect(summary.text).toContain(`Run ${summary.runId}, head of its record ${summary.record?.head}.`);
  const resumed = await recordedRun(again(), { in: first, resume: summary.runId });
  expect(await finish(resumed)).toEqual([]);
  const once = await recordedRun(again(), { in: first, resume: summary.runId });
  expect(await finish(once, true)).toEqual(rows);
  expect(first.tenant.record).toHaveLength(calls);
  const [run] = await listRuns(again());
  expect(run).toMatchObject({
    state: 'Finished',
    users: 20,
    left: 0,
    reason: 'INC-7',
    resumes: 2,
    damage: [],
  });
});

test('a run that was stopped is finished: who has not been sent is called, nobody is called twice', async () => {
  const { clock, records, again } = newRecords();
  const first = await recordedRun(records, { in: { clock }, latencyMs: 200, users: 2000 });
  const people = first.tenant.users.filter(local).slice(0, 1600);
  const rows = people.map(u => first.run.revoke({ text: u.id }));
  await rows[0];
  first.run.stop({ code: 'Stopped', message: 'Interrupted.' });
  await Promise.all(rows);
  const { runId, outcomes } = await first.run.end();
  expect(outcomes.Cancelled).toBeGreaterThan(0);
  const left = await finish(await recordedRun(again(), { in: first, resume: runId }));
  expect(left).toHaveLength(outcomes.Cancelled ?? 0);
  expect(new Set(left.map(r => r.outcome))).toEqual(new Set(['Revoked']));
  expect(first.tenant.record.map(r => r.userId).sort()).toEqual(people.map(u => u.id).sort());
  const shown = await showRun(runId, again());
  expect(shown.rows.map(r => r.outcome)).toEqual(people.map(() => 'Revoked'));
});

test('what was sent without a known end is read first: the tenant shows it, and nobody is called again', async () => {
  const { clock, records, again } = newRecords();
  let lost = 0;
  const first = await recordedRun(records, {
    in: { clock },
    unreachableAfter: 2,
    intercept: async (url, init, next) => {
      const response = await next(url, init);
      // The call is carried out, and its answer never comes.
      if (!url.includes('revokeSignInSessions') || lost++ > 0) return response;
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }),
      });
    },
  });
  const [user] = first.tenant.users.filter(local);
  const row = await first.run.revoke({ text: user?.userPrincipalName ?? '' });
  expect(row.outcome).toBe('Unknown');
  const { runId } = await first.run.end();
  const [proven] = await finish(await recordedRun(again(), { in: first, resume: runId }));
  expect(proven).toMatchObject({
    outcome: 'Revoked',
    attempts: 0,
    detail: expect.stringContaining('earlier session'),
  });
  expect(first.tenant.record).toHaveLength(1);
});

test('what was accepted and not proven is proven later, without another call', async () => {
  const { clock, records, again } = newRecords();
  const first = await recordedRun(records, { in: { clock }, stampDelayMs: 60_000 });
  const [user] = first.tenant.users.filter(local);
  expect((await first.run.revoke({ text: user?.id ?? '' })).outcome).toBe('Unverified');
  const { runId } = await first.run.end();
  await first.clock.sleep(120_000);
  const [proven] = await finish(await recordedRun(again(), { in: first, resume: runId }));
  expect(proven?.outcome).toBe('Revoked');
  expect(first.tenant.record).toHaveLength(1);
});

test('who was denied is tried again, and revoked once the role is there', async () => {
  const { clock, records, again } = newRecords();
  const first = await recordedRun(records, { in: { clock }, persona: 'helpdeskAdministrator' });
  const admin = first.tenant.users.find(u => u.roles.includes('Exchange Administrator'));
  expect((await first.run.revoke({ text: admin?.id ?? '' })).outcome).toBe('Denied');
  const { runId } = await first.run.end();
  const options = { in: first, resume: runId, persona: 'globalAdministrator' } as const;
  expect((await finish(await recordedRun(again(), options)))[0]?.outcome).toBe('Revoked');
});

test('another tenant is refused, and the run can be resumed in its own one afterwards', async () => {
  const { clock, records, again } = newRecords();
  const first = await recordedRun(records, { in: { clock } });
  first.run.stop({ code: 'Stopped', message: 'Interrupted.' });
  await first.run.revoke({ text: first.tenant.users[0]?.id ?? '' });
  const { runId } = await first.run.end();
  const shared = again();
  await expect(recordedRun(shared, { seed: 2, resume: runId })).rejects.toMatchObject({
    code: 'OtherTenant',
  });
  expect(await finish(await recordedRun(shared, { in: first, resume: runId }))).toHaveLength(1);
});

test('the exclusions and limits of the beginning hold; a yes to many users is remembered', async () => {
  const { clock, records, again } = newRecords();
  const first = await recordedRun(records, {
    in: { clock },
    run: { maxUsers: 5, excludeGroups: ['Break Glass'] },
    confirm: async () => true,
    latencyMs: 50,
  });
  const glass = first.tenant.groups.find(g => g.displayName === 'Break Glass')?.memberIds ?? [];
  const people = [
    ...first.tenant.users
      .filter(local)
      .slice(0, 30)
      .map(u => u.id),
    ...glass,
  ];
  const rows = people.map(id => first.run.revoke({ text: id }));
  await Promise.race(rows);
  first.run.stop({ code: 'Stopped', message: 'Interrupted.' });
  await Promise.all(rows);
  const { runId } = await first.run.end();
  const left = await finish(
    await recordedRun(again(), { in: first, resume: runId, confirm: async () => false }),
  );
  expect(left.every(r => r.outcome === 'Revoked' || r.outcome === 'Excluded')).toBe(true);
  for (const id of glass) expect(first.tenant.record.map(r => r.userId)).not.toContain(id);
});

test('a run that stopped at its limit asks again', async () => {
  const { clock, records, again } = newRecords();
  const first = await recordedRun(records, { in: { clock }, run: { maxUsers: 2 } });
  const people = first.tenant.users.filter(local).slice(0, 6);
  await Promise.all(people.map(u => first.run.revoke({ text: u.id })));
  const { runId, outcomes } = await first.run.end();
  const refused = await recordedRun(again(), { in: first, resume: runId });
  await expect(refused.run.findRecorded(false)).rejects.toMatchObject({ code: 'TooManyUsers' });
  await refused.run.end();
  const allowed = await recordedRun(again(), { in: first, resume: runId, run: { maxUsers: 100 } });
  const left = (await finish(allowed)).map(r => r.outcome);
  expect(left).toEqual(Array.from({ length: outcomes.Cancelled ?? 0 }, () => 'Revoked'));
  expect(first.tenant.record).toHaveLength(6);
});

test('a record that can not be written any more stops the run, and tells which outcome is not on record', async () => {
  let stop = '';
  const { run, tenant } = await simulatedRun({
    latencyMs: 10,
    users: 2000,
    recorder: {
      recorded: null,
      release: async () => {},
      open: async () => ({
        named: () => {},
        intend: async () => {},
        settle: async () => {
          throw new Error('ENOSPC: no space left on device');
        },
        confirmed: () => {},
        end: async () => null,
      }),
    },
  });
  const people = tenant.users.filter(local).slice(0, 1600);
  const rows = await Promise.all(people.map(u => run.revoke({ text: u.id })));
  stop = (await run.end()).stopped?.code ?? '';
  expect(stop).toBe('RecordFailed');
  expect(rows.some(r => r.outcome === 'Revoked' && /not on record/.test(r.detail ?? ''))).toBe(true);
  expect(tenant.record.length).toBeLessThan(people.length);
});

test('whoever was called by name is found again by id, though the name has changed hands since', async () => {
  const { clock, records, again } = newRecords();
  const first = await recordedRun(records, { in: { clock }, stampDelayMs: 3_600_000 });
  const [user, other] = first.tenant.users.filter(local);
  const row = await first.run.revoke({ text: user?.userPrincipalName ?? '' });
  expect(row.outcome).toBe('Unverified');
  const { runId } = await first.run.end();
  const name = user?.userPrincipalName ?? '';
  Object.assign(user ?? {}, { userPrincipalName: `old.${name}` });
  Object.assign(other ?? {}, { userPrincipalName: name });
  const [left] = await finish(await recordedRun(again(), { in: first, resume: runId }));
  expect(left?.userId).toBe(user?.id);
  expect(new Set(first.tenant.record.map(r => r.userId))).toEqual(new Set([user?.id]));
});

test('a resumed run that is stopped does not say that somebody was never sent who was sent before', async () => {
  const { clock, records, again } = newRecords();
  const first = await recordedRun(records, { in: { clock }, stampDelayMs: 3_600_000 });
  const [user] = first.tenant.users.filter(local);
  await first.run.revoke({ text: user?.id ?? '' });
  const { runId } = await first.run.end();
  const resumed = await recordedRun(again(), { in: first, resume: runId });
  const { references } = await resumed.run.findRecorded(false);
  resumed.run.stop({ code: 'Stopped', message: 'Interrupted.' });
  const rows = await Promise.all(references.map(r => resumed.run.revoke(r)));
  await resumed.run.end();
  expect(rows.map(r => r.outcome)).toEqual(['Unknown']);
});

const someStamp = (tenant: SimulatedRun['tenant'], id: string, at: number): void => {
  const user = tenant.users.find(u => u.id === id);
  Object.assign(user ?? {}, { signInSessionsValidFromDateTime: new Date(at).toISOString() });
};

test("a call that was refused proves nothing: what moved somebody's stamp since then was not this run", async () => {
  const { clock, records, again } = newRecords();
  const first = await recordedRun(records, { in: { clock }, persona: 'helpdeskAdministrator' });
  const admin = first.tenant.users.find(u => u.roles.includes('Exchange Administrator'));
  expect((await first.run.revoke({ text: admin?.id ?? '' })).outcome).toBe('Denied');
  const { runId } = await first.run.end();
  await clock.sleep(1000);
  someStamp(first.tenant, admin?.id ?? '', clock.now());
  const options = { in: first, resume: runId, persona: 'globalAdministrator' } as const;
  const [row] = await finish(await recordedRun(again(), options));
  expect(row).toMatchObject({ outcome: 'Revoked', attempts: 1 });
  expect(first.tenant.record.filter(r => r.userId === admin?.id)).toHaveLength(1);
});

/** A run with one user whose only call is on record, as a kill leaves it; `ahead` is what was known of Graph's clock. */
async function killedAfterIntent(ahead: number | null, call: 'carriedOut' | 'lost', stampDelayMs = 0) {
  const { clock, records, again } = newRecords();
  const first = await recordedRun(records, { in: { clock }, stampDelayMs });
  const [user] = first.tenant.users.filter(local);
  const id = user?.id ?? '';
  const { runId } = await first.run.end();
  await records.close();
  const earlier = again();
  const taken = await earlier.take(runId);
  const journal = await taken.goOn({ actor: taken.run.begin.actor, reason: null }, () => ahead);
  journal.named(1, { text: id });
  await journal.intend([{ user: 1, userId: id, attempt: 1 }]);
  if (call === 'carriedOut') {
    const other = await simulatedRun({ in: first, run: { skipVerification: true } });
    await other.run.revoke({ text: id });
    await other.run.end();
  }
  await earlier.close();
  await taken.release();
  return { first, runId, again, id, clock };
}

test('a call that left when nothing was known of the clock of Graph is made again, whatever an older stamp says', async () => {
  const { first, runId, again, id, clock } = await killedAfterIntent(null, 'lost');
  someStamp(first.tenant, id, clock.now() + 1000);
  const [row] = await finish(await recordedRun(again(), { in: first, resume: runId }));
  expect(row).toMatchObject({ outcome: 'Revoked', attempts: 1 });
});

test('a replica that lags behind the call of a moment ago is looked at again before anybody is called', async () => {
  const { first, runId, again } = await killedAfterIntent(0, 'carriedOut', 3000);
  const [row] = await finish(await recordedRun(again(), { in: first, resume: runId }));
  expect(row).toMatchObject({ outcome: 'Revoked', attempts: 0 });
  expect(first.tenant.record).toHaveLength(1);
});

test('where the proof of an earlier call can not be read now, nobody is called again', async () => {
  const { first, runId, again, id } = await killedAfterIntent(0, 'carriedOut');
  const resumed = await recordedRun(again(), {
    in: first,
    resume: runId,
    intercept: (url, init, next) =>
      url.includes(id) && (init.method ?? 'GET') === 'GET' && url.includes('signInSessionsValidFromDateTime')
        ? Promise.resolve(new Response('{}', { status: 503 }))
        : next(url, init),
  });
  const [row] = await finish(resumed);
  expect(row).toMatchObject({ outcome: 'Unknown', attempts: 0, detail: expect.stringContaining('earlier') });
  expect(first.tenant.record).toHaveLength(1);
  expect((await finish(await recordedRun(again(), { in: first, resume: runId })))[0]?.outcome).toBe(
    'Revoked',
  );
  expect(first.tenant.record).toHaveLength(1);
});

test('somebody who was revoked under one name is not called again for another', async () => {
  const { clock, records, again } = newRecords();
  const first = await recordedRun(records, { in: { clock } });
  const [user] = first.tenant.users.filter(local);
  expect((await first.run.revoke({ text: user?.id ?? '' })).outcome).toBe('Revoked');
  const { runId } = await first.run.end();
  const earlier = again();
  const taken = await earlier.take(runId);
  const journal = await taken.goOn({ actor: taken.run.begin.actor, reason: null }, () => 0);
  journal.named(2, { text: user?.userPrincipalName ?? '' });
  await journal.end({ outcomes: {} });
  await taken.release();
  const [row] = await finish(await recordedRun(again(), { in: first, resume: runId }));
  expect(row).toMatchObject({ outcome: 'Revoked', attempts: 0, userId: user?.id });
  expect(first.tenant.record).toHaveLength(1);
});

test('where the proof may never be read, what was accepted stays accepted and is not sent again', async () => {
  const { clock, records, again } = newRecords();
  const persona = { persona: 'app', permissions: ['User.RevokeSessions.All', 'User.ReadBasic.All'] } as const;
  const first = await recordedRun(records, { in: { clock }, persona });
  const [user] = first.tenant.users.filter(local);
  const before = await first.run.revoke({ text: user?.id ?? '' });
  expect(before.outcome).toBe('Unverified');
  const { runId } = await first.run.end();
  const [row] = await finish(await recordedRun(again(), { in: first, resume: runId, persona }));
  expect(row).toMatchObject({ outcome: 'Unverified', detail: before.detail });
  expect(first.tenant.record).toHaveLength(1);
});
