import { describe, expect, test } from 'vitest';
import { listSessions } from '../../src/operations/list-sessions.ts';
import type { SimulatedTenant } from '../../src/simulator/simulated-tenant.ts';
import { readingPermissions, simulatedReading } from '../support/simulated-reading.ts';

const hourMs = 3_600_000;
const quiet = { signIns: { cast: false } };
const members = (tenant: SimulatedTenant, count: number) =>
  tenant.users
    .filter(user => user.accountEnabled && !user.external && user.userType === 'Member')
    .slice(0, count);
const referring = (users: readonly { id: string }[]) => ({ users: users.map(({ id }) => ({ text: id })) });
const signInsAsked = (paths: readonly string[]) => paths.filter(path => path.includes('/auditLogs/signIns'));

test('the log of 50 users takes one request where the filter may be as long, and none is put off', async () => {
  const s = await simulatedReading({ signIns: { cast: false, mostAlternatives: 50 } });
  const users = members(s.tenant, 50);
  s.tenant.sessions.populate(users, { perUser: 1 });
  const { sessions, warnings } = await listSessions(referring(users), s.reading);
  const entries = new Set(sessions.map(row => row.userId));
  expect(entries.size).toBe(50);
  expect(warnings).toEqual([]);
  const [first = '', ...pages] = signInsAsked(s.asked());
  expect(first).toMatch(
    /^\/beta\/.*createdDateTime ge .* and \(userId eq .*\) and signInEventTypes\/any\(t: t eq 'interactiveUser' or t eq 'nonInteractiveUser'\) and status\/errorCode eq 0&\$top=1000$/,
  );
  for (const page of pages) expect(page).toContain('$skiptoken');
  expect(s.putOff()).toBe(0);
});

test('where a filter takes 15 alternatives, as in the directory, it takes five requests, one of them refused', async () => {
  const s = await simulatedReading(quiet);
  const users = members(s.tenant, 50);
  for (const { id } of users) s.tenant.addSignIn({ userId: id });
  const before = s.clock.now();
  const { sessions } = await listSessions(referring(users), s.reading);
  expect(sessions).toHaveLength(50);
  expect(signInsAsked(s.asked())).toHaveLength(5);
  expect(s.putOff()).toBe(0);
  expect(s.clock.now() - before).toBeLessThan(10_000);
});

test('thousands of entries come in pages at the pace of the quota, and none is put off', async () => {
  const s = await simulatedReading({ signIns: { cast: false, mostAlternatives: 50 } });
  const users = members(s.tenant, 3);
  for (let i = 0; i < 7300; i++)
    s.tenant.addSignIn({ userId: users[i % 3]?.id ?? '', sessionId: 'one', isInteractive: false });
  const { sessions } = await listSessions(referring(users), s.reading);
  expect(sessions.map(row => row.signIns)).toEqual([2434, 2433, 2433]);
  expect(signInsAsked(s.asked())).toHaveLength(8);
  expect(s.putOff()).toBe(0);
});

test('entries that appear twice count once, and what is of somebody else or too old is left out', async () => {
  const s = await simulatedReading({ signIns: { cast: false, duplicates: 1 } });
  const [user, other] = members(s.tenant, 2);
  const sessionId = 'aaaaaaaa-0000-4000-8000-000000000000';
  const old = new Date(s.clock.now() - 25 * hourMs).toISOString();
  s.tenant.addSignIn({ userId: user!.id, sessionId, createdDateTime: old });
  for (let i = 0; i < 3; i++) s.tenant.addSignIn({ userId: user!.id, sessionId, isInteractive: i === 0 });
  s.tenant.addSignIn({ userId: other!.id });
  const { sessions } = await listSessions(referring([user!]), s.reading);
  expect(sessions).toMatchObject([{ sessionId, signIns: 3, interactive: true, userId: user!.id }]);
  const longer = await listSessions({ ...referring([user!]), hours: 48 }, s.reading);
  expect(longer.sessions).toMatchObject([{ signIns: 4 }]);
});

test('a row for each app, resource and client session, with both entries of an authentication looked at', async () => {
  const s = await simulatedReading(quiet);
  const [user] = members(s.tenant, 1);
  const userId = user!.id;
  const session = (sessionId: string, flag: boolean, more = {}) => {
    const details = [{ key: 'Is CAE Token', value: 'True' }];
    s.tenant.addSignIn({
      userId,
      sessionId,
      correlationId: sessionId,
      ...more,
      ...(flag && { authenticationProcessingDetails: details }),
    });
  };
  session('a', true, { isInteractive: false });
  session('a', false);
  session('b', false);
  session('a', false, {
    resourceId: '00000002-0000-0ff1-ce00-000000000000',
    resourceDisplayName: 'Exchange',
  });
  s.tenant.addSignIn({
    userId,
    sessionId: 'c',
    status: { errorCode: 50126, failureReason: 'Wrong.', additionalDetails: null },
  });
  const { sessions } = await listSessions(referring([user!]), s.reading);
  const found = sessions.map(row => [row.sessionId, row.resourceDisplayName, row.continuousAccess]);
  expect(found.toSorted()).toEqual([
    ['a', 'Exchange', null],
    ['a', 'Microsoft Graph', true],
    ['b', 'Microsoft Graph', null],
  ]);
  expect(sessions.find(row => row.continuousAccess)).toMatchObject({
    confidence: 'Known',
    accessUntil: null,
    userPrincipalName: user!.userPrincipalName,
    lastTokenIssued: '2026-11-23T10:00:00.000Z',
    ipAddress: '203.0.113.7',
  });
});

