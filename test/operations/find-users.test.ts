import { expect, test } from 'vitest';
import type { SimulatedTenant } from '../../src/simulator/simulated-tenant.ts';
import { simulatedRun } from '../support/simulated-run.ts';

const idsOf = (found: { references: { properties: Record<string, string | null> }[] }) =>
  found.references.map(r => r.properties['id']).sort();
const usersWhere = (tenant: SimulatedTenant, fits: (u: SimulatedTenant['users'][number]) => boolean) =>
  tenant.users
    .filter(fits)
    .map(u => u.id)
    .sort();

test('a filter finds exactly whom Graph finds, with values that need encoding', async () => {
  const { run, tenant } = await simulatedRun({ users: 1500 });
  const found = await run.find({ kind: 'filter', filter: "department eq 'R&D #1' or department eq 'Sales'" });
  expect(idsOf(found)).toEqual(
    usersWhere(tenant, u => u.department === 'Sales' || u.department === 'R&D #1'),
  );
});

test('a filter that needs the advanced index gets it, on every page', async () => {
  const { run, tenant } = await simulatedRun({ users: 2500 });
  const found = await run.find({ kind: 'filter', filter: "endsWith(userPrincipalName,'contoso.example')" });
  expect(idsOf(found)).toEqual(usersWhere(tenant, u => u.userPrincipalName.endsWith('contoso.example')));
  expect(found.users).toBeGreaterThan(999);
});

test.each(['', '   ', '\t'])('a blank filter (%j) is refused: it would mean everybody', async filter => {
  const { run, tenant } = await simulatedRun();
  await expect(run.find({ kind: 'filter', filter })).rejects.toThrow('everybody');
  expect(tenant.requests).toEqual([]);
});

test("a wrong filter shows Graph's own words", async () => {
  const { run } = await simulatedRun();
  await expect(run.find({ kind: 'filter', filter: 'departmnt eq 1' })).rejects.toThrow(
    /Graph does not give these users: 400 /,
  );
});

test('all users are all users, over many pages, empty ones too', async () => {
  const { run, tenant } = await simulatedRun({ users: 3500, emptyPages: true });
  expect(idsOf(await run.find({ kind: 'allUsers' }))).toEqual(usersWhere(tenant, () => true));
});

test('a list that is disturbed by faults is whole or refused, never half', async () => {
  let whole = 0;
  for (let seed = 1; seed <= 10; seed++) {
    const { run, tenant } = await simulatedRun({
      seed,
      users: 3500,
      faults: { throttle: 0.1, serverError: 0.1, reset: 0.1, truncated: 0.05, html: 0.05 },
    });
    const found = await run.find({ kind: 'allUsers' }).catch(() => null);
    if (!found) continue;
    whole += 1;
    expect(idsOf(found)).toEqual(usersWhere(tenant, () => true));
  }
  expect(whole).toBeGreaterThan(3);
});

test.each([
  ['by name', (t: SimulatedTenant) => t.groups.find(g => g.displayName === 'Project Falcon')?.displayName],
  ['by name in another case', () => 'PROJECT FALCON'],
  ['by id', (t: SimulatedTenant) => t.groups.find(g => g.displayName === 'Project Falcon')?.id],
])('a group is found %s, with all its members of every kind', async (_, name) => {
  const { run, tenant } = await simulatedRun();
  const found = await run.find({ kind: 'group', group: name(tenant) ?? '' });
  const types = new Set(found.references.map(r => r.properties['@odata.type']));
  expect(types).toContain('#microsoft.graph.device');
  expect(types).toContain('#microsoft.graph.group');
  expect(found.users).toBe(
    found.references.filter(r => r.properties['@odata.type'] === '#microsoft.graph.user').length,
  );
});

test('transitive goes through nested groups and leaves the groups themselves out', async () => {
  const { run } = await simulatedRun();
  const direct = await run.find({ kind: 'group', group: 'Project Falcon' });
  const all = await run.find({ kind: 'group', group: 'Project Falcon', transitive: true });
  expect(all.users).toBeGreaterThan(direct.users);
  expect(all.references.map(r => r.properties['@odata.type'])).not.toContain('#microsoft.graph.group');
});

test.each([
  ['a name nobody has', 'No Such Group', 'There is no group'],
  ['a name two groups have', 'Sales Team', 'object id of the one you mean'],
  ['a blank name', ' ', 'blank'],
  ['a group with hidden members', 'Wellbeing Circle', 'Member.Read.Hidden'],
])('%s is refused with what to do', async (_, group, sentence) => {
  const { run, tenant } = await simulatedRun();
  await expect(run.find({ kind: 'group', group })).rejects.toThrow(sentence);
  expect(tenant.record).toEqual([]);
});

test('a name with &, #, % and an apostrophe reaches its group', async () => {
  const { run } = await simulatedRun();
  const found = await run.find({ kind: 'group', group: "R&D #1, 100% O'Hare" });
  expect(found.references.length).toBeGreaterThan(0);
});

test('an empty group is empty', async () => {
  const { run } = await simulatedRun();
  expect(await run.find({ kind: 'group', group: 'Nobody Here' })).toEqual({ references: [], users: 0 });
});
