import { createPrivateKey } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { moduleOut } from '../../build/paths.ts';
import { CertificateHome } from '../auth/certificate-home.ts';
import { startBrowser } from '../support/browser.ts';
import { appWithCertificate } from '../support/app-with-certificate.ts';
import { selfSigned } from '../support/certificates.ts';
import { engineFile } from '../support/engine-process.ts';
import { openedPage } from '../support/opened-page.ts';
import { pfxFile } from '../support/pfx.ts';
import { type SignInStage, signInStage } from '../support/sign-in-stage.ts';
import { onTerminal } from '../support/terminal.ts';
import { rsaKeys, signJwt } from '../simulator/login/login-stage.ts';

const password = 'Sesam, \u00f6ffne dich "4711"';
const home = new CertificateHome();
let thumbprint = '';
/** Of a certificate authority, which has a place in many files. */
let issuer = '';
beforeAll(async () => {
  thumbprint = (await home.add({ subject: 'CN=usersession nightly' }))[0]!;
  issuer = (await selfSigned()).certificate;
});
afterAll(() => home.remove());

interface Way {
  args: string[];
  env?: Record<string, string>;
  /** What the tenant saw. */
  kind: string;
}

/** Signs the app with its certificate in, from files that are made of it. */
const withCertificate =
  (files: (stage: SignInStage, pair: { certificate: string; privateKey: string }) => Omit<Way, 'kind'>) =>
  async (stage: SignInStage): Promise<Way> => {
    const { pair, app } = await appWithCertificate(stage);
    const { args, env } = files(stage, pair);
    return {
      args: ['--tenant-id', stage.tenant.domain, '--client-id', app.appId, ...args],
      env,
      kind: 'clientCertificate',
    };
  };

const encrypted = (pem: string) =>
  createPrivateKey(pem).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: password });

const stored =
  (...args: string[]) =>
  async (stage: SignInStage): Promise<Way> => {
    const certificates = [await home.pem(thumbprint)];
    const app = stage.tenant.registerApp({ ...stage.app, appId: undefined, certificates });
    const names = ['--tenant-id', stage.tenant.tenantId, '--client-id', app.appId];
    return { args: [...names, ...args], env: { HOME: home.folder }, kind: 'clientCertificate' };
  };

const identity =
  (form: 'appService' | 'metadata', kind: 'system' | 'user') =>
  async ({ tenant, server }: SignInStage): Promise<Way> => {
    const own = tenant.apps.managedIdentities.find(one => one.kind === kind)!;
    return {
      args: ['--identity', ...(kind === 'user' ? ['--client-id', own.clientId] : [])],
      env:
        form === 'metadata'
          ? { AZURE_POD_IDENTITY_AUTHORITY_HOST: server.loginUrl }
          : {
              IDENTITY_ENDPOINT: `${server.loginUrl}/msi/token`,
              IDENTITY_HEADER: tenant.apps.identityHeader,
            },
      kind: 'managedIdentity',
    };
  };

async function federated(stage: SignInStage): Promise<Way> {
  const { publicKey, privateKey } = rsaKeys();
  const claims = { iss: 'https://token.example', sub: 'repo:contoso/revoke:ref:refs/heads/main' };
  const app = stage.tenant.registerApp({
    ...stage.app,
    appId: undefined,
    secrets: [],
    federated: [
      {
        issuer: claims.iss,
        subject: claims.sub,
        keys: [publicKey.export({ type: 'spki', format: 'pem' }) as string],
      },
    ],
  });
  const now = Math.floor(Date.now() / 1000);
  const token = signJwt(
    { ...claims, aud: 'api://AzureADTokenExchange', iat: now, nbf: now, exp: now + 600 },
    privateKey,
    { alg: 'RS256' },
  );
  return {
    args: ['--federated-token-file', stage.file('token.jwt', `${token}\n`)],
    env: { AZURE_TENANT_ID: stage.tenant.tenantId, AZURE_CLIENT_ID: app.appId },
    kind: 'federated',
  };
}

const ways: [name: string, way: (stage: SignInStage) => Promise<Way>][] = [
  ['a client secret', async stage => ({ args: [], env: stage.secretEnv, kind: 'clientSecret' })],
  [
    "a client secret in the variables of Azure's tools",
    async ({ tenant, app, secret }) => ({
      args: [],
      env: { AZURE_TENANT_ID: tenant.tenantId, AZURE_CLIENT_ID: app.appId, AZURE_CLIENT_SECRET: secret },
      kind: 'clientSecret',
    }),
  ],
  [
    'a PEM file',
    withCertificate((stage, { certificate, privateKey }) => ({
      args: ['--certificate-path', stage.file('app.pem', certificate + privateKey)],
    })),
  ],
  [
    'a PEM file in which others stand before',
    withCertificate((stage, { certificate, privateKey }) => ({
      args: ['--certificate-path', stage.file('app.pem', `\ufeff${privateKey}\n${issuer}${certificate}`)],
    })),
  ],
  [
    'a PEM file that Windows PowerShell has written',
    withCertificate((stage, { certificate, privateKey }) => ({
      args: [
        '--certificate-path',
        stage.file('app.pem', Buffer.from(`\ufeff${certificate}${privateKey}`, 'utf16le')),
      ],
    })),
  ],
  [
    'a PEM file whose key is encrypted',
    withCertificate((stage, { certificate, privateKey }) => ({
      args: ['--certificate-path', stage.file('app.pem', `${certificate}${encrypted(privateKey)}`)],
      env: { USERSESSION_CERTIFICATE_PASSWORD: password },
    })),
  ],
  [
    'a PFX file of today',
    withCertificate((stage, pair) => ({
      args: ['--certificate-path', pfxFile(stage, pair, password, { others: issuer })],
      env: { USERSESSION_CERTIFICATE_PASSWORD: password },
    })),
  ],
  [
    'a PFX file of old, all in the environment',
    withCertificate((stage, pair) => ({
      args: [],
      env: {
        AZURE_CLIENT_CERTIFICATE_PATH: pfxFile(stage, pair, password, { cipher: 'legacy' }),
        AZURE_CLIENT_CERTIFICATE_PASSWORD: password,
      },
    })),
  ],
  [
    'a PFX file without a password',
    withCertificate((stage, pair) => ({ args: ['--certificate-path', pfxFile(stage, pair, '')] })),
  ],
  [
    'a PFX file that .NET has written',
    async stage => stored('--certificate-path', home.pfx(thumbprint))(stage),
  ],
  [
    "a thumbprint in the system's store",
    async stage => stored('--certificate-thumbprint', thumbprint.toLowerCase())(stage),
  ],
  ["a subject in the system's store", stored('--certificate-subject-name', 'usersession nightly')],
  ['a federated token', federated],
  ['the identity of a service', identity('appService', 'system')],
  ['an identity that was assigned to a service', identity('appService', 'user')],
  ['the identity of a machine', identity('metadata', 'system')],
  ['an identity that was assigned to a machine', identity('metadata', 'user')],
];