test('whoever can not be found is told apart from those who are listed', async () => {
  const s = await simulatedReading(quiet);
  const [user] = members(s.tenant, 1);
  const gone = s.tenant.deletedUsers[0]!;
  const users = [
    { text: user!.userPrincipalName },
    { text: gone.id },
    { text: 'no one' },
    { text: user!.id },
  ];
  const { sessions, unresolved } = await listSessions({ users }, s.reading);
  expect(sessions).toMatchObject([{ reference: user!.userPrincipalName, userId: user!.id }]);
  expect(unresolved).toMatchObject([
    { reference: gone.id, outcome: 'NotFound' },
    { reference: 'no one', outcome: 'InvalidReference' },
  ]);
});

describe('what can not be read', () => {
  const without = (...names: string[]) => readingPermissions.filter(name => !names.includes(name));
  const oneOf = async (options: Parameters<typeof simulatedReading>[0]) => {
    const s = await simulatedReading(options);
    const [user] = members(s.tenant, 1);
    s.tenant.addSignIn({ userId: user!.id });
    return { ...(await listSessions(referring([user!]), s.reading)), asked: s.asked(), now: s.clock.now() };
  };

  test('no licence: one row with the bound of the policies, and a warning', async () => {
    const { sessions, warnings, now } = await oneOf({ signIns: { cast: false, premium: false } });
    expect(sessions).toMatchObject([
      { appId: null, lastTokenIssued: null, signIns: 0, accessUntil: null, confidence: 'Inferred' },
    ]);
    expect(sessions[0]?.because).toMatch(/^The sign-in log could not be read\. At worst access tokens live/);
    // The ledger's tokens live eight hours in a usual simulated tenant.
    expect(Date.parse(sessions[0]?.accessUntilIfRevoked ?? '') - now).toBeLessThan(8 * hourMs + 5000);
    expect(warnings).toEqual([expect.stringContaining('Entra ID P1 or P2')]);
  });

  test('no permission for the log: it is not asked', async () => {
    const { sessions, warnings, asked } = await oneOf({
      ...quiet,
      as: { permissions: without('AuditLog.Read.All') },
    });
    expect(sessions).toMatchObject([{ appId: null, confidence: 'Inferred' }]);
    expect(warnings).toEqual([expect.stringContaining('AuditLog.Read.All')]);
    expect(signInsAsked(asked)).toEqual([]);
  });

  test('a person without a role: Graph’s refusal is told with what it takes', async () => {
    const as = { persona: 'helpdeskAdministrator', permissions: readingPermissions } as const;
    const { warnings } = await oneOf({ ...quiet, as });
    expect(warnings.join()).toContain('Reports Reader');
  });

  test('no permission for policies: an app’s token may live a day, and the log still tells the rest', async () => {
    const { sessions, warnings, now } = await oneOf({
      ...quiet,
      as: { permissions: without('Policy.Read.All') },
    });
    expect(sessions).toMatchObject([{ appDisplayName: 'Microsoft Teams', confidence: 'Inferred' }]);
    expect(Date.parse(sessions[0]?.accessUntilIfRevoked ?? '') - now).toBeGreaterThan(23 * hourMs);
    expect(warnings).toEqual([expect.stringContaining('Policy.Read.All')]);
  });

  test('which apps a token lifetime is for: it is taken to be for all', async () => {
    const { sessions, warnings } = await oneOf({
      ...quiet,
      as: { permissions: without('Application.Read.All') },
    });
    expect(sessions[0]?.because).toContain('Ledger');
    expect(warnings).toEqual([expect.stringContaining('Application.Read.All')]);
  });

  test('memberships: a policy for a group may be for anybody, and shortens nothing', async () => {
    const { sessions } = await oneOf({
      ...quiet,
      as: { permissions: without('GroupMember.Read.All', 'RoleManagement.Read.Directory') },
    });
    expect(sessions).toMatchObject([{ accessUntil: null }]);
  });

  test('users: the log is read all the same', async () => {
    const { sessions } = await oneOf({
      ...quiet,
      as: { permissions: without('User.Read.All', 'GroupMember.Read.All') },
    });
    expect(sessions).toMatchObject([{ appDisplayName: 'Microsoft Teams', displayName: null }]);
  });

  test('nothing in the log: a row that says so', async () => {
    const s = await simulatedReading(quiet);
    const { sessions } = await listSessions(referring(members(s.tenant, 1)), s.reading);
    expect(sessions).toMatchObject([{ appId: null, confidence: 'Inferred' }]);
    expect(sessions[0]?.because).toContain('shows no sign-in in 24 h');
  });

  test('a token that Graph refuses ends it', async () => {
    const s = await simulatedReading(quiet);
    const [user] = members(s.tenant, 1);
    const refused = {
      ...s.reading,
      connection: {
        ...s.reading.connection,
        tokens: { token: async () => 'x', renew: async () => null, refusal: null },
      },
    };
    await expect(listSessions(referring([user!]), refused)).rejects.toMatchObject({ code: 'NotSignedIn' });
  });
});

test('external users are told as such, though the log shows them', async () => {
  const s = await simulatedReading(quiet);
  const guest = s.tenant.users.find(user => user.external)!;
  s.tenant.addSignIn({ userId: guest.id });
  const { sessions } = await listSessions(referring([guest]), s.reading);
  expect(sessions).toMatchObject([{ accessUntil: null, accessUntilIfRevoked: null, confidence: 'Known' }]);
  expect(sessions[0]?.because).toContain('home tenant');
});

test('a display name with control characters comes out harmless', async () => {
  const s = await simulatedReading(quiet);
  const [user] = members(s.tenant, 1);
  s.tenant.addSignIn({ userId: user!.id, appDisplayName: 'Evil\u001b[2J\u202e' });
  const { sessions } = await listSessions(referring([user!]), s.reading);
  expect(sessions[0]?.appDisplayName).toBe('Evil\ufffd[2J\ufffd');
});
