import { expect, test } from 'vitest';
import { type Intent, noJournal } from '../../src/journal/journal.ts';
import type { RevocationResult } from '../../src/protocol/row.ts';
import type { SimulatedTenant, SimulatedUser } from '../../src/simulator/simulated-tenant.ts';
import { simulatedRun } from '../support/simulated-run.ts';

const local = (u: SimulatedUser) => !u.userPrincipalName.includes('#EXT#');
const plain = (tenant: SimulatedTenant) => {
  const user = tenant.users.find(
    u => local(u) && u.accountEnabled && u.userType === 'Member' && u.roles.length === 0,
  );
  if (!user) throw new Error('the simulated tenant has no plain user');
  return user;
};
const writes = (tenant: SimulatedTenant) =>
  tenant.requests.filter(r => r.method === 'POST' && r.path.includes('revoke'));

test('a revoked user comes with the proof, the time of the server and an estimate for access tokens', async () => {
  const { run, tenant, clock } = await simulatedRun();
  const user = plain(tenant);
  const before = clock.now();
  const row = await run.revoke({ text: user.id });
  expect(row).toMatchObject({
    outcome: 'Revoked',
    userId: user.id,
    displayName: user.displayName,
    severity: 'none',
  });
  const revokedAt = Date.parse(row.revokedAt ?? '');
  expect(revokedAt).toBeGreaterThanOrEqual(before - 1000);
  expect(Date.parse(row.sessionsValidFrom ?? '')).toBeGreaterThanOrEqual(before - 6000);
  expect(Date.parse(row.accessTokensExpireBy ?? '') - revokedAt).toBe(2 * 3_600_000);
  expect(row.requestId).toMatch(/^[0-9a-f-]{36}$/);
});

test.each([-3_600_000, 3_600_000])(
  'a local clock that is wrong by %i ms changes no outcome',
  async clockSkewMs => {
    const { run, tenant } = await simulatedRun({ clockSkewMs });
    const rows = await Promise.all(tenant.users.slice(0, 60).map(u => run.revoke({ text: u.id })));
    const expected = tenant.users.slice(0, 60).map(u => (local(u) ? 'Revoked' : 'NoEffect'));
    expect(rows.map(r => r.outcome)).toEqual(expected);
  },
);

test('an old stamp is no proof: what does not show in time is Unverified', async () => {
  const { run, tenant, clock } = await simulatedRun({ stampDelayMs: 60_000 });
  const start = clock.now();
  const row = await run.revoke({ text: plain(tenant).id });
  expect(row).toMatchObject({ outcome: 'Unverified', severity: 'warning', succeeded: false });
  expect(row.detail).toContain('did not show within 15 s');
  expect(clock.now() - start).toBeGreaterThanOrEqual(15_000);
  expect(clock.now() - start).toBeLessThan(16_000);
});

test('replicas that lag are read again until the proof is there', async () => {
  const { run, tenant, clock } = await simulatedRun({ replicas: { count: 3, lagMs: 3000 } });
  const start = clock.now();
  expect(await run.revoke({ text: plain(tenant).id })).toMatchObject({ outcome: 'Revoked' });
  expect(clock.now() - start).toBeLessThan(8000);
});

test('guests and external members are NoEffect, internal guests are revoked', async () => {
  const { run, tenant } = await simulatedRun();
  const external = tenant.users.find(u => !local(u) && u.userType === 'Member');
  const guest = tenant.users.find(u => !local(u) && u.userType === 'Guest');
  const internal = tenant.users.find(u => local(u) && u.userType === 'Guest');
  const rows = await Promise.all([guest, external, internal].map(u => run.revoke({ text: u?.id ?? '' })));
  expect(rows.map(r => r.outcome)).toEqual(['NoEffect', 'NoEffect', 'Revoked']);
  expect(rows[0]).toMatchObject({ severity: 'warning', revokedAt: null });
});

test('with no right to read users the call is made and Unverified names the permission', async () => {
  const { run, tenant } = await simulatedRun({ persona: 'noRead' });
  const user = plain(tenant);
  const rows = await Promise.all([
    run.revoke({ text: user.id }),
    run.revoke({ text: user.userPrincipalName }),
  ]);
  for (const row of rows) {
    expect(row).toMatchObject({ outcome: 'Unverified', detail: expect.stringContaining('User.Read.All') });
  }
});

