import { createPublicKey, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Body, loginStage, scope } from './login-stage.ts';

const read = async (url: string): Promise<{ status: number; body: Body }> => {
  const response = await fetch(url);
  return { status: response.status, body: await response.json() };
};

test('the metadata names the endpoints of this very server, under the id of the tenant', async () => {
  const { server, tenant } = await loginStage();
  const path = 'v2.0/.well-known/openid-configuration';
  const byId = await read(`${server.loginUrl}/${tenant.tenantId}/${path}`);
  const base = `${server.loginUrl}/${tenant.tenantId}`;
  expect(byId.body).toMatchObject({
    issuer: `${base}/v2.0`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
  });
  expect((await read(`${server.loginUrl}/${tenant.domain}/${path}`)).body).toEqual(byId.body);
  const common = await read(`${server.loginUrl}/common/${path}`);
  expect(common.body.issuer).toBe(`${server.loginUrl}/{tenantid}/v2.0`);
  expect(common.body.token_endpoint).toBe(`${server.loginUrl}/common/oauth2/v2.0/token`);
});

test('instance discovery knows this one instance', async () => {
  const { server } = await loginStage();
  const query = `api-version=1.1&authorization_endpoint=${server.loginUrl}/contoso.example/oauth2/v2.0/authorize`;
  const { body } = await read(`${server.loginUrl}/common/discovery/instance?${query}`);
  const { host } = new URL(server.loginUrl);
  expect(body.tenant_discovery_endpoint).toBe(
    `${server.loginUrl}/contoso.example/v2.0/.well-known/openid-configuration`,
  );
  expect(body.metadata[0].aliases).toEqual([host]);
});

test('an id token is signed by the key that is published', async () => {
  const { server, tenant, post } = await loginStage();
  const user = tenant.persona('member');
  const { body } = await post({
    grant_type: 'password',
    client_id: tenant.apps.public.appId,
    username: user.userPrincipalName,
    password: 'x',
    scope: `${scope} openid profile offline_access`,
  });
  const [header, payload, signature] = (body.id_token as string).split('.');
  const { kid, alg } = JSON.parse(Buffer.from(header!, 'base64url').toString());
  expect(alg).toBe('RS256');
  const { body: jwks } = await read(`${server.loginUrl}/${tenant.tenantId}/discovery/v2.0/keys`);
  const key = jwks.keys.find((one: { kid: string }) => one.kid === kid);
  const content = Buffer.from(`${header}.${payload}`);
  const publicKey = createPublicKey({ key, format: 'jwk' });
  expect(verify('sha256', content, publicKey, Buffer.from(signature!, 'base64url'))).toBe(true);
  expect(JSON.parse(Buffer.from(payload!, 'base64url').toString())).toMatchObject({
    aud: tenant.apps.public.appId,
    oid: user.id,
    preferred_username: user.userPrincipalName,
    tid: tenant.tenantId,
  });
  expect(JSON.parse(Buffer.from(body.client_info, 'base64url').toString())).toEqual({
    uid: user.id,
    utid: tenant.tenantId,
  });
});
