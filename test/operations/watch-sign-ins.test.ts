import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { watchSignIns, type Watching } from '../../src/operations/watch-sign-ins.ts';
import type { SignInsWatchResult, WatchedSignIn } from '../../src/protocol/watch.ts';
import type { SimulatedTenant } from '../../src/simulator/simulated-tenant.ts';
import {
  readingPermissions,
  simulatedReading,
  type SimulatedReading,
  type SimulatedReadingOptions,
} from '../support/simulated-reading.ts';

const minuteMs = 60_000;

const person = (tenant: SimulatedTenant, index = 0) =>
  tenant.users.filter(user => user.accountEnabled && !user.external && user.userType === 'Member')[index]!;

/** What happens so many minutes after the stage was set: done before the next request that Graph is asked. */
type Plan = [minutes: number, what: (stage: Stage) => void][];

type Stage = SimulatedReading & { plan: (...things: Plan) => void };

async function stage(options: SimulatedReadingOptions = {}): Promise<Stage> {
  const things: Plan = [];
  const s = await simulatedReading({
    ...options,
    signIns: { cast: false, ...options.signIns },
    intercept: (url, init, next) => {
      while (things[0] && start + things[0][0] * minuteMs <= s.clock.now()) things.shift()?.[1](set);
      return options.intercept ? options.intercept(url, init, next) : next(url, init);
    },
  });
  const start = s.clock.now();
  const set = { ...s, plan: (...more: Plan) => void things.push(...more) };
  return set;
}

interface Watched extends SignInsWatchResult {
  seen: WatchedSignIn[];
}

async function watch(
  { reading }: SimulatedReading,
  ids: readonly string[],
  { revokedAt, ...params }: { minutes?: number; count?: number; revokedAt?: string },
  more: Partial<Watching> = {},
): Promise<Watched> {
  const seen: WatchedSignIn[] = [];
  const users = ids.map(text => ({ user: { text }, ...(revokedAt && { revokedAt }) }));
  const result = await watchSignIns(
    { users, ...params },
    { ...reading, ...more, onSeen: signIns => seen.push(...signIns) },
  );
  return { ...result, seen };
}

test('nobody comes: silent, and the advice says that the log is late', async () => {
  const s = await stage();
  const { id } = person(s.tenant);
  s.tenant.addSignIn({ userId: id });
  await s.clock.sleep(minuteMs);
  s.tenant.revokeElsewhere(id);
  const { verdicts, seen, warnings } = await watch(s, [id], { minutes: 10 });
  expect(seen).toEqual([]);
  expect(warnings).toEqual([]);
  expect(verdicts).toMatchObject([
    { userId: id, verdict: 'Silent', signIns: 0, failures: 0, revokedAt: '2026-11-23T10:01:00.000Z' },
  ]);
  expect(verdicts[0]?.advice).toContain('2 h');
  expect(s.clock.now()).toBe(Date.parse('2026-11-23T10:11:00Z'));
});

test('somebody comes back: told with what is new about it, and the watch ends at the count', async () => {
  const s = await stage();
  const { id } = person(s.tenant);
  const { apps } = s.tenant.sessions;
  const mine = s.tenant.sessions.open({ user: id, app: apps.teams, usedUntil: s.clock.now() });
  await s.clock.sleep(minuteMs);
  s.tenant.revokeElsewhere(id);
  s.plan([
    6,
    () => {
      s.tenant.sessions.tryToSignIn({ user: id, app: apps.imap });
      s.tenant.sessions.signInAgain(mine, { multiFactor: true, usedUntil: s.clock.now() });
    },
  ]);
  const { verdicts, seen } = await watch(s, [id], { count: 2, minutes: 60 });
  expect(new Set(seen.map(one => one.meaning))).toEqual(new Set(['CameBack', 'Tried']));
  expect(seen.find(one => one.meaning === 'Tried')).toMatchObject({
    succeeded: false,
    legacyProtocol: true,
    newSession: true,
  });
  expect(seen.find(one => one.meaning === 'Tried')?.failure).toContain('50126');
  expect(seen.find(one => one.meaning === 'CameBack')).toMatchObject({
    succeeded: true,
    legacyProtocol: false,
    multiFactor: true,
    newSession: true,
    sameIpAddress: true,
    sameCountry: true,
    sameDevice: true,
  });
  expect(verdicts).toMatchObject([{ verdict: 'CameBack' }]);
  expect(verdicts[0]?.advice).toContain('disable the account');
  expect(s.clock.now()).toBeLessThan(Date.parse('2026-11-23T10:10:00Z'));
});

