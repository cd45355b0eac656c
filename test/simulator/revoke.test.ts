import { expect, test } from 'vitest';
import { ordinary, stage, startOfTime } from './stage.ts';

const enc = encodeURIComponent;

test('a revocation answers as Graph does and moves the time to whole seconds before the answer', async () => {
  const { tenant, send } = await stage();
  const user = ordinary(tenant);
  const heard = await send(`/users/${user.id}/revokeSignInSessions`, {
    method: 'POST',
    headers: { 'client-request-id': 'mine' },
  });
  expect(heard.status).toBe(200);
  expect(heard.body).toEqual({
    '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#Edm.Boolean',
    value: true,
  });
  expect(heard.headers.get('content-type')).toBe(
    'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
  );
  expect(heard.headers.get('x-ms-resource-unit')).toBe('1');
  expect(heard.headers.get('client-request-id')).toBe('mine');
  expect(heard.headers.get('odata-version')).toBe('4.0');
  expect(user.signInSessionsValidFromDateTime).toBe('2026-11-23T10:00:00Z');
  expect(Date.parse(user.signInSessionsValidFromDateTime)).toBeLessThanOrEqual(
    Date.parse(heard.headers.get('date') ?? ''),
  );
  expect(tenant.record).toEqual([
    { userId: user.id, at: startOfTime, requestId: heard.headers.get('request-id'), effective: true },
  ]);
});

test('every way to write the call works, in v1.0 and beta', async () => {
  const { tenant, send } = await stage();
  const user = ordinary(tenant);
  const payments = tenant.users.find(one => one.userPrincipalName.startsWith('$'))!;
  const paths = [
    `/users/${user.id}/revokeSignInSessions`,
    `/users/${user.id.toUpperCase()}/revokesigninsessions`,
    `/users/${enc(user.userPrincipalName.toUpperCase())}/revokeSignInSessions`,
    `/users/${user.id}/microsoft.graph.revokeSignInSessions`,
    `/users('${user.id}')/revokeSignInSessions`,
    `/users('${enc(user.userPrincipalName)}')/microsoft.graph.revokeSignInSessions`,
    `/users('${enc(payments.userPrincipalName)}')/revokeSignInSessions`,
    `/beta/users/${user.id}/revokeSignInSessions`,
    `/beta/users/${user.id}/invalidateAllRefreshTokens`,
    '/me/revokeSignInSessions',
    '/me/microsoft.graph.revokeSignInSessions',
  ];
  for (const path of paths) {
    const heard = await send(path, { method: 'POST' });
    expect([path, heard.status, heard.body.value]).toEqual([path, 200, true]);
  }
  expect(tenant.record).toHaveLength(paths.length);
});

test('a body is not needed, an empty object is fine, what is no JSON is refused', async () => {
  const { tenant, server, send } = await stage();
  const path = `/users/${ordinary(tenant).id}/revokeSignInSessions`;
  expect((await send(path, { method: 'POST', body: {} })).status).toBe(200);
  const broken = await fetch(`${server.url}/v1.0${path}`, {
    method: 'POST',
    body: '{"a":',
    headers: { authorization: `Bearer ${tenant.issueToken()}` },
  });
  expect(broken.status).toBe(400);
  expect(tenant.record).toHaveLength(1);
});

test('what is not the call is refused: another method, the beta action on v1.0, an unknown action, a raw hash sign', async () => {
  const { tenant, send } = await stage();
  const { id } = ordinary(tenant);
  const wrongMethod = await send(`/users/${id}/revokeSignInSessions`);
  expect(wrongMethod.status).toBe(405);
  expect(wrongMethod.body.error).toMatchObject({
    code: 'Request_BadRequest',
    message: 'Specified HTTP method is not allowed for the request target.',
  });
  const beta = await send(`/users/${id}/invalidateAllRefreshTokens`, { method: 'POST' });
  expect(beta.status).toBe(400);
  const unknown = await send(`/users/${id}/revokeEverything`, { method: 'POST' });
  expect(unknown.body.error?.message).toBe("Resource not found for the segment 'revokeEverything'.");
  const twice = await send(`/v1.0/v1.0/users/${id}/revokeSignInSessions`, { method: 'POST' });
  expect(twice.body.error?.message).toBe("Resource not found for the segment 'v1.0'.");
  const guest = tenant.users.find(user => user.external)!;
  const cut = await tenant.handle({
    method: 'POST',
    path: `/v1.0/users/${guest.userPrincipalName}/revokeSignInSessions`,
    headers: { authorization: `Bearer ${tenant.issueToken()}` },
    body: '',
  });
  expect(cut.status).toBe(405);
  expect(tenant.record).toHaveLength(0);
});

