import { expect, test } from 'vitest';
import { type GraphItem, ordinary, type Stage, stage } from './stage.ts';
import type { SimulatedTenantOptions } from '../../src/simulator/simulated-tenant.ts';

const auditor = { persona: 'app', permissions: ['AuditLog.Read.All'] } as const;
const quiet: SimulatedTenantOptions = {
  reportQuota: { limit: 1000, windowSeconds: 10 },
  signIns: { cast: false },
};
const filtered = (filter: string) => `?$filter=${encodeURIComponent(filter)}`;
const read = (s: Stage, query = '', options: Parameters<Stage['send']>[1] = {}, version = 'beta') =>
  s.send(`/${version}/auditLogs/signIns${query}`, { as: auditor, ...options });
const logOf = async (...args: Parameters<typeof read>): Promise<GraphItem[]> => {
  const heard = await read(...args);
  expect(heard.status, heard.text).toBe(200);
  return heard.body.value ?? [];
};
const idsOf = (log: GraphItem[]) => log.map(entry => entry['id']);

test('an entry has the shape of Graph: name in lower case, whole seconds, both kinds in beta', async () => {
  const s = await stage(quiet);
  const user = ordinary(s.tenant);
  const entry = s.tenant.addSignIn({
    userId: user.id,
    authenticationProcessingDetails: [{ key: 'Is CAE Token', value: 'True' }],
  });
  const [seen] = await logOf(s);
  expect(seen).toMatchObject({
    id: entry.id,
    createdDateTime: '2026-11-23T10:00:00Z',
    userId: user.id,
    userPrincipalName: user.userPrincipalName.toLowerCase(),
    isInteractive: true,
    signInEventTypes: ['interactiveUser'],
    authenticationProcessingDetails: [{ key: 'Is CAE Token', value: 'True' }],
    status: { errorCode: 0 },
  });
  expect(seen).not.toHaveProperty('appliedConditionalAccessPolicies');
});

test('version 1.0 knows neither sessions nor the kinds, and shows those only that a person took part in', async () => {
  const s = await stage(quiet);
  const userId = ordinary(s.tenant).id;
  const mine = s.tenant.addSignIn({ userId });
  s.tenant.addSignIn({ userId, isInteractive: false });
  const log = await logOf(s, '', {}, 'v1.0');
  expect(idsOf(log)).toEqual([mine.id]);
  for (const name of [
    'sessionId',
    'signInEventTypes',
    'authenticationProcessingDetails',
    'incomingTokenType',
  ])
    expect(log[0]).not.toHaveProperty(name);
  const heard = await read(s, filtered(`signInEventTypes/any(t: t eq 'nonInteractiveUser')`), {}, 'v1.0');
  expect(heard.status).toBe(400);
});

test('filters: time, several users, both kinds at once, app, resource, error, session', async () => {
  const s = await stage(quiet);
  const [a, b] = [ordinary(s.tenant, 0).id, ordinary(s.tenant, 1).id];
  const one = s.tenant.addSignIn({ userId: a });
  s.clock.now += 60_000;
  const two = s.tenant.addSignIn({ userId: a, isInteractive: false, sessionId: one.sessionId });
  s.clock.now += 60_000;
  const three = s.tenant.addSignIn({
    userId: b,
    appId: 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c',
    resourceId: '797f4846-ba00-4fd7-ba43-dac1f8f63013',
    status: { errorCode: 50126, failureReason: 'Wrong', additionalDetails: null },
  });
  const both = `(signInEventTypes/any(t: t eq 'interactiveUser') or signInEventTypes/any(t: t eq 'nonInteractiveUser'))`;
  const cases: [string, unknown[]][] = [
    [both, [three.id, two.id, one.id]],
    [`signInEventTypes/any(t: t eq 'nonInteractiveUser')`, [two.id]],
    [`signInEventTypes/any(t: t ne 'interactiveUser')`, [two.id]],
    [`userId eq '${a}'`, [one.id]],
    [`(userId eq '${a}' or userId eq '${b}') and ${both}`, [three.id, two.id, one.id]],
    [`createdDateTime ge 2026-11-23T10:01:00.400Z`, [three.id]],
    [
      `createdDateTime ge 2026-11-23T10:01:00Z and createdDateTime lt 2026-11-23T10:02:00Z and ${both}`,
      [two.id],
    ],
    [`appId eq 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c'`, [three.id]],
    [`resourceId eq '797f4846-ba00-4fd7-ba43-dac1f8f63013'`, [three.id]],
    [`status/errorCode eq 0`, [one.id]],
    [`status/errorCode ne 0`, [three.id]],
    [`sessionId eq '${one.sessionId}' and ${both}`, [two.id, one.id]],
  ];
  for (const [filter, expected] of cases)
    expect(idsOf(await logOf(s, filtered(filter))), filter).toEqual(expected);
  expect(idsOf(await logOf(s, `${filtered(both)}&$orderby=createdDateTime`))).toEqual([
    one.id,
    two.id,
    three.id,
  ]);
});

