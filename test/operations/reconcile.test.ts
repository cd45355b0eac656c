import { expect, test } from 'vitest';
import { SimulatedTenant } from '../../src/simulator/simulated-tenant.ts';
import { plainUsers, recordedRun } from '../support/recorded-run.ts';

const audits = (tenant: SimulatedTenant) =>
  tenant.requests.filter(r => r.path.includes('/auditLogs/directoryAudits'));
test.each(['app', 'userAdministrator'] as const)(
  'revocations by %s are found, with the time and the actor of the log',
  async persona => {
    const { reconcile, tenant, rows } = await recordedRun(plainUsers(30), { persona });
    const found = await reconcile();
    expect(found.counts).toEqual({ Found: 30, NotFoundYet: 0, SomebodyElse: 0, NotExpected: 0 });
    expect(found).toMatchObject({ entries: 30, elsewhere: 0, notes: [] });
    const actor =
      persona === 'app'
        ? `app usersession-nightly (${tenant.apps.confidential.servicePrincipalId})`
        : `${tenant.persona(persona).userPrincipalName} (${tenant.persona(persona).id})`;
    for (const user of found.users) {
      const row = rows.find(r => r.userId === user.userId);
      expect(user.sessionsValidFrom).toBe(new Date(row?.sessionsValidFrom ?? '').toISOString());
      expect(user).toMatchObject({ actor, displayName: row?.displayName, detail: null });
    }
    expect(audits(tenant)).toHaveLength(1);
  },
);

test('a log that lags has not found them yet, and says so; later it has', async () => {
  const { reconcile, clock } = await recordedRun(plainUsers(3), { auditLagMs: 600_000 });
  const early = await reconcile();
  expect(early.counts).toMatchObject({ Found: 0, NotFoundYet: 3 });
  expect(early.users[0]?.detail).toContain('the log lags');
  await clock.sleep(600_000);
  expect((await reconcile()).counts).toMatchObject({ Found: 3, NotFoundYet: 0 });
});

test('what is still missing after the log has let go of it is told with the reason', async () => {
  const { reconcile, clock } = await recordedRun(plainUsers(1), { auditLagMs: 1e12 });
  expect((await reconcile()).notes).toEqual([]);
  await clock.sleep(8 * 24 * 3_600_000);
  expect((await reconcile()).notes.join()).toContain('7 days');
});

test('entries that appear twice count once', async () => {
  const { reconcile } = await recordedRun(plainUsers(20), { auditDuplicates: 1 });
  expect(await reconcile()).toMatchObject({ entries: 20, counts: { Found: 20 } });
});

test('external users and refused calls are not expected; their rows say why', async () => {
  const { reconcile, rows } = await recordedRun(
    t => [
      ...plainUsers(2)(t),
      ...t.users.filter(u => u.external).slice(0, 2),
      ...t.users.filter(u => u.roles.includes('Global Administrator')).slice(0, 1),
    ],
    { persona: 'helpdeskAdministrator' },
  );
  expect(rows.map(r => r.outcome)).toEqual(['Revoked', 'Revoked', 'NoEffect', 'NoEffect', 'Denied']);
  const { counts, users } = await reconcile();
  expect(counts).toEqual({ Found: 2, NotFoundYet: 0, SomebodyElse: 0, NotExpected: 3 });
  const why = Object.fromEntries(users.map(u => [u.outcome, u.detail]));
  expect(why['NoEffect']).toContain('external user');
  expect(why['Denied']).toContain('refused');
});

test('somebody else is named where this run is not in the log, and Graph never carried the call out', async () => {
  const broken = new Response('{"error":{"code":"InternalServerError","message":"no"}}', {
    status: 500,
    headers: { 'request-id': 'a' },
  });
  const { reconcile, tenant, rows } = await recordedRun(plainUsers(1), {
    intercept: (url, init, next) =>
      url.endsWith('revokeSignInSessions') ? Promise.resolve(broken.clone()) : next(url, init),
  });
  expect(rows[0]?.outcome).toBe('Failed');
  expect((await reconcile()).users[0]).toMatchObject({
    verdict: 'NotFoundYet',
    detail: expect.stringContaining('The record says Failed'),
  });
  const [user] = plainUsers(1)(tenant);
  tenant.revokeElsewhere(user?.id ?? '', { by: 'helpdeskAdministrator' });
  const { userPrincipalName, id } = tenant.persona('helpdeskAdministrator');
  const { users, counts } = await reconcile();
  expect(counts).toMatchObject({ Found: 0, NotFoundYet: 0, SomebodyElse: 1 });
  expect(users[0]).toMatchObject({
    actor: `${userPrincipalName} (${id})`,
    detail: expect.stringContaining(`${userPrincipalName} (${id}) did it`),
  });
});

test('where both are in the log, the one of this run counts', async () => {
  const { reconcile, tenant } = await recordedRun(plainUsers(1), {
    before: async t => t.revokeElsewhere(plainUsers(1)(t)[0]?.id ?? ''),
  });
  const { users, entries } = await reconcile();
  expect(entries).toBe(2);
  expect(users[0]).toMatchObject({
    verdict: 'Found',
    actor: expect.stringContaining(tenant.apps.confidential.servicePrincipalId),
  });
});

