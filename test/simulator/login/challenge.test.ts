import { expect, test } from 'vitest';
import { stage } from '../stage.ts';

const readMe = [{ id: '1', method: 'GET', url: '/me' }];

test('on demand the tokens of one user are challenged, nobody else’s and no later ones', async () => {
  const { tenant, send, clock } = await stage();
  const user = tenant.persona('userAdministrator');
  const mine = { authorization: `Bearer ${tenant.issueToken('userAdministrator')}` };
  const other = { authorization: `Bearer ${tenant.issueToken('reader')}` };
  tenant.challenge({ userId: user.id });
  const refused = await send('/me', { headers: mine });
  expect([refused.status, refused.body.error?.code]).toEqual([401, 'InvalidAuthenticationToken']);
  const claims = /claims="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '')?.[1] ?? '';
  expect(JSON.parse(Buffer.from(claims, 'base64').toString())).toEqual({
    access_token: { nbf: { essential: true, value: String(Math.floor(clock.now / 1000)) } },
  });
  expect((await send('/me', { headers: other })).status).toBe(200);
  expect((await send('/me')).status).toBe(200);
});

test('an app’s tokens are challenged, its own and those of people who use it', async () => {
  const { tenant, send } = await stage();
  const app = { authorization: `Bearer ${tenant.issueToken('app')}` };
  const person = { authorization: `Bearer ${tenant.issueToken()}` };
  tenant.challenge({ appId: tenant.apps.confidential.appId });
  expect((await send('/users', { headers: app })).status).toBe(401);
  expect((await send('/users', { headers: person })).status).toBe(200);
  tenant.challenge({ appId: tenant.apps.public.appId });
  expect((await send('/users', { headers: person })).status).toBe(401);
});

test('when nobody is named everybody is challenged, except who did not declare cp1', async () => {
  const { tenant, send } = await stage();
  const tokens = ['app', 'reader'] as const;
  const before = tokens.map(persona => tenant.issueToken(persona));
  const plain = tenant.issueToken({ continuousAccess: false });
  tenant.challenge();
  for (const token of before)
    expect((await send('/users', { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
  expect((await send('/users', { headers: { authorization: `Bearer ${plain}` } })).status).toBe(200);
});

test('a batch is challenged as a whole, or each of its items under a batch that is answered', async () => {
  const { tenant, batch } = await stage();
  const first = { authorization: `Bearer ${tenant.issueToken()}` };
  tenant.challenge({ where: 'batch' });
  const whole = await batch(readMe, { headers: { ...first, 'content-type': 'application/json' } });
  expect(whole.status).toBe(401);
  expect(whole.headers.get('www-authenticate')).toContain('insufficient_claims');

  const second = { authorization: `Bearer ${tenant.issueToken()}` };
  tenant.challenge({ where: 'item' });
  const inside = await batch(readMe, { headers: { ...second, 'content-type': 'application/json' } });
  expect(inside.status).toBe(200);
  const item = inside.body.responses?.[0];
  expect(item?.status).toBe(401);
  expect(item?.headers['WWW-Authenticate']).toContain('error="insufficient_claims"');
  expect(item?.body.error?.message).toMatch(/TokenIssuedBeforeRevocationTimestamp$/);
});

test('nothing is done for an item that is challenged', async () => {
  const { tenant, batch } = await stage();
  const headers = { authorization: `Bearer ${tenant.issueToken()}`, 'content-type': 'application/json' };
  tenant.challenge({ where: 'item' });
  const user = tenant.persona('member').id;
  const revoke = {
    id: '1',
    method: 'POST',
    url: `/users/${user}/revokeSignInSessions`,
    headers: { 'Content-Type': 'application/json' },
    body: {},
  };
  expect((await batch([revoke], { headers })).body.responses?.[0]?.status).toBe(401);
  expect(tenant.record).toEqual([]);
  expect((await batch([revoke])).body.responses?.[0]?.status).toBe(200);
  expect(tenant.record).toHaveLength(1);
});