test('an old session in the minutes that enforcement takes is told as that, afterwards it came back', async () => {
  const s = await stage();
  const { id } = person(s.tenant);
  const sessionId = 'aaaaaaaa-0000-4000-8000-000000000000';
  s.tenant.addSignIn({ userId: id, sessionId });
  await s.clock.sleep(minuteMs);
  s.tenant.revokeElsewhere(id);
  const use = () => void s.tenant.addSignIn({ userId: id, sessionId, isInteractive: false });
  s.plan([4, use], [9, use]);
  const { verdicts, seen } = await watch(s, [id], { minutes: 12 });
  expect(seen.map(({ meaning, newSession }) => [meaning, newSession])).toEqual([
    ['Enforcing', false],
    ['CameBack', false],
  ]);
  expect(verdicts).toMatchObject([{ verdict: 'CameBack', signIns: 1 }]);
});

test('a person who signs in within those minutes came back, whatever the session', async () => {
  const s = await stage();
  const { id } = person(s.tenant);
  const sessionId = 'aaaaaaaa-0000-4000-8000-000000000000';
  s.tenant.addSignIn({ userId: id, sessionId });
  await s.clock.sleep(minuteMs);
  s.tenant.revokeElsewhere(id);
  s.plan([3, () => void s.tenant.addSignIn({ userId: id, sessionId, isInteractive: true })]);
  const { seen } = await watch(s, [id], { minutes: 5 });
  expect(seen.map(one => one.meaning)).toEqual(['CameBack']);
});

test('what happened before and shows late is told as late, and twice is once', async () => {
  const s = await stage({ signIns: { duplicates: 1 } });
  const { id } = person(s.tenant);
  s.tenant.addSignIn({ userId: id }, { lateMs: 90 * minuteMs });
  s.tenant.addSignIn(
    { userId: id, status: { errorCode: 50126, failureReason: 'Wrong.', additionalDetails: null } },
    { lateMs: 40 * minuteMs },
  );
  await s.clock.sleep(5 * minuteMs);
  s.tenant.revokeElsewhere(id);
  const { verdicts, seen } = await watch(s, [id], { minutes: 120 });
  expect(seen.map(one => [one.meaning, one.succeeded])).toEqual([
    ['Late', false],
    ['Late', true],
  ]);
  expect(verdicts).toMatchObject([{ verdict: 'Silent', signIns: 0, failures: 0 }]);
});

test('somebody who is revoked only while the watch is on is measured by that', async () => {
  const s = await stage();
  const { id } = person(s.tenant);
  s.plan(
    [10, () => void s.tenant.addSignIn({ userId: id }, { lateMs: 20 * minuteMs })],
    [12, () => s.tenant.revokeElsewhere(id)],
  );
  const { verdicts, seen } = await watch(s, [id], { minutes: 60 });
  expect(seen.map(one => one.meaning)).toEqual(['Late']);
  expect(verdicts).toMatchObject([
    { verdict: 'Silent', revokedAt: expect.stringMatching(/^2026-11-23T10:1[23]/) },
  ]);
});

test('where the tenant does not show the revocation, what the host knows counts, and nothing is compared with nothing', async () => {
  const permissions = readingPermissions.filter(
    name => name !== 'User.Read.All' && name !== 'GroupMember.Read.All',
  );
  const s = await stage({ as: { permissions } });
  const { id } = person(s.tenant);
  await s.clock.sleep(minuteMs);
  s.tenant.addSignIn({ userId: id });
  await s.clock.sleep(minuteMs);
  const revokedAt = '2026-11-23T10:00:30Z';
  const { verdicts, seen } = await watch(s, [id], { minutes: 1, revokedAt });
  expect(verdicts).toMatchObject([{ verdict: 'CameBack', revokedAt: '2026-11-23T10:00:30.000Z' }]);
  expect(seen).toMatchObject([
    { sameIpAddress: null, sameCountry: null, sameDevice: null, newSession: true },
  ]);
});

test('it goes on without an end until it is stopped, and then gives its verdicts at once', async () => {
  const s = await stage();
  const { id } = person(s.tenant);
  s.tenant.revokeElsewhere(id);
  const stopping = new AbortController();
  s.plan([200, () => stopping.abort()]);
  const { verdicts } = await watch(s, [id], {}, { signal: stopping.signal });
  expect(verdicts).toMatchObject([{ verdict: 'Silent' }]);
  expect(s.clock.now()).toBeGreaterThanOrEqual(Date.parse('2026-11-23T13:20:00Z'));
  expect(s.clock.now()).toBeLessThan(Date.parse('2026-11-23T13:22:00Z'));
});

