import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Replicas } from '../../src/simulator/replicas.ts';
import { SimulatedTenant } from '../../src/simulator/simulated-tenant.ts';
import { ordinary, stage } from './stage.ts';

test('a revocation is invisible until the delay is over', async () => {
  const { tenant, clock, send } = await stage({ stampDelayMs: 4000 });
  const user = ordinary(tenant);
  const before = user.signInSessionsValidFromDateTime;
  const seen = async (): Promise<unknown> =>
    (await send(`/users/${user.id}?$select=signInSessionsValidFromDateTime`)).body[
      'signInSessionsValidFromDateTime'
    ];
  await send(`/users/${user.id}/revokeSignInSessions`, { method: 'POST' });
  expect(await seen()).toBe(before);
  clock.now += 3999;
  expect(await seen()).toBe(before);
  clock.now += 1;
  expect(await seen()).toBe('2026-11-23T10:00:00Z');
  expect(user.signInSessionsValidFromDateTime).toBe('2026-11-23T10:00:00Z');
});

test('replicas disagree until the slowest has heard of it, and take turns', async () => {
  const { tenant, clock, send } = await stage({ replicas: { count: 3, lagMs: 2000 } });
  const user = ordinary(tenant);
  const before = user.signInSessionsValidFromDateTime;
  const after = '2026-11-23T10:00:00Z';
  const round = async (): Promise<unknown[]> => {
    const seen: unknown[] = [];
    for (let i = 0; i < 3; i++) {
      seen.push(
        (await send(`/users?$filter=id eq '${user.id}'&$select=signInSessionsValidFromDateTime`)).body
          .value?.[0]?.['signInSessionsValidFromDateTime'],
      );
    }
    return seen;
  };
  await send(`/users/${user.id}/revokeSignInSessions`, { method: 'POST' });
  expect(await round()).toEqual([after, before, before]);
  clock.now += 1000;
  expect(await round()).toEqual([after, after, before]);
  clock.now += 1000;
  expect(await round()).toEqual([after, after, after]);
});

test('a reader of one replica never sees time go backwards, and the truth in the end', () => {
  const step = fc.record({ wait: fc.integer({ min: 0, max: 4000 }), write: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), (steps, count) => {
      let now = 1_000_000_000;
      const user = { ...new SimulatedTenant({ users: 1, now: () => now }).users[0]! };
      const replicas = new Replicas({ count, lagMs: 3000 }, 500);
      const last = Array.from({ length: count }, () => '');
      for (const { wait, write } of steps) {
        now += wait;
        if (write) replicas.write(user, new Date(now).toISOString(), now);
        for (let replica = 0; replica < count; replica++) {
          const seen = replicas.read(user, replica, now);
          expect(seen >= last[replica]!).toBe(true);
          last[replica] = seen;
        }
      }
      for (let replica = 0; replica < count; replica++) {
        expect(replicas.read(user, replica, now + 3500)).toBe(user.signInSessionsValidFromDateTime);
      }
    }),
    { numRuns: 30 },
  );
});
