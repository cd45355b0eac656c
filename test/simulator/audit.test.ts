import { expect, test } from 'vitest';
import { type GraphItem, ordinary, type Stage, stage } from './stage.ts';

const auditor = { persona: 'app', permissions: ['AuditLog.Read.All'] } as const;
const activity = 'Update StsRefreshTokenValidFrom Timestamp';
const logOf = async ({ send }: Stage, query = '', version = 'v1.0'): Promise<GraphItem[]> => {
  const heard = await send(`/${version}/auditLogs/directoryAudits${query}`, { as: auditor });
  expect(heard.status, heard.text).toBe(200);
  return heard.body.value ?? [];
};
const filtered = (filter: string) => `?$filter=${encodeURIComponent(filter)}`;
const targetsOf = (log: GraphItem[]) => log.map(e => (e['targetResources'] as GraphItem[])[0]?.['id']);
const revoke = (s: Stage, id: string, as: Parameters<Stage['send']>[1] = {}) =>
  s.send(`/users/${id}/revokeSignInSessions`, { method: 'POST', body: {}, ...as });

test.each(['v1.0', 'beta'])(
  'a revocation by a person stands in the log of %s in the shape of Graph',
  async version => {
    const s = await stage();
    const user = ordinary(s.tenant);
    const before = user.signInSessionsValidFromDateTime;
    await revoke(s, user.id);
    const [entry] = await logOf(s, '', version);
    const admin = s.tenant.persona('userAdministrator');
    expect(entry).toEqual({
      id: expect.stringMatching(/^Directory_\w+_\d+$/),
      category: 'UserManagement',
      correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      result: 'success',
      resultReason: '',
      activityDisplayName: activity,
      activityDateTime: '2026-11-23T10:00:00Z',
      loggedByService: 'Core Directory',
      operationType: 'Update',
      initiatedBy: {
        user: { id: admin.id, displayName: null, userPrincipalName: admin.userPrincipalName, ipAddress: '' },
        app: null,
      },
      targetResources: [
        {
          id: user.id,
          displayName: null,
          type: 'User',
          userPrincipalName: user.userPrincipalName,
          groupType: null,
          modifiedProperties: [
            {
              displayName: 'StsRefreshTokensValidFrom',
              oldValue: `["${before}"]`,
              newValue: '["2026-11-23T10:00:00Z"]',
            },
            {
              displayName: 'Included Updated Properties',
              oldValue: null,
              newValue: '"StsRefreshTokensValidFrom"',
            },
          ],
        },
      ],
      additionalDetails: [],
    });
  },
);

test('an app is named by its service principal', async () => {
  const s = await stage();
  await revoke(s, ordinary(s.tenant).id, { as: 'app' });
  const [entry] = await logOf(s);
  expect(entry?.['initiatedBy']).toEqual({
    user: null,
    app: {
      appId: null,
      displayName: 'usersession-nightly',
      servicePrincipalId: s.tenant.apps.confidential.servicePrincipalId,
      servicePrincipalName: null,
    },
  });
});

test('what had no effect is not in the log: an external user, a refused call', async () => {
  const s = await stage();
  const guest = s.tenant.users.find(u => u.external);
  expect((await revoke(s, guest?.id ?? '')).status).toBe(200);
  expect((await revoke(s, ordinary(s.tenant).id, { as: 'reader' })).status).toBe(403);
  expect(await logOf(s)).toEqual([]);
});

test('somebody else revokes without a request of ours: in the log and in the directory, not in the record', async () => {
  const s = await stage();
  const [one, two] = [ordinary(s.tenant, 0), ordinary(s.tenant, 1)];
  s.tenant.revokeElsewhere(one.id, { by: 'helpdeskAdministrator' });
  s.tenant.revokeElsewhere(two.id, { by: { app: 'Lighthouse' } });
  const log = await logOf(s);
  expect(targetsOf(log)).toEqual([two.id, one.id]);
  expect(log[0]).toMatchObject({ initiatedBy: { user: null, app: { displayName: 'Lighthouse' } } });
  expect(log[1]).toMatchObject({
    initiatedBy: { user: { id: s.tenant.persona('helpdeskAdministrator').id } },
  });
  expect(one.signInSessionsValidFromDateTime).toBe('2026-11-23T10:00:00Z');
  expect(s.tenant.record).toEqual([]);
  expect(() => s.tenant.revokeElsewhere('nobody')).toThrow(RangeError);
});

test('entries appear after the lag, and some of them twice', async () => {
  const s = await stage({ auditLagMs: 120_000, auditDuplicates: 1 });
  await revoke(s, ordinary(s.tenant).id);
  expect(await logOf(s)).toHaveLength(0);
  s.clock.now += 120_000;
  const log = await logOf(s);
  expect(log).toHaveLength(2);
  expect(log[0]).toEqual(log[1]);
});