test('two hundred users for an hour stay within five requests in ten seconds', async () => {
  const s = await stage();
  const ids = s.tenant.users.slice(0, 200).map(user => user.id);
  for (const id of ids) s.tenant.addSignIn({ userId: id });
  const { verdicts } = await watch(s, ids, { minutes: 60 });
  expect(verdicts).toHaveLength(200);
  expect(s.putOff()).toBe(0);
  const looks = s.asked().filter(path => path.includes('/auditLogs/signIns')).length;
  expect(looks).toBeGreaterThan(14 * 30);
});

describe('what can not be watched', () => {
  test.each([
    ['no licence', { signIns: { premium: false } }, 'Entra ID P1 or P2'],
    [
      'no permission',
      { as: { permissions: readingPermissions.filter(p => p !== 'AuditLog.Read.All') } },
      'AuditLog.Read.All',
    ],
  ] as [string, SimulatedReadingOptions, string][])('%s', async (_, options, why) => {
    const s = await stage(options);
    const { verdicts, warnings } = await watch(s, [person(s.tenant).id], { minutes: 60 });
    expect(verdicts).toMatchObject([{ verdict: 'NotWatched', advice: expect.stringContaining(why) }]);
    expect(warnings.join()).toContain(why);
    expect(s.clock.now()).toBeLessThan(Date.parse('2026-11-23T10:01:00Z'));
  });

  test('nobody of that name, among others', async () => {
    const s = await stage();
    const { verdicts } = await watch(s, [person(s.tenant).id, s.tenant.deletedUsers[0]!.id], { minutes: 1 });
    expect(verdicts).toMatchObject([{ verdict: 'Silent' }, { verdict: 'NotWatched', userId: null }]);
  });

  test('a log that fails for a while is read later, and nothing is lost', async () => {
    let broken = false;
    const s = await stage({
      intercept: (url, init, next) =>
        broken && url.includes('signIns')
          ? Promise.resolve(new Response('', { status: 500, headers: { 'request-id': 'x' } }))
          : next(url, init),
    });
    const { id } = person(s.tenant);
    s.tenant.revokeElsewhere(id);
    const turn = (to: boolean) => () => {
      broken = to;
      if (to) s.tenant.addSignIn({ userId: id });
    };
    s.plan([3, turn(true)], [30, turn(false)]);
    const { verdicts, warnings } = await watch(s, [id], { minutes: 60 });
    expect(verdicts).toMatchObject([{ verdict: 'CameBack', signIns: 1 }]);
    expect(warnings.join()).toContain('It is tried again.');
  });
});

const visit = fc.record({
  /** Minutes after the revocation; before it where negative. */
  at: fc.integer({ min: -200, max: 60 }),
  second: fc.integer({ min: 1, max: 58 }),
  lateMinutes: fc.integer({ min: 0, max: 119 }),
  user: fc.integer({ min: 0, max: 5 }),
  succeeds: fc.boolean(),
  interactive: fc.boolean(),
});

test('a returning attacker is always found, and what came late is never called one', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(visit, { maxLength: 12 }),
      fc.integer({ min: 0, max: 90 }),
      async (visits, begun) => {
        const s = await stage({ signIns: { duplicates: 0.3 }, users: 100 });
        const ids = Array.from({ length: 6 }, (_, index) => person(s.tenant, index).id);
        const revokedAt = s.clock.now();
        for (const id of ids) s.tenant.revokeElsewhere(id);
        for (const one of visits)
          s.tenant.addSignIn(
            {
              userId: ids[one.user]!,
              createdDateTime: new Date(revokedAt + one.at * minuteMs + one.second * 1000).toISOString(),
              isInteractive: one.interactive,
              status: { errorCode: one.succeeds ? 0 : 50126, failureReason: null, additionalDetails: null },
            },
            { lateMs: one.lateMinutes * minuteMs },
          );
        await s.clock.sleep(begun * minuteMs);
        const { verdicts, seen } = await watch(s, ids, { minutes: 185 });
        const after = visits.filter(one => one.at >= 0);
        const came = (user: number, succeeds: boolean) =>
          after.filter(one => one.user === user && one.succeeds === succeeds).length;
        for (const [user, verdict] of verdicts.entries()) {
          const [back, failed] = [came(user, true), came(user, false)];
          expect(verdict).toMatchObject({ signIns: back, failures: failed });
          expect(verdict.verdict).toBe(back > 0 ? 'CameBack' : failed > 0 ? 'Tried' : 'Silent');
        }
        expect(new Set(seen.map(one => one.id)).size).toBe(seen.length);
        for (const one of seen) expect(one.meaning === 'Late', one.at).toBe(Date.parse(one.at) <= revokedAt);
      },
    ),
    { numRuns: 25, seed: 20261123, endOnFailure: true },
  );
});