test.each(ways)('with %s a user is signed out', async (_name, way) => {
  const stage = await signInStage();
  const { args, env, kind } = await way(stage);
  const run = await stage.revoke(args, env);
  expect(run.err).toContain('1 of 1 revoked');
  expect(run).toMatchObject({ code: 0, row: { outcome: 'Revoked', userId: stage.user.id } });
  expect(stage.revoked()).toBe(true);
  expect(stage.tenant.signIns.map(one => [one.kind, one.succeeded])).toEqual([[kind, true]]);
});

test('with an access token a user is signed out, and nobody is asked for another', async () => {
  const stage = await signInStage();
  const run = await stage.revoke([], { USERSESSION_ACCESS_TOKEN: stage.tenant.issueToken('app') });
  expect(run).toMatchObject({ code: 0, row: { outcome: 'Revoked' } });
  expect(stage.tenant.signIns).toEqual([]);
});

test('with the Azure CLI, whoever is signed in there signs a user out', async () => {
  const stage = await signInStage();
  const answer = {
    accessToken: stage.tenant.issueToken('userAdministrator'),
    expires_on: Math.floor(Date.now() / 1000) + 3600,
    tenant: stage.tenant.tenantId,
    tokenType: 'Bearer',
  };
  const said = stage.file('az.json', JSON.stringify(answer));
  const PATH = stage.program('az', `echo "$@" > '${stage.folder}/asked'; cat '${said}'`);
  const run = await stage.revoke(['--azure-cli'], { PATH });
  expect(run).toMatchObject({ code: 0, row: { outcome: 'Revoked' } });
});

test('on a terminal, whoever enters the code that is shown there signs a user out', async () => {
  const stage = await signInStage({ deviceCodes: { intervalSeconds: 1 } });
  const { tenant } = stage;
  let code = '';
  const run = await onTerminal(['revoke', stage.user.id, '--device-code'], {
    env: {
      ...stage.env,
      USERSESSION_TENANT_ID: tenant.tenantId,
      USERSESSION_CLIENT_ID: tenant.apps.public.appId,
    },
    watch: screen => {
      const shown = /enter the code (\w+)/.exec(screen)?.[1];
      if (code || !shown) return;
      code = shown;
      tenant.approveDeviceCode(code);
    },
  });
  expect(run.screen).toContain(`${stage.server.loginUrl}/`);
  expect(run.screen).toContain('1 of 1 revoked');
  expect(run.code).toBe(0);
  expect(stage.revoked()).toBe(true);
});

test('on a terminal, a person in the browser that opens signs a user out', async () => {
  const stage = await signInStage();
  const opened = openedPage(stage);
  const run = onTerminal(['revoke', stage.user.id, '--browser'], {
    env: {
      ...stage.env,
      PATH: opened.path,
      USERSESSION_TENANT_ID: stage.tenant.tenantId,
      USERSESSION_CLIENT_ID: stage.tenant.apps.public.appId,
    },
  });
  const context = await (await startBrowser()).newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(await opened.url());
  await page.getByRole('radio', { name: stage.tenant.persona('userAdministrator').displayName }).check();
  await page.getByRole('button', { name: 'Sign in' }).click();
  const { screen, code } = await run;
  expect(screen).toContain('Sign in with the browser window that opens now.');
  expect(screen).toContain('1 of 1 revoked');
  expect(code).toBe(0);
  expect(stage.revoked()).toBe(true);
});

test.each(['--device-code', '--browser'])('without a terminal %s is refused at once', async way => {
  const stage = await signInStage();
  const run = await stage.revoke([way], { PATH: openedPage(stage).path });
  expect(run).toMatchObject({ code: 3, out: '' });
  expect(run.err).toMatch(/^error: This way to sign in takes a person at a console.*managed identity/);
  expect(stage.tenant.signIns).toEqual([]);
  expect(stage.tenant.requests).toEqual([]);
});

test('without a program that opens a browser --browser says what to use instead', async () => {
  const stage = await signInStage();
  const node = join(moduleOut, 'engine', 'node');
  const run = await onTerminal([`PATH=${stage.folder}`, node, engineFile, 'whoami', '--browser'], {
    env: stage.env,
    program: '/usr/bin/env',
  });
  expect(run.screen).toMatch(/No browser can be opened on this machine.*--device-code/);
  expect(run.code).toBe(3);
});
