import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { UserReference } from '../../src/protocol/reference.ts';
import type { RevocationResult } from '../../src/protocol/row.ts';
import type { SimulatedTenant } from '../../src/simulator/simulated-tenant.ts';
import { simulatedRun } from '../support/simulated-run.ts';

const groups = ['Project Falcon', 'Contractors', 'Leavers', 'Break Glass', 'Students'];

const scenario = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  users: fc.integer({ min: 90, max: 400 }),
  persona: fc.constantFrom('app', 'userAdministrator', 'helpdeskAdministrator', 'globalAdministrator'),
  source: fc.oneof(
    fc.record({
      kind: fc.constant('filter' as const),
      filter: fc.constantFrom(
        "department eq 'Sales'",
        'accountEnabled eq false',
        "startsWith(displayName,'A')",
      ),
    }),
    fc.record({
      kind: fc.constant('group' as const),
      group: fc.constantFrom(...groups),
      transitive: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('named' as const),
      every: fc.integer({ min: 1, max: 7 }),
      byName: fc.boolean(),
    }),
  ),
  excludeGroups: fc.subarray(groups, { maxLength: 2 }),
  includeSelf: fc.boolean(),
  fault: fc.constantFrom(0, 0.02, 0.1),
  lagMs: fc.constantFrom(0, 800, 4000),
});

type Source =
  typeof scenario extends fc.Arbitrary<infer S> ? (S extends { source: infer T } ? T : never) : never;

async function references(
  run: Awaited<ReturnType<typeof simulatedRun>>['run'],
  tenant: SimulatedTenant,
  source: Source,
): Promise<UserReference[]> {
  if (source.kind !== 'named') return (await run.find(source)).references;
  const chosen = tenant.users.filter((_, index) => index % source.every === 0);
  return chosen.map(u => ({ text: source.byName ? u.userPrincipalName : u.id }));
}

function membersOf(tenant: SimulatedTenant, name: string): Set<string> {
  const byId = new Map(tenant.groups.map(g => [g.id, g]));
  const found = new Set<string>();
  const visit = (id: string): void => {
    if (found.has(id)) return;
    found.add(id);
    for (const member of byId.get(id)?.memberIds ?? []) visit(member);
  };
  for (const group of tenant.groups) if (group.displayName === name) visit(group.id);
  return found;
}

test('for random tenants, sources, exclusions and faults the rows are what the tenant itself says, and nobody excluded is revoked', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async s => {
      const f = s.fault;
      const { run, tenant } = await simulatedRun({
        seed: s.seed,
        users: s.users,
        persona: s.persona,
        latencyMs: 50,
        replicas: { count: 2, lagMs: s.lagMs },
        run: { excludeGroups: s.excludeGroups, includeSelf: s.includeSelf },
      });
      const wanted = await references(run, tenant, s.source);
      tenant.setFaults({
        throttle: f,
        serverError: f,
        gatewayTimeout: f,
        reset: f,
        lostAnswer: f,
        truncated: f,
        missingItem: f,
        html: f,
      });
      const rows: RevocationResult[] = [];
      const work = wanted.map(async reference => void rows.push(await run.revoke(reference)));
      const summary = await run.end();
      await Promise.all(work);

      const done = new Set(tenant.record.filter(r => r.effective).map(r => r.userId));
      const excluded = s.excludeGroups.flatMap(name => [...membersOf(tenant, name)]);
      for (const id of excluded) expect(done.has(id), `${id} is excluded`).toBe(false);
      expect(rows).toHaveLength(wanted.length);
      expect(summary.users).toBe(wanted.length);
      for (const row of rows) {
        const isDone = done.has(row.userId ?? '');
        if (row.outcome === 'Revoked') expect(isDone, `${row.reference}: ${row.detail}`).toBe(true);
        if (
          ['Excluded', 'NotAUser', 'NotFound', 'Denied', 'Cancelled', 'InvalidReference'].includes(
            row.outcome,
          )
        ) {
          expect(isDone, `${row.reference}: ${row.outcome}`).toBe(false);
        }
      }
      // Whoever was revoked has a row that does not deny it.
      const told = new Map(rows.map(r => [r.userId, r.outcome]));
      for (const id of done) expect(['Revoked', 'Unverified', 'Unknown', 'Failed']).toContain(told.get(id));
    }),
    { numRuns: 200, seed: 20261123, endOnFailure: true },
  );
});