test('without verification nothing is read and nothing is claimed', async () => {
  const { run, tenant } = await simulatedRun({ run: { skipVerification: true } });
  const row = await run.revoke({ text: plain(tenant).id });
  expect(row).toMatchObject({ outcome: 'Unverified', accountEnabled: null });
  expect(tenant.requests).toHaveLength(1);
});

test.each([
  ['userAdministrator', 'Global Administrator', 'Privileged Authentication Administrator'],
  ['helpdeskAdministrator', 'User Administrator', 'User Administrator'],
] as const)('a %s who meets a %s is told which role it takes', async (persona, held, needed) => {
  const { run, tenant } = await simulatedRun({ persona });
  const target = tenant.users.find(u => u.roles.includes(held) && u.id !== callerOf(tenant, persona));
  const row = await run.revoke({ text: target?.id ?? '' });
  expect(row).toMatchObject({ outcome: 'Denied', severity: 'error' });
  expect(row.detail).toContain(needed);
});

const callerOf = (tenant: SimulatedTenant, persona: Parameters<SimulatedTenant['issueToken']>[0]): string =>
  JSON.parse(Buffer.from(tenant.issueToken(persona).split('.')[1] ?? '', 'base64url').toString()).oid;

test('a user who is named five times, by id and by name, is called once and has five rows', async () => {
  const { run, tenant } = await simulatedRun();
  const user = plain(tenant);
  const names = [
    user.id,
    user.userPrincipalName,
    user.id.toUpperCase(),
    user.userPrincipalName.toUpperCase(),
    user.id,
  ];
  const rows = await Promise.all(names.map(text => run.revoke({ text })));
  expect(rows.map(r => r.outcome)).toEqual(names.map(() => 'Revoked'));
  expect(rows.map(r => r.reference)).toEqual([user.id, names[1], names[2], names[3], user.id]);
  expect(tenant.record).toHaveLength(1);
  expect(await run.end()).toMatchObject({ users: 1, repeated: 4, stillEnabled: 1 });
});

test('an alias of one user is that user, of two is refused, of nobody is not found', async () => {
  const { run, tenant } = await simulatedRun();
  const owners = new Map<string, SimulatedUser[]>();
  for (const user of tenant.users) {
    for (const proxy of user.proxyAddresses) {
      const address = proxy.replace(/^smtp:/i, '').toLowerCase();
      if (tenant.users.some(u => u.userPrincipalName.toLowerCase() === address)) continue;
      owners.set(address, [...(owners.get(address) ?? []), user]);
    }
  }
  const [single] = [...owners].find(([, users]) => users.length === 1 && users.every(local)) ?? [''];
  const [shared] = [...owners].find(([, users]) => users.length === 2) ?? [''];
  const rows = await Promise.all(
    [single, shared, 'nobody@nowhere.example'].map(text => run.revoke({ text })),
  );
  expect(rows.map(r => r.outcome)).toEqual(['Revoked', 'InvalidReference', 'NotFound']);
  expect(rows[0]?.userId).toBe(owners.get(single)?.[0]?.id);
  expect(rows[0]?.detail).toContain(single);
  expect(tenant.record).toHaveLength(1);
});

test.each([
  ['#microsoft.graph.device', 'none', true],
  ['#microsoft.graph.orgContact', 'none', true],
  ['#microsoft.graph.servicePrincipal', 'none', true],
  ['#microsoft.graph.group', 'warning', false],
])('a member of type %s is NotAUser, told as %s, and never sent', async (odata, severity, succeeded) => {
  const { run, tenant } = await simulatedRun();
  const row = await run.revoke({ properties: { Id: plain(tenant).id, '@odata.type': odata } });
  expect(row).toMatchObject({ outcome: 'NotAUser', severity, succeeded });
  expect(tenant.requests).toEqual([]);
});

