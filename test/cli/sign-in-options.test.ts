import { expect, test } from 'vitest';
import { CommandFailure } from '../../src/cli/failure.ts';
import { connectionFrom } from '../../src/cli/sign-in-options.ts';

const failure = (run: () => unknown): CommandFailure => {
  try {
    run();
  } catch (error) {
    return error as CommandFailure;
  }
  throw new Error('nothing was thrown');
};

const app = { tenantId: 'contoso.example', clientId: 'app-1' };

test.each([
  ['--certificate-path', { ...app, certificatePath: 'a.pem' }, { method: 'certificateFile', path: 'a.pem' }],
  [
    '--certificate-thumbprint',
    { ...app, certificateThumbprint: 'AA' },
    { method: 'certificateStore', thumbprint: 'AA' },
  ],
  [
    '--certificate-subject-name',
    { ...app, certificateSubjectName: 'CN=x' },
    { method: 'certificateStore', subjectName: 'CN=x' },
  ],
  ['--identity', { identity: true }, { method: 'managedIdentity' }],
  [
    '--federated-token-file',
    { ...app, federatedTokenFile: 't' },
    { method: 'federatedToken', tokenFile: 't' },
  ],
  ['--azure-cli', { azureCli: true }, { method: 'azureCli' }],
  ['--device-code', { deviceCode: true }, { method: 'deviceCode' }],
  ['--browser', { browser: true }, { method: 'browser' }],
])('%s says how to sign in', (_option, options, credential) => {
  const connection = connectionFrom(options, {});
  expect(connection).toMatchObject({ kind: 'credential', credential });
  if ('tenantId' in options) expect(connection).toMatchObject(app);
});

test.each([
  ['USERSESSION_ACCESS_TOKEN', { method: 'accessToken', token: 'x' }],
  ['USERSESSION_CLIENT_SECRET', { method: 'clientSecret', clientSecret: 'x' }],
  ['AZURE_CLIENT_SECRET', { method: 'clientSecret', clientSecret: 'x' }],
  ['USERSESSION_CERTIFICATE_THUMBPRINT', { method: 'certificateStore', thumbprint: 'x' }],
  ['USERSESSION_CERTIFICATE_PATH', { method: 'certificateFile', path: 'x' }],
  ['AZURE_CLIENT_CERTIFICATE_PATH', { method: 'certificateFile', path: 'x' }],
  ['AZURE_FEDERATED_TOKEN_FILE', { method: 'federatedToken', tokenFile: 'x' }],
])('without an option %s says it', (name, credential) => {
  expect(connectionFrom({}, { [name]: 'x' })).toEqual({ kind: 'credential', credential });
});

test('an option goes before the environment, and our own variables before those of other tools', () => {
  const env = {
    AZURE_TENANT_ID: 'azure',
    USERSESSION_TENANT_ID: 'ours',
    AZURE_CLIENT_ID: 'azure-app',
    AZURE_CLIENT_SECRET: 'theirs',
    USERSESSION_CLIENT_SECRET: 'secret',
  };
  expect(connectionFrom({ tenantId: 'said' }, env)).toMatchObject({
    tenantId: 'said',
    clientId: 'azure-app',
    credential: { clientSecret: 'secret' },
  });
  expect(connectionFrom({}, env)).toMatchObject({ tenantId: 'ours' });
});

test("variables that Azure's tools share do not choose the tenant or app of a person or machine", () => {
  const env = { AZURE_TENANT_ID: 'azure', AZURE_CLIENT_ID: 'azure-app' };
  for (const options of [{ deviceCode: true }, { browser: true }, { azureCli: true }, { identity: true }]) {
    const connection = connectionFrom(options, env);
    expect(connection).not.toHaveProperty('tenantId');
    expect(connection).not.toHaveProperty('clientId');
  }
});

test('a certificate password comes from the environment alone', () => {
  const env = { USERSESSION_CERTIFICATE_PASSWORD: 'pw' };
  expect(connectionFrom({ ...app, certificatePath: 'a.pfx' }, env)).toMatchObject({
    credential: { password: 'pw' },
  });
});

test('cloud and endpoints come from options or environment; a login host of the cloud itself is no other one', () => {
  const token = { USERSESSION_ACCESS_TOKEN: 'x' };
  expect(connectionFrom({ environment: 'China' }, token)).toMatchObject({ environment: 'China' });
  expect(connectionFrom({}, { ...token, USERSESSION_ENVIRONMENT: 'usgov' })).toMatchObject({
    environment: 'USGov',
  });
  expect(connectionFrom({}, { ...token, USERSESSION_GRAPH_URL: 'https://g' })).toMatchObject({
    graphUrl: 'https://g',
  });
  expect(connectionFrom({}, { ...token, USERSESSION_LOGIN_URL: 'https://l' })).toMatchObject({
    loginUrl: 'https://l',
  });
  const host = 'https://login.microsoftonline.com/';
  expect(connectionFrom({}, { ...token, AZURE_AUTHORITY_HOST: host })).not.toHaveProperty('loginUrl');
  expect(connectionFrom({}, { ...token, AZURE_AUTHORITY_HOST: 'https://login.example/' })).toMatchObject({
    loginUrl: 'https://login.example',
  });
});

test('nothing and too much are refused in words', () => {
  expect(failure(() => connectionFrom({}, {}))).toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/^Not signed in\./),
  });
  expect(failure(() => connectionFrom({ identity: true, azureCli: true }, {}))).toMatchObject({
    exitCode: 1,
  });
  expect(
    failure(() => connectionFrom({}, { USERSESSION_ACCESS_TOKEN: 'x', USERSESSION_ENVIRONMENT: 'Mars' })),
  ).toMatchObject({ exitCode: 1, message: expect.stringMatching(/Mars; it takes Global/) });
});
