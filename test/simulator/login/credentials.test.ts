import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  DeviceCodeCredential,
  type TokenCredential,
  WorkloadIdentityCredential,
} from '@azure/identity';
import { expect, onTestFinished, test } from 'vitest';
import { selfSigned } from '../../support/certificates.ts';
import {
  assertionClaims,
  claimsOf,
  type LoginStage,
  loginStage,
  rsaKeys,
  scope,
  signJwt,
  thumbprint,
} from './login-stage.ts';
import { createPrivateKey } from 'node:crypto';

const permissions = ['User.Read.All'];
const issuer = 'https://token.actions.example';
const subject = 'repo:contoso/leavers:ref:refs/heads/main';

/** A token from the credential, which Graph then takes. */
async function signIn(stage: LoginStage, credential: TokenCredential): Promise<Record<string, unknown>> {
  const token = await credential.getToken(scope, { enableCae: true });
  const heard = await stage.graph(token!.token, '/users?$top=1');
  expect(heard.status).toBe(200);
  expect(heard.body.value).toHaveLength(1);
  return claimsOf(token!.token);
}

test('a client secret signs the app in, with what it was consented and with cp1', async () => {
  const stage = await loginStage();
  const { tenant } = stage;
  const { appId, secrets, servicePrincipalId } = tenant.apps.confidential;
  const credential = new ClientSecretCredential(tenant.tenantId, appId, secrets[0]!.value, stage.at);
  expect(await signIn(stage, credential)).toMatchObject({
    appid: appId,
    oid: servicePrincipalId,
    idtyp: 'app',
    roles: ['User.RevokeSessions.All', 'User.Read.All', 'GroupMember.Read.All'],
    xms_cc: ['cp1'],
    tid: tenant.tenantId,
  });
  expect(tenant.signIns).toEqual([
    { at: expect.any(Number), appId, kind: 'clientSecret', user: null, succeeded: true, errorCode: 0 },
  ]);
});

test('a client that did not declare cp1 gets none, and the domain names the tenant as well as its id', async () => {
  const stage = await loginStage();
  const { appId, secrets } = stage.tenant.apps.confidential;
  const credential = new ClientSecretCredential(stage.tenant.domain, appId, secrets[0]!.value, stage.at);
  const token = await credential.getToken(scope);
  expect(claimsOf(token.token)['xms_cc']).toBeUndefined();
});

test('a certificate file signs the app in, by PS256 and SHA-256', async () => {
  const stage = await loginStage();
  const { certificate, privateKey } = await selfSigned();
  const app = stage.tenant.registerApp({ certificates: [certificate], permissions });
  const credential = new ClientCertificateCredential(
    stage.tenant.tenantId,
    app.appId,
    { certificate: certificate + privateKey },
    stage.at,
  );
  expect(await signIn(stage, credential)).toMatchObject({ appid: app.appId, roles: permissions });
  expect(stage.tenant.signIns[0]?.kind).toBe('clientCertificate');
});

test.each([
  ['PS256', 'x5t#S256', 'sha256'],
  ['RS256', 'x5t', 'sha1'],
])('an assertion that was signed elsewhere is verified: %s with %s', async (alg, name, hash) => {
  const stage = await loginStage({ singleUseAssertions: true });
  const { certificate, privateKey } = await selfSigned();
  const app = stage.tenant.registerApp({ certificates: [certificate], permissions });
  const make = async () =>
    signJwt(assertionClaims(stage, app.appId), createPrivateKey(privateKey), {
      alg,
      [name]: thumbprint(certificate, hash),
    });
  const credential = new ClientAssertionCredential(stage.tenant.tenantId, app.appId, make, stage.at);
  await signIn(stage, credential);
});