test('more alternatives than the log takes are refused, and a page holds a thousand', async () => {
  const s = await stage({ ...quiet, signIns: { cast: false, mostAlternatives: 3 } });
  const userId = ordinary(s.tenant).id;
  const asking = (count: number) =>
    filtered(Array.from({ length: count }, () => `userId eq '${userId}'`).join(' or '));
  expect((await read(s, asking(3))).status).toBe(200);
  expect((await read(s, asking(4))).status).toBe(400);
  for (let i = 0; i < 1001; i++) s.tenant.addSignIn({ userId });
  const first = await read(s);
  expect(first.body.value).toHaveLength(1000);
  const next = String(first.body['@odata.nextLink']).slice(s.server.url.length);
  expect((await s.send(next, { as: auditor })).body.value).toHaveLength(1);
  expect((await logOf(s, '?$top=1000')).length).toBe(1000);
  expect((await read(s, '?$top=1001')).status).toBe(400);
});

test('entries appear late, and some of them twice', async () => {
  const s = await stage({
    ...quiet,
    signIns: { cast: false, lateMs: { from: 60_000, to: 120_000 }, duplicates: 1 },
  });
  const { id } = s.tenant.addSignIn({ userId: ordinary(s.tenant).id });
  s.clock.now += 59_000;
  expect(await logOf(s)).toEqual([]);
  s.clock.now += 61_000;
  expect(idsOf(await logOf(s))).toEqual([id, id]);
});

test('token types that came later are named to those who know them', async () => {
  const s = await stage(quiet);
  s.tenant.addSignIn({ userId: ordinary(s.tenant).id, isInteractive: false });
  const query = filtered(`signInEventTypes/any(t: t eq 'nonInteractiveUser')`);
  const plain = await logOf(s, query);
  expect(plain[0]).toMatchObject({ incomingTokenType: 'unknownFutureValue' });
  const knowing = await logOf(s, query, { headers: { prefer: 'include-unknown-enum-members' } });
  expect(knowing[0]).toMatchObject({ incomingTokenType: 'refreshToken' });
});

test('without permission, role or licence the log says which one is missing', async () => {
  const s = await stage(quiet);
  const permissions = ['AuditLog.Read.All'];
  const cases: [Parameters<Stage['send']>[1], string][] = [
    [{ as: 'member' }, 'Authentication_MSGraphPermissionMissing'],
    [{ as: { persona: 'member', permissions } }, 'Authentication_RequestFromUnsupportedUserRole'],
  ];
  for (const [options, code] of cases) {
    const heard = await read(s, '', options);
    expect([heard.status, heard.body.error?.code]).toEqual([403, code]);
  }
  expect(
    (await read(s, '', { as: { persona: 'member', permissions, roles: ['Reports Reader'] } })).status,
  ).toBe(200);
  const poor = await stage({ ...quiet, signIns: { cast: false, premium: false } });
  for (const version of ['v1.0', 'beta'])
    expect((await read(poor, '', {}, version)).body.error).toMatchObject({
      code: 'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
    });
});

test('the sign-in log and the audit log share five requests in ten seconds', async () => {
  const s = await stage();
  const statuses: number[] = [];
  for (let i = 0; i < 4; i++) statuses.push((await read(s)).status);
  for (let i = 0; i < 2; i++)
    statuses.push((await s.send('/auditLogs/directoryAudits', { as: auditor })).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
});