test('a name that begins with a dollar sign is refused after a slash and found in parentheses', async () => {
  const { tenant, send } = await stage();
  const { userPrincipalName } = tenant.users.find(one => one.userPrincipalName.startsWith('$'))!;
  expect((await send(`/users/${enc(userPrincipalName)}`)).status).toBe(400);
  expect((await send(`/users('${enc(userPrincipalName)}')`)).body['userPrincipalName']).toBe(
    userPrincipalName,
  );
});

test('an external user gets a yes and keeps the old time; the record knows', async () => {
  const { tenant, send } = await stage();
  for (const user of [
    tenant.users.find(one => one.external && one.userType === 'Guest')!,
    tenant.users.find(one => one.external && one.userType === 'Member')!,
  ]) {
    const before = user.signInSessionsValidFromDateTime;
    const heard = await send(`/users/${enc(user.userPrincipalName)}/revokeSignInSessions`, {
      method: 'POST',
    });
    expect(heard.body.value).toBe(true);
    expect(user.signInSessionsValidFromDateTime).toBe(before);
    expect(tenant.record.at(-1)).toMatchObject({ userId: user.id, effective: false });
  }
});

test('an internal guest signs in here and is signed out here', async () => {
  const { tenant, send } = await stage();
  const user = tenant.users.find(one => one.userType === 'Guest' && !one.external)!;
  await send(`/users/${user.id}/revokeSignInSessions`, { method: 'POST' });
  expect(tenant.record.at(-1)).toMatchObject({ userId: user.id, effective: true });
});

test('any of three permissions will do, others will not, and the refusal is the one of this action', async () => {
  const { tenant, send } = await stage();
  const path = `/users/${ordinary(tenant).id}/revokeSignInSessions`;
  const outcomes: [permission: string, status: number][] = [
    ['User.RevokeSessions.All', 200],
    ['User.ReadWrite.All', 200],
    ['Directory.ReadWrite.All', 200],
    ['User.ReadWrite', 403],
    ['User.Read.All', 403],
    ['Directory.AccessAsUser.All', 403],
  ];
  for (const appOnly of [false, true]) {
    for (const [permission, status] of outcomes) {
      const heard = await send(path, { method: 'POST', as: { permissions: [permission], appOnly } });
      expect([permission, appOnly, heard.status]).toEqual([permission, appOnly, status]);
      if (status === 403) {
        expect(heard.body.error).toMatchObject({
          code: 'Authorization_RequestDenied',
          message: 'Access to invalidate refresh tokens operation is denied.',
        });
      }
    }
  }
});

test('nobody is found under a deleted, an unknown or an alias name', async () => {
  const { tenant, send } = await stage();
  const [deleted] = tenant.deletedUsers;
  for (const key of [
    deleted!.id,
    deleted!.userPrincipalName,
    'nobody@contoso.example',
    'gibberish',
    'adele@contoso.example',
  ]) {
    const heard = await send(`/users/${key}/revokeSignInSessions`, { method: 'POST' });
    expect(heard.status).toBe(404);
    expect(heard.body.error).toMatchObject({
      code: 'Request_ResourceNotFound',
      message: `Resource '${key}' does not exist or one of its queried reference-property objects are not present.`,
    });
  }
});

test('people without a role can end their own sessions and nobody else is theirs to end', async () => {
  const { tenant, send } = await stage();
  expect((await send('/me/revokeSignInSessions', { method: 'POST', as: 'member' })).status).toBe(200);
  expect(
    (await send(`/users/${ordinary(tenant).id}/revokeSignInSessions`, { method: 'POST', as: 'member' }))
      .status,
  ).toBe(403);
  expect((await send('/me/revokeSignInSessions', { method: 'POST', as: 'app' })).status).toBe(400);
});

test('an application without a role reaches even a Global Administrator', async () => {
  const { tenant, send } = await stage();
  const { id } = tenant.persona('globalAdministrator');
  expect((await send(`/users/${id}/revokeSignInSessions`, { method: 'POST', as: 'app' })).status).toBe(200);
  expect((await send(`/users/${id}/revokeSignInSessions`, { method: 'POST' })).status).toBe(403);
});