test('filters: activity, time, category, actor, target, and all of them together', async () => {
  const s = await stage({ reportQuota: { limit: 100, windowSeconds: 10 } });
  const [one, two] = [ordinary(s.tenant, 0), ordinary(s.tenant, 1)];
  await revoke(s, one.id);
  s.clock.now += 60_000;
  s.tenant.revokeElsewhere(two.id);
  const admin = s.tenant.persona('userAdministrator').id;
  const cases: [string, unknown[]][] = [
    [`activityDisplayName eq '${activity}'`, [two.id, one.id]],
    [`activityDisplayName eq 'Reset user password'`, []],
    [`category eq 'UserManagement'`, [two.id, one.id]],
    [`activityDateTime ge 2026-11-23T10:00:30Z`, [two.id]],
    [`activityDateTime ge 2026-11-23T10:00:00.000Z and activityDateTime le 2026-11-23T10:00:00Z`, [one.id]],
    [`initiatedBy/user/id eq '${admin}'`, [one.id]],
    [`initiatedBy/app/appId eq '${admin}'`, []],
    [`targetResources/any(t:t/id eq '${two.id}')`, [two.id]],
    [`activityDateTime le 2026-11-23T11:00:00Z and targetResources/any(t: t/id eq '${one.id}')`, [one.id]],
  ];
  for (const [filter, expected] of cases)
    expect(targetsOf(await logOf(s, filtered(filter))), filter).toEqual(expected);
  expect(targetsOf(await logOf(s, `${filtered(cases[0]?.[0] ?? '')}&$orderby=activityDateTime asc`))).toEqual(
    [one.id, two.id],
  );
});

test.each([
  [filtered(`initiatedBy/app/servicePrincipalId eq 'x'`), 'BadRequest'],
  [filtered(`activityDateTime ge 'yesterday'`), 'BadRequest'],
  [filtered(`category ne 'UserManagement'`), 'Request_UnsupportedQuery'],
  ['?$orderby=category', 'BadRequest'],
  ['?$top=1000', 'Request_UnsupportedQuery'],
])('%s is refused as %s', async (query, code) => {
  const s = await stage();
  const heard = await s.send(`/auditLogs/directoryAudits${query}`, { as: auditor });
  expect([heard.status, heard.body.error?.code]).toEqual([400, code]);
});

test('long lists come in pages, each entry once', async () => {
  const s = await stage({ reportQuota: { limit: 100, windowSeconds: 10 } });
  const users = s.tenant.users.filter(u => !u.external).slice(0, 25);
  for (const user of users) s.tenant.revokeElsewhere(user.id);
  let path: string | undefined = '/auditLogs/directoryAudits?$top=10';
  const found: unknown[] = [];
  const sizes: number[] = [];
  while (path !== undefined) {
    const { body } = await s.send(path, { as: auditor });
    found.push(...targetsOf(body.value ?? []));
    sizes.push(body.value?.length ?? 0);
    path = (body['@odata.nextLink'] as string | undefined)?.slice(s.server.url.length);
  }
  expect(sizes).toEqual([10, 10, 5]);
  expect(found).toEqual(users.map(u => u.id).reverse());
});

test('who may not read it is told in the words of the reports', async () => {
  const s = await stage();
  const heard = await s.send('/auditLogs/directoryAudits', { as: 'userAdministrator' });
  expect(heard.status).toBe(403);
  expect(heard.body.error).toMatchObject({
    code: 'Authentication_MSGraphPermissionMissing',
    message: expect.stringContaining('AuditLog.Read.All'),
  });
});

test('five requests in ten seconds, for each app, and the sixth is throttled in the words of the reports', async () => {
  const s = await stage();
  const statuses: number[] = [];
  for (let i = 0; i < 5; i++) {
    statuses.push((await s.send('/auditLogs/directoryAudits', { as: auditor })).status);
    s.clock.now += 1000;
  }
  const sixth = await s.send('/auditLogs/directoryAudits', { as: auditor });
  expect(statuses).toEqual([200, 200, 200, 200, 200]);
  expect(sixth.status).toBe(429);
  const wait = Number(sixth.headers.get('retry-after'));
  expect(wait).toBeGreaterThanOrEqual(5);
  expect(sixth.body.error).toMatchObject({
    code: 'UnknownError',
    message: expect.stringMatching(
      /^This request is throttled\. Please try again after the value \(in seconds\) specified in the Retry-After header\. CorrelationId: [0-9a-f-]{36}$/,
    ),
  });
  const person = { persona: 'userAdministrator', permissions: ['AuditLog.Read.All'] } as const;
  expect((await s.send('/auditLogs/directoryAudits', { as: person })).status).toBe(200);
  s.clock.now += wait * 1000;
  expect((await s.send('/auditLogs/directoryAudits', { as: auditor })).status).toBe(200);
});
