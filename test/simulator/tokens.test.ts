import { expect, test } from 'vitest';
import { SimulatedTenant } from '../../src/simulator/simulated-tenant.ts';
import { ordinary, stage, startOfTime } from './stage.ts';

const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

test('a token names the simulated issuer, the tenant, the caller and what was consented', async () => {
  const { tenant } = await stage();
  const claims = claimsOf(tenant.issueToken('userAdministrator'));
  const user = tenant.persona('userAdministrator');
  expect(claims).toMatchObject({
    iss: `https://simulated.usersession.invalid/${tenant.tenantId}/`,
    tid: tenant.tenantId,
    oid: user.id,
    upn: user.userPrincipalName,
    name: user.displayName,
    scp: 'User.RevokeSessions.All User.Read.All GroupMember.Read.All',
    idtyp: 'user',
    iat: Math.floor(startOfTime / 1000),
    xms_cc: ['cp1'],
  });
  expect(claims['wids']).toContain('fe930be7-5e62-47db-91af-98c3a49a38b1');
  expect(claims['roles']).toBeUndefined();
});

test('an application has roles instead of scopes, and no user', async () => {
  const { tenant } = await stage();
  const claims = claimsOf(tenant.issueToken('app'));
  expect(claims).toMatchObject({
    idtyp: 'app',
    roles: ['User.RevokeSessions.All', 'User.Read.All', 'GroupMember.Read.All'],
  });
  expect(claims['scp']).toBeUndefined();
  expect(claims['upn']).toBeUndefined();
  expect(tenant.users.some(user => user.id === claims['oid'])).toBe(false);
});

test('without, with a broken, a foreign, a wrongly addressed and an altered token Graph says 401 and why', async () => {
  const { tenant, send } = await stage();
  const good = tenant.issueToken();
  const [head, , signature] = good.split('.');
  const altered = `${head}.${Buffer.from(JSON.stringify({ ...claimsOf(good), oid: 'x' })).toString('base64url')}.${signature}`;
  const cases: [authorization: string, message: string][] = [
    ['', 'Access token is empty.'],
    ['Basic abc', 'Access token is empty.'],
    ['Bearer abc', 'CompactToken parsing failed with error code: 80049217'],
    [
      `Bearer ${new SimulatedTenant({ seed: 9, now: () => startOfTime }).issueToken()}`,
      'Access token validation failure.',
    ],
    [
      `Bearer ${tenant.issueToken({ audience: 'https://vault.azure.net' })}`,
      'Access token validation failure. Invalid audience.',
    ],
    [`Bearer ${altered}`, 'Access token validation failure.'],
  ];
  for (const [authorization, message] of cases) {
    const heard = await send('/users', { headers: { authorization } });
    expect(heard.status).toBe(401);
    expect(heard.body.error).toMatchObject({ code: 'InvalidAuthenticationToken', message });
  }
});

test('a token ends with its lifetime, and all of them when told so', async () => {
  const { tenant, clock, send } = await stage();
  const token = tenant.issueToken({ lifetimeSeconds: 60 });
  const headers = { authorization: `Bearer ${token}` };
  expect((await send('/users', { headers })).status).toBe(200);
  clock.now += 60_000;
  const late = await send('/users', { headers });
  expect(late.body.error?.message).toBe('Lifetime validation failed, the token is expired.');

  const other = { authorization: `Bearer ${tenant.issueToken()}` };
  tenant.expireTokens();
  expect((await send('/users', { headers: other })).status).toBe(401);
  expect((await send('/users')).status).toBe(200);
});

test('after the own revocation an earlier token is challenged with the claims of 5.2, a later one works', async () => {
  const { tenant, send } = await stage();
  const authorization = `Bearer ${tenant.issueToken()}`;
  expect(
    (await send('/me/revokeSignInSessions', { method: 'POST', headers: { authorization } })).status,
  ).toBe(200);
  const refused = await send('/me', { headers: { authorization } });
  expect(refused.status).toBe(401);
  expect(refused.body.error?.message).toMatch(/TokenIssuedBeforeRevocationTimestamp$/);
  const challenge = refused.headers.get('www-authenticate') ?? '';
  expect(challenge).toContain('error="insufficient_claims"');
  const claims = Buffer.from(/claims="([^"]+)"/.exec(challenge)?.[1] ?? '', 'base64').toString();
  expect(JSON.parse(claims)).toEqual({
    access_token: { nbf: { essential: true, value: String(Math.floor(startOfTime / 1000)) } },
  });
  expect((await send('/me')).status).toBe(200);
});

test('a client that did not declare cp1 is not challenged, and an application never is', async () => {
  const { tenant, send } = await stage();
  const authorization = `Bearer ${tenant.issueToken({ continuousAccess: false })}`;
  await send('/me/revokeSignInSessions', { method: 'POST', headers: { authorization } });
  expect((await send('/me', { headers: { authorization } })).status).toBe(200);
});

test('the challenge comes only when the revocation can be seen', async () => {
  const { tenant, clock, send } = await stage({ stampDelayMs: 5000 });
  const headers = { authorization: `Bearer ${tenant.issueToken()}` };
  await send('/me/revokeSignInSessions', { method: 'POST', headers });
  expect((await send('/me', { headers })).status).toBe(200);
  clock.now += 5000;
  expect((await send('/me', { headers })).status).toBe(401);
});

test('/me is for people: an application is told so, a partner without an account here is not found', async () => {
  const { send } = await stage();
  const app = await send('/me', { as: 'app' });
  expect(app.status).toBe(400);
  expect(app.body.error?.message).toBe('/me request is only valid with delegated authentication flow.');
  const partner = await send('/me', {
    as: { userId: '0d1f0e61-0000-4000-8000-000000000000', roles: ['Global Administrator'] },
  });
  expect(partner.status).toBe(404);
});

test('a token can be bent: other permissions, other roles, another user', async () => {
  const { tenant, send } = await stage();
  const someone = ordinary(tenant);
  const as = { userId: someone.id, permissions: ['User.Read'] };
  expect((await send('/me', { as })).body['id']).toBe(someone.id);
  expect((await send('/users', { as })).status).toBe(403);
  expect(() => tenant.issueToken({ roles: ['Emperor'] })).toThrow(/Emperor/);
});