test('a token of an outside issuer signs the app in, from a file', async () => {
  const stage = await loginStage();
  const keys = rsaKeys();
  const jwk = { ...keys.publicKey.export({ format: 'jwk' }), kid: 'k1' };
  const app = stage.tenant.registerApp({ federated: [{ issuer, subject, keys: [jwk] }], permissions });
  const folder = mkdtempSync(join(tmpdir(), 'usersession-federated-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const tokenFilePath = join(folder, 'token');
  const exp = Math.floor(Date.now() / 1000) + 300;
  const claims = { iss: issuer, sub: subject, aud: 'api://AzureADTokenExchange', exp };
  writeFileSync(tokenFilePath, signJwt(claims, keys.privateKey, { alg: 'RS256', kid: 'k1' }));
  const credential = new WorkloadIdentityCredential({
    tenantId: stage.tenant.tenantId,
    clientId: app.appId,
    tokenFilePath,
    ...stage.at,
  });
  expect(await signIn(stage, credential)).toMatchObject({ appid: app.appId });
  expect(stage.tenant.signIns[0]?.kind).toBe('federated');
});

test('a device code signs in who enters it; the next token comes by refresh, with the claims that Graph wanted', async () => {
  const stage = await loginStage({ deviceCodes: { intervalSeconds: 0.02 } });
  const { tenant } = stage;
  let entered = 0;
  const credential = new DeviceCodeCredential({
    tenantId: tenant.tenantId,
    clientId: tenant.apps.public.appId,
    ...stage.at,
    userPromptCallback: ({ userCode, verificationUri }) => {
      entered += 1;
      expect(verificationUri).toBe(`${stage.server.loginUrl}/${tenant.tenantId}/device`);
      // Later than the first question of the client, so that it has to go on asking.
      setTimeout(() => tenant.approveDeviceCode(userCode, 'helpdeskAdministrator'), 100);
    },
  });
  const user = tenant.persona('helpdeskAdministrator');
  const first = await credential.getToken(scope, { enableCae: true });
  expect(claimsOf(first.token)).toMatchObject({
    oid: user.id,
    upn: user.userPrincipalName,
    appid: tenant.apps.public.appId,
    scp: expect.stringContaining('User.RevokeSessions.All'),
    wids: expect.arrayContaining(['729827e3-9c14-49f7-bb1b-9608f156bbb8']),
    xms_cc: ['cp1'],
  });
  expect((await stage.graph(first.token, '/me')).body.id).toBe(user.id);
  expect((await credential.getToken(scope, { enableCae: true })).token).toBe(first.token);

  tenant.challenge({ userId: user.id });
  const refused = await stage.graph(first.token, '/me');
  expect(refused.status).toBe(401);
  const encoded = /claims="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '')?.[1] ?? '';
  const claims = Buffer.from(encoded, 'base64').toString();
  const second = await credential.getToken(scope, { enableCae: true, claims });
  expect((await stage.graph(second.token, '/me')).status).toBe(200);
  expect(entered).toBe(1);
  expect(tenant.signIns.map(one => [one.kind, one.user?.id, one.succeeded])).toEqual([
    ['deviceCode', user.id, true],
    ['refreshToken', user.id, true],
  ]);
});

test('after the revocation of the user a refresh is refused, and the code has to be entered again', async () => {
  const stage = await loginStage();
  const { tenant } = stage;
  const prompts: string[] = [];
  const credential = new DeviceCodeCredential({
    tenantId: tenant.tenantId,
    clientId: tenant.apps.public.appId,
    ...stage.at,
    userPromptCallback: ({ userCode }) => {
      prompts.push(userCode);
      tenant.approveDeviceCode(userCode);
    },
  });
  const { token } = await credential.getToken(scope, { enableCae: true });
  const revoked = await fetch(`${stage.server.url}/v1.0/me/revokeSignInSessions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  expect(revoked.status).toBe(200);
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
  const again = await credential.getToken(scope, { enableCae: true, claims });
  expect((await stage.graph(again.token, '/me')).status).toBe(200);
  expect(prompts).toHaveLength(2);
  expect(tenant.signIns.map(one => [one.kind, one.errorCode])).toEqual([
    ['deviceCode', 0],
    ['refreshToken', 50173],
    ['deviceCode', 0],
  ]);
});

test('a claims challenge of an app is answered by a new token, with secret and with certificate', async () => {
  const stage = await loginStage();
  const { tenant } = stage;
  const { certificate, privateKey } = await selfSigned();
  const app = tenant.registerApp({ certificates: [certificate], permissions });
  const { appId, secrets } = tenant.apps.confidential;
  const credentials = [
    new ClientSecretCredential(tenant.tenantId, appId, secrets[0]!.value, stage.at),
    new ClientCertificateCredential(
      tenant.tenantId,
      app.appId,
      { certificate: certificate + privateKey },
      stage.at,
    ),
  ];
  for (const credential of credentials) {
    const before = await credential.getToken(scope, { enableCae: true });
    tenant.challenge({ appId: String(claimsOf(before.token)['appid']) });
    expect((await stage.graph(before.token, '/users?$top=1')).status).toBe(401);
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
    const after = await credential.getToken(scope, { enableCae: true, claims });
    expect((await stage.graph(after.token, '/users?$top=1')).status).toBe(200);
  }
});

test('how long tokens live can be set', async () => {
  const stage = await loginStage({ accessTokenLifetimeSeconds: 600 });
  const { appId, secrets } = stage.tenant.apps.confidential;
  const credential = new ClientSecretCredential(stage.tenant.tenantId, appId, secrets[0]!.value, stage.at);
  const token = await credential.getToken(scope, { enableCae: true });
  const claims = claimsOf(token.token);
  expect(Number(claims['exp']) - Number(claims['iat'])).toBe(600);
  expect(token.expiresOnTimestamp - Date.now()).toBeLessThan(600_500);
  stage.clock.ahead = 601_000;
  const late = await stage.graph(token.token, '/users?$top=1');
  expect(late.body.error.message).toBe('Lifetime validation failed, the token is expired.');
});
