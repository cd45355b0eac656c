import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claimsOf, type LoginStage, loginStage } from './login-stage.ts';
import { runCredential } from './run-credential.ts';

const forms: [name: string, env: (stage: LoginStage) => Record<string, string>][] = [
  [
    'App Service',
    stage => ({
      IDENTITY_ENDPOINT: `${stage.server.loginUrl}/msi/token`,
      IDENTITY_HEADER: stage.tenant.apps.identityHeader,
    }),
  ],
  ['the metadata service', stage => ({ AZURE_POD_IDENTITY_AUTHORITY_HOST: stage.server.loginUrl })],
];

test.each(forms)('%s gives the machine its own identity, and the one that is named', async (_name, env) => {
  const stage = await loginStage({}, { tls: false });
  const [system, user] = stage.tenant.apps.managedIdentities;
  for (const [options, identity] of [
    [{}, system],
    [{ clientId: user!.clientId }, user],
    [{ objectId: user!.objectId }, user],
    [{ resourceId: user!.resourceId }, user],
  ] as const) {
    const { token, error } = await runCredential('managedIdentity', options, env(stage));
    expect(error).toBeUndefined();
    const claims = claimsOf(token!);
    expect(claims).toMatchObject({ appid: identity!.clientId, oid: identity!.objectId, idtyp: 'app' });
    expect(claims['xms_cc']).toBeUndefined();
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(86_400);
    expect((await stage.graph(token!, '/users?$top=1')).status).toBe(200);
  }
  expect(stage.tenant.signIns.map(one => [one.kind, one.succeeded])).toEqual(
    Array.from({ length: 4 }, () => ['managedIdentity', true]),
  );
});

test.each([
  ['App Service', forms[0]![1], /No User Assigned or Delegated Managed Identity found/],
  ['the metadata service', forms[1]![1], /Identity not found/],
] as const)('%s does not know an identity that was not assigned', async (_name, env, words) => {
  const stage = await loginStage({}, { tls: false });
  const run = await runCredential('managedIdentity', { clientId: 'nobody' }, env(stage));
  expect(run.token).toBeUndefined();
  expect(run.error).toMatch(words);
  expect(stage.tenant.signIns.at(-1)).toMatchObject({ appId: 'nobody', succeeded: false });
});

test('over TLS the certificate is trusted by NODE_EXTRA_CA_CERTS', async () => {
  const stage = await loginStage();
  const folder = mkdtempSync(join(tmpdir(), 'usersession-ca-'));
  try {
    writeFileSync(`${folder}/ca.pem`, stage.server.caCertificate!);
    const env = { ...forms[0]![1](stage), NODE_EXTRA_CA_CERTS: `${folder}/ca.pem` };
    expect(await runCredential('managedIdentity', {}, env)).toHaveProperty('token');
    const without = await runCredential(
      'managedIdentity',
      { retryOptions: { maxRetries: 0 } },
      forms[0]![1](stage),
    );
    expect(without).not.toHaveProperty('token');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const resource = 'https%3A%2F%2Fgraph.microsoft.com';

test.each([
  ['without the header', '/msi/token?api-version=2019-08-01&resource=x', {}, 401, /X-IDENTITY-HEADER/],
  [
    'another version',
    `/msi/token?api-version=2017-09-01&resource=${resource}`,
    { header: true },
    400,
    /2017-09-01/,
  ],
  ['no resource', '/msi/token?api-version=2019-08-01', { header: true }, 400, /resource/],
  [
    'another resource',
    '/msi/token?api-version=2019-08-01&resource=https://vault.azure.net',
    { header: true },
    400,
    /AADSTS500011/,
  ],
] as const)(
  'App Service refuses %s in its own shape',
  async (_what, path, { header }: { header?: true }, status, words) => {
    const { server, tenant } = await loginStage({}, { tls: false });
    const headers = { 'X-IDENTITY-HEADER': header ? tenant.apps.identityHeader : 'guess' };
    const response = await fetch(server.loginUrl + path, { headers });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      statusCode: status,
      message: expect.stringMatching(words),
      correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  },
);

test.each([
  [
    'without the header',
    `api-version=2018-02-01&resource=${resource}`,
    {},
    'invalid_request',
    /metadata header/,
  ],
  [
    'another version',
    `api-version=2017-01-01&resource=${resource}`,
    { Metadata: 'true' },
    'invalid_request',
    /version/,
  ],
  ['no resource', 'api-version=2018-02-01', { Metadata: 'true' }, 'invalid_request', /audience/],
  [
    'another resource',
    'api-version=2018-02-01&resource=https://vault.azure.net',
    { Metadata: 'true' },
    'invalid_resource',
    /AADSTS500011/,
  ],
] as const)(
  'the metadata service refuses %s in its own shape',
  async (_what, query, headers, error, words) => {
    const { server } = await loginStage({}, { tls: false });
    const response = await fetch(`${server.loginUrl}/metadata/identity/oauth2/token?${query}`, { headers });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error, error_description: expect.stringMatching(words) });
  },
);