test('a deleted user is NotFound by id and by name', async () => {
  const { run, tenant } = await simulatedRun();
  const [gone] = tenant.deletedUsers;
  const rows = await Promise.all(
    [gone?.id, gone?.userPrincipalName].map(text => run.revoke({ text: text ?? '' })),
  );
  expect(rows.map(r => [r.outcome, r.severity])).toEqual([
    ['NotFound', 'error'],
    ['NotFound', 'error'],
  ]);
});

test('names with # and $ reach their owner', async () => {
  const { run, tenant } = await simulatedRun();
  const odd = tenant.users.filter(
    u => u.userPrincipalName.startsWith('$') || u.userPrincipalName.includes('#'),
  );
  expect(odd.length).toBeGreaterThan(2);
  const rows = await Promise.all(odd.map(u => run.revoke({ text: u.userPrincipalName })));
  expect(rows.map(r => r.userId)).toEqual(odd.map(u => u.id));
});

test('the intention is recorded before the call leaves, and the outcome before the row does', async () => {
  const intents: Intent[] = [];
  const settled: RevocationResult[] = [];
  const { run, tenant } = await simulatedRun({
    journal: {
      ...noJournal,
      intend: async batch => {
        intents.push(...batch);
        expect(writes(tenant)).toHaveLength(0);
      },
      settle: async (_user, row) => void settled.push(row),
    },
  });
  const users = tenant.users.filter(local).slice(0, 10);
  const rows = await Promise.all(users.map(u => run.revoke({ text: u.id })));
  expect(intents.map(i => i.userId).sort()).toEqual(users.map(u => u.id).sort());
  expect(settled.map(r => r.userId).sort()).toEqual(rows.map(r => r.userId).sort());
});

test('a journal that cannot take the intention keeps the call from leaving', async () => {
  const { run, tenant } = await simulatedRun({
    journal: {
      ...noJournal,
      intend: async () => {
        throw new Error('the disk is full');
      },
    },
  });
  const row = await run.revoke({ text: plain(tenant).id });
  expect(row).toMatchObject({ outcome: 'Failed', detail: expect.stringContaining('the disk is full') });
  expect(writes(tenant)).toHaveLength(0);
});

test('one more user than allowed waits for one question; a no stops before that user', async () => {
  const questions: string[] = [];
  const { run, tenant } = await simulatedRun({
    run: { maxUsers: 10 },
    confirm: async question => {
      questions.push(question);
      return false;
    },
  });
  const rows = await Promise.all(
    tenant.users
      .filter(local)
      .slice(0, 30)
      .map(u => run.revoke({ text: u.id })),
  );
  expect(questions).toHaveLength(1);
  expect(questions[0]).toContain(tenant.tenantId);
  expect(tenant.record.length).toBeLessThanOrEqual(10);
  expect(rows.filter(r => r.outcome === 'Cancelled').length).toBeGreaterThanOrEqual(20);
  expect((await run.end()).stopped?.code).toBe('TooManyUsers');
});

test('a yes lets the run go on, and is not asked for again', async () => {
  let questions = 0;
  const { run, tenant } = await simulatedRun({
    run: { maxUsers: 10 },
    confirm: async () => {
      questions += 1;
      return true;
    },
  });
  await Promise.all(
    tenant.users
      .filter(local)
      .slice(0, 30)
      .map(u => run.revoke({ text: u.id })),
  );
  expect(questions).toBe(1);
  expect(tenant.record).toHaveLength(30);
});

test('the summary counts what is still enabled and says that nobody real was signed out', async () => {
  const { run, tenant } = await simulatedRun();
  const disabled = tenant.users.find(u => local(u) && !u.accountEnabled);
  await Promise.all([plain(tenant).id, disabled?.id ?? ''].map(text => run.revoke({ text })));
  const summary = await run.end();
  expect(summary).toMatchObject({ users: 2, stillEnabled: 1, simulated: true });
  expect(summary.text).toMatch(
    /^SIMULATED: nobody was signed out\. 2 of 2 revoked in .* s\. 1 of the revoked accounts is still enabled: whoever knows the password can sign in again\. \(simulated tenant [0-9a-f-]{36}\)$/,
  );
});
