import { expect, test } from 'vitest';
import type { SimulatedTenant, SimulatedUser } from '../../src/simulator/simulated-tenant.ts';
import { simulatedRun } from '../support/simulated-run.ts';

const local = (u: SimulatedUser) => !u.userPrincipalName.includes('#EXT#');
const groupNamed = (tenant: SimulatedTenant, name: string) => {
  const group = tenant.groups.find(g => g.displayName === name);
  if (!group) throw new Error(`no group ${name}`);
  return group;
};

test('the signed-in account is left alone, and says so at the end', async () => {
  const { run, tenant } = await simulatedRun({ persona: 'globalAdministrator' });
  const self = tenant.persona('globalAdministrator');
  const other = tenant.users.find(u => local(u) && u.roles.length === 0 && u.id !== self.id);
  const rows = Promise.all(
    [self.id, self.userPrincipalName, other?.id ?? ''].map(text => run.revoke({ text })),
  );
  await run.end();
  expect((await rows).map(r => [r.outcome, r.severity])).toEqual([
    ['Excluded', 'none'],
    ['Excluded', 'none'],
    ['Revoked', 'none'],
  ]);
  expect(tenant.record.map(r => r.userId)).toEqual([other?.id]);
});

test('who names only oneself is told about -Me', async () => {
  const { run, tenant } = await simulatedRun({ persona: 'globalAdministrator' });
  const row = run.revoke({ text: tenant.persona('globalAdministrator').id });
  await run.end();
  expect(await row).toMatchObject({
    outcome: 'Excluded',
    severity: 'warning',
    detail: expect.stringContaining('-Me'),
  });
});

test('with includeSelf the own account goes last, after everybody else is proven', async () => {
  const { run, tenant } = await simulatedRun({
    persona: 'globalAdministrator',
    run: { includeSelf: true },
    latencyMs: 80,
    replicas: { count: 2, lagMs: 2000 },
  });
  const self = tenant.persona('globalAdministrator');
  const others = tenant.users.filter(u => local(u) && u.id !== self.id).slice(0, 60);
  const rows = Promise.all([self, ...others].map(u => run.revoke({ text: u.id })));
  const summary = await run.end();
  expect((await rows).slice(1).map(r => r.outcome)).toEqual(others.map(() => 'Revoked'));
  expect(tenant.record.at(-1)?.userId).toBe(self.id);
  // The own token may end with it; what is not proven must not be called proven, and nothing else may suffer.
  expect(['Revoked', 'Unverified']).toContain((await rows)[0]?.outcome);
  expect(summary.stopped).toBeUndefined();
});

test('the proof of the own revocation is not waited for when the own token ends with it', async () => {
  const { run, tenant, clock } = await simulatedRun({
    persona: 'userAdministrator',
    run: { includeSelf: true },
    lendOnce: true,
  });
  const start = clock.now();
  const row = run.revoke({ text: tenant.persona('userAdministrator').id });
  await run.end();
  expect(await row).toMatchObject({
    outcome: 'Unverified',
    detail: expect.stringContaining('your own account'),
  });
  expect(clock.now() - start).toBeLessThan(5000);
});

test('-Me finds the signed-in person, and an app is told that there is none', async () => {
  const { run, tenant } = await simulatedRun({ persona: 'userAdministrator', run: { includeSelf: true } });
  const found = await run.find({ kind: 'me' });
  expect(found.references[0]?.properties['id']).toBe(tenant.persona('userAdministrator').id);
  const app = await simulatedRun({ persona: 'app' });
  await expect(app.run.find({ kind: 'me' })).rejects.toThrow('not signed in as a person');
});

test('an excluded group protects its members through nested groups, whoever names them', async () => {
  const excluded = 'Project Falcon';
  const { run, tenant } = await simulatedRun({ run: { excludeGroups: [excluded] } });
  const protectedIds = new Set(
    (await run.find({ kind: 'group', group: excluded, transitive: true })).references.map(
      r => r.properties['id'],
    ),
  );
  const rows = await Promise.all(tenant.users.filter(local).map(u => run.revoke({ text: u.id })));
  const left = rows.filter(r => r.outcome === 'Excluded');
  expect(left.length).toBeGreaterThan(3);
  expect(left.every(r => protectedIds.has(r.userId) && r.detail?.includes(excluded))).toBe(true);
  expect(tenant.record.some(r => protectedIds.has(r.userId))).toBe(false);
});

test('the exclusion group of the machine binds every run', async () => {
  const { run, tenant } = await simulatedRun({
    env: { USERSESSION_EXCLUDE_GROUP: ' Break Glass ; Leavers' },
  });
  const glass = groupNamed(tenant, 'Break Glass').memberIds.filter(id => tenant.users.some(u => u.id === id));
  expect(glass.length).toBeGreaterThan(0);
  const rows = await Promise.all(glass.map(text => run.revoke({ text })));
  expect(rows.map(r => r.outcome)).toEqual(glass.map(() => 'Excluded'));
  expect(tenant.record).toEqual([]);
});

test.each([
  ['a group that does not exist', { excludeGroups: ['Brake Glass'] }, 'no group "Brake Glass"'],
  ['a name that two groups have', { excludeGroups: ['Sales Team'] }, '2 groups are called'],
  ['a group whose members are hidden', { excludeGroups: ['Wellbeing Circle'] }, 'Member.Read.Hidden'],
  ['a user who does not exist', { excludeUsers: [{ text: 'typo@contoso.example' }] }, 'typo@contoso.example'],
])(
  'an exclusion that can not be read stops the run before the first write: %s',
  async (_, options, sentence) => {
    const tenants: SimulatedTenant[] = [];
    await expect(simulatedRun({ run: options, onTenant: t => tenants.push(t) })).rejects.toThrow(sentence);
    expect(tenants[0]?.record).toEqual([]);
  },
);

test('without the right to read users an exclusion can not be kept, so nobody is sent by name', async () => {
  const { run, tenant } = await simulatedRun({
    persona: { permissions: ['User.RevokeSessions.All', 'GroupMember.Read.All'], appOnly: true },
    run: { excludeGroups: ['Break Glass'] },
  });
  const row = await run.revoke({ text: tenant.users.find(local)?.userPrincipalName ?? '' });
  expect(row).toMatchObject({ outcome: 'Failed', detail: expect.stringContaining('User.Read.All') });
  expect(tenant.record).toEqual([]);
});

test('a source with more users than allowed sends nothing', async () => {
  const questions: string[] = [];
  const { run, tenant } = await simulatedRun({
    run: { maxUsers: 10 },
    confirm: async question => {
      questions.push(question);
      return false;
    },
  });
  const department = tenant.users.filter(u => u.department === 'Sales');
  await expect(run.find({ kind: 'filter', filter: "department eq 'Sales'" })).rejects.toThrow(
    'More than 10 users',
  );
  expect(questions).toEqual([
    expect.stringMatching(new RegExp(`^${department.length} users of simulated tenant ${tenant.tenantId}`)),
  ]);
  expect(tenant.record).toEqual([]);
});

test('exactly 100 objects from Graph raise the question whether -All was forgotten', async () => {
  const warnings: string[] = [];
  const { run, tenant } = await simulatedRun({ onWarning: w => warnings.push(w) });
  const type = 'Microsoft.Graph.PowerShell.Models.MicrosoftGraphUser';
  const rows = tenant.users.slice(0, 100).map(u => run.revoke({ properties: { Id: u.id }, type }));
  await Promise.all(rows);
  await run.end();
  expect(warnings).toEqual([expect.stringContaining('-All')]);
});