test('an entry from before the call is of something else, also by the same actor', async () => {
  const { reconcile, clock } = await recordedRun(plainUsers(1), {
    persona: 'userAdministrator',
    auditLagMs: 120_000,
    before: async (tenant, time) => {
      tenant.revokeElsewhere(plainUsers(1)(tenant)[0]?.id ?? '', { by: 'userAdministrator' });
      await time.sleep(60_000);
    },
  });
  await clock.sleep(61_000);
  const early = await reconcile();
  expect(early).toMatchObject({ entries: 1, counts: { Found: 0, NotFoundYet: 1 } });
  await clock.sleep(60_000);
  const late = await reconcile();
  expect(late).toMatchObject({ entries: 2, counts: { Found: 1 } });
  expect(late.users[0]?.loggedAt).toMatch(/^2026-11-23T10:01:0/);
});

test('what the same actor did to others at that time is counted as elsewhere', async () => {
  const { reconcile, tenant } = await recordedRun(plainUsers(2), { persona: 'userAdministrator' });
  const [, , third, fourth] = plainUsers(4)(tenant);
  tenant.revokeElsewhere(third?.id ?? '', { by: 'userAdministrator' });
  tenant.revokeElsewhere(fourth?.id ?? '', { by: 'globalAdministrator' });
  expect(await reconcile()).toMatchObject({ entries: 4, elsewhere: 1, counts: { Found: 2 } });
});

test('a record that does not tell who signed in is matched by user and time, and says so', async () => {
  const { reconcile, calls } = await recordedRun(plainUsers(1));
  const actors = calls.actors.map(a => ({
    ...a,
    objectId: null,
    clientId: null,
    authType: 'Unknown' as const,
  }));
  const { users } = await reconcile({ calls: { ...calls, actors } });
  expect(users[0]).toMatchObject({
    verdict: 'Found',
    detail: expect.stringContaining('by user and time alone'),
  });
});

test('pages are read no faster than five in ten seconds', async () => {
  const { reconcile, tenant } = await recordedRun(plainUsers(200), { users: 300, auditDuplicates: 1 });
  const small = (url: string) => url.replace('$top=999', '$top=20');
  const { counts } = await reconcile({ intercept: (url, init, next) => next(small(url), init) });
  expect(counts.Found).toBe(200);
  const at = audits(tenant).map(r => r.at);
  expect(at).toHaveLength(20);
  expect(audits(tenant).every(r => r.status === 200)).toBe(true);
  for (const start of at)
    expect(at.filter(t => t >= start && t <= start + 10_000).length).toBeLessThanOrEqual(5);
});

test('where others use up the quota, Retry-After is obeyed and nothing gets lost', async () => {
  const { reconcile, tenant, clock } = await recordedRun(plainUsers(60));
  const token = tenant.issueToken({ persona: 'app', permissions: ['AuditLog.Read.All'] });
  const others = () =>
    tenant.handle({
      method: 'GET',
      path: '/v1.0/auditLogs/directoryAudits?$top=1',
      headers: { authorization: `Bearer ${token}` },
      body: '',
    });
  for (let i = 0; i < 5; i++) await others();
  const ours: { at: number; status: number; notBefore: number }[] = [];
  const { counts } = await reconcile({
    intercept: async (url, init, next) => {
      const at = clock.now();
      const answer = await next(url.replace('$top=999', '$top=20'), init);
      const seconds = Number(answer.headers.get('retry-after') ?? 0);
      ours.push({ at, status: answer.status, notBefore: at + seconds * 1000 });
      return answer;
    },
  });
  expect(counts.Found).toBe(60);
  const refused = ours.findIndex(r => r.status === 429);
  expect(ours[refused]?.notBefore).toBeGreaterThan((ours[refused]?.at ?? 0) + 9000);
  ours.forEach(({ notBefore }, i) => {
    for (const later of ours.slice(i + 1)) expect(later.at).toBeGreaterThanOrEqual(notBefore);
  });
});

test('faults on the way do not change the answer', async () => {
  const { reconcile, tenant } = await recordedRun(plainUsers(50));
  tenant.setFaults({ throttle: 0.1, serverError: 0.1, unavailable: 0.1, lostAnswer: 0.1, truncated: 0.1 });
  const { counts } = await reconcile({
    intercept: (url, init, next) => next(url.replace('$top=999', '$top=40'), init),
  });
  expect(counts.Found).toBe(50);
});

test('a sign-in without the permission is told which, with its ids, before Graph is asked', async () => {
  const { reconcile, tenant } = await recordedRun(plainUsers(1));
  await expect(reconcile({ token: 'app' })).rejects.toMatchObject({
    code: 'NotAllowed',
    message: expect.stringMatching(
      /AuditLog\.Read\.All.*e4c9e354-4dc5-45b8-9e7c-e1393b0b1a20.*b0afded3-3588-46d8-8b3d-9842eff778da/s,
    ),
  });
  expect(audits(tenant)).toHaveLength(0);
});

test('a refusal by Graph itself tells its words and the role that a person needs', async () => {
  const { reconcile } = await recordedRun(plainUsers(1));
  await expect(
    reconcile({ token: { persona: 'reader', permissions: ['Directory.Read.All'] } }),
  ).rejects.toMatchObject({
    code: 'NotAllowed',
    message: expect.stringMatching(/Authentication_MSGraphPermissionMissing.*Reports Reader/s),
  });
});

test('another tenant than that of the run is refused before it is asked', async () => {
  const { reconcile } = await recordedRun(plainUsers(1));
  const tenant = new SimulatedTenant({ seed: 2 });
  await expect(reconcile({ tenant })).rejects.toMatchObject({ code: 'OtherTenant' });
  expect(tenant.requests).toHaveLength(0);
});

test('nothing is written to the tenant', async () => {
  const { reconcile, tenant } = await recordedRun(plainUsers(5));
  const before = tenant.requests.length;
  await reconcile();
  expect(tenant.requests.slice(before).map(r => r.method)).toEqual(['GET']);
  expect(tenant.record).toHaveLength(5);
});
