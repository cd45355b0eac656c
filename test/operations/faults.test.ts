import { expect, test } from 'vitest';
import type { RevocationResult } from '../../src/protocol/row.ts';
import type { SimulatedTenant } from '../../src/simulator/simulated-tenant.ts';
import { everyFault } from '../support/every-fault.ts';
import { simulatedRun } from '../support/simulated-run.ts';

/** What has to hold whatever went wrong: compared with what the tenant itself says was done. */
function expectHonest(rows: RevocationResult[], tenant: SimulatedTenant): void {
  const done = new Map<string, number>();
  for (const { userId, effective } of tenant.record)
    if (effective) done.set(userId, (done.get(userId) ?? 0) + 1);
  for (const row of rows) {
    const times = done.get(row.userId ?? '') ?? 0;
    if (row.outcome === 'Revoked') expect(times, `${row.reference} is said to be revoked`).toBeGreaterThan(0);
    if (row.outcome === 'NotFound' || row.outcome === 'Cancelled') expect(times).toBe(0);
    // A repetition is allowed only where an answer was lost and the tenant did not show the first call.
    if (times > 1) expect(row.attempts, `${row.reference} was revoked ${times} times`).toBeGreaterThan(1);
  }
}

test.each([1, 2, 3])(
  'seed %i: 2,000 users with faults of every kind at five percent have one row each and no false Revoked',
  async seed => {
    const { run, tenant, clock } = await simulatedRun({
      seed,
      users: 2000,
      latencyMs: 80,
      replicas: { count: 3, lagMs: 1500 },
      faults: everyFault(0.05),
    });
    const start = clock.now();
    const rows = await Promise.all(tenant.users.map(u => run.revoke({ text: u.id })));
    const summary = await run.end();

    expect(rows).toHaveLength(2000);
    expect(new Set(rows.map(r => r.reference)).size).toBe(2000);
    expectHonest(rows, tenant);
    const count = (outcome: string) => rows.filter(r => r.outcome === outcome).length;
    const external = tenant.users.filter(u => u.userPrincipalName.includes('#EXT#')).length;
    expect(count('NoEffect') + count('Unverified')).toBeGreaterThanOrEqual(external);
    expect(count('Revoked')).toBeGreaterThan(0.97 * (2000 - external));
    expect(count('Failed') + count('Unknown')).toBeLessThan(10);
    expect(summary.users).toBe(2000);
    expect(clock.now() - start).toBeLessThan(10 * 60_000);
    const twice = tenant.record.length - new Set(tenant.record.map(r => r.userId)).size;
    expect(twice).toBeLessThan(20);
  },
);

test('the same by user principal name, which has to be looked up first', async () => {
  const { run, tenant } = await simulatedRun({ users: 500, latencyMs: 80, faults: everyFault(0.05) });
  const rows = await Promise.all(tenant.users.map(u => run.revoke({ text: u.userPrincipalName })));
  expectHonest(rows, tenant);
  expect(rows.filter(r => r.outcome === 'Revoked').length).toBeGreaterThan(0.9 * 500 * 0.8);
  expect(rows.filter(r => r.outcome === 'NotFound')).toEqual([]);
});

test('a tenant that is not there: nobody is sent, everybody is told, within a minute', async () => {
  const { run, tenant, clock } = await simulatedRun({ faults: { reset: 1 } });
  const start = clock.now();
  const rows = await Promise.all(tenant.users.slice(0, 50).map(u => run.revoke({ text: u.id })));
  expect(new Set(rows.map(r => r.outcome))).toEqual(new Set(['Unknown']));
  expect(tenant.record).toEqual([]);
  expect(clock.now() - start).toBeLessThan(120_000);
});

test('a tenant that falls silent after it took the call: Unknown, within two minutes, and sent once', async () => {
  const { run, tenant, clock } = await simulatedRun({ faults: { lostAnswer: 1 }, unreachableAfter: 1 });
  const start = clock.now();
  const row = await run.revoke({ text: tenant.users[0]?.id ?? '' });
  expect(row).toMatchObject({ outcome: 'Unknown', attempts: 1 });
  expect(tenant.record).toHaveLength(1);
  expect(clock.now() - start).toBeLessThan(120_000);
});

test('a captive portal that answers HTML with 200 revokes nobody and is named', async () => {
  const { run, tenant } = await simulatedRun({ faults: { html: 1 } });
  const row = await run.revoke({ text: tenant.users[0]?.id ?? '' });
  expect(row).toMatchObject({ outcome: 'Unknown', detail: expect.stringContaining('HTML') });
});

test('an answer that is always lost after the call was carried out is proven from the tenant, and not repeated', async () => {
  const { run, tenant } = await simulatedRun();
  const users = tenant.users
    .filter(u => u.userType === 'Member' && !u.userPrincipalName.includes('#EXT#'))
    .slice(0, 5);
  tenant.setFaults({ lostAnswer: 1 });
  const rows = Promise.all(users.map(u => run.revoke({ text: u.id })));
  while (tenant.record.length < 5) await new Promise(resolve => setImmediate(resolve));
  tenant.setFaults({});
  expect((await rows).map(r => [r.outcome, r.attempts])).toEqual(users.map(() => ['Revoked', 1]));
  expect(tenant.record).toHaveLength(5);
});

test('a run that begins when another one has used up the quota goes on at the pace of the quota, and fails for nobody', async () => {
  const first = await simulatedRun({ users: 4000, latencyMs: 80 });
  const people = first.tenant.users.filter(u => !u.userPrincipalName.includes('#EXT#'));
  await Promise.all(people.slice(0, 3100).map(u => first.run.revoke({ text: u.id })));
  await first.run.end();
  const next = await simulatedRun({ in: first });
  const start = next.clock.now();
  const rows = await Promise.all(people.slice(3100, 3600).map(u => next.run.revoke({ text: u.id })));
  await next.run.end();
  expect(new Set(rows.map(r => r.outcome))).toEqual(new Set(['Revoked']));
  // 500 at 20 a second, and what the first refusals cost.
  expect(next.clock.now() - start).toBeLessThan(50_000);
});
