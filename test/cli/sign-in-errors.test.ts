import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CertificateHome } from '../auth/certificate-home.ts';
import { appWithCertificate } from '../support/app-with-certificate.ts';
import { makeAuthority, selfSigned } from '../support/certificates.ts';
import { listen } from '../support/front.ts';
import { pfxFile } from '../support/pfx.ts';
import { type SignInStage, signInStage } from '../support/sign-in-stage.ts';
import { onTerminal } from '../support/terminal.ts';

const home = new CertificateHome();
let stored: Record<'expired' | 'keyless' | 'good', string>;
beforeAll(async () => {
  const thumbprints = await home.add(
    { subject: 'CN=Expired', from: -20, until: -10 },
    { subject: 'CN=Keyless', withoutKey: true },
    { subject: 'CN=Good' },
  );
  const [expired = '', keyless = '', good = ''] = thumbprints;
  stored = { expired, keyless, good };
});
afterAll(() => home.remove());

interface Attempt {
  args?: string[];
  env?: Record<string, string>;
}
type Told = RegExp[];

/** The app as another registration of the tenant, signed in by its secret. */
function secretOf(stage: SignInStage, changes: object): Attempt {
  const app = stage.tenant.registerApp({ ...stage.app, appId: undefined, ...changes });
  return { env: { ...stage.secretEnv, USERSESSION_CLIENT_ID: app.appId } };
}

async function pem(
  stage: SignInStage,
  make: (pair: { certificate: string; privateKey: string }) => string,
  options: Parameters<typeof selfSigned>[0] = {},
): Promise<Attempt> {
  const file = stage.file('app.pem', make(await selfSigned(options)));
  return { args: [...named(stage), '--certificate-path', file] };
}
const whole = (pair: { certificate: string; privateKey: string }) => pair.certificate + pair.privateKey;
const named = ({ tenant, app }: SignInStage) => ['--tenant-id', tenant.tenantId, '--client-id', app.appId];
const inStore = (stage: SignInStage, thumbprint: string): Attempt => ({
  args: [...named(stage), '--certificate-thumbprint', thumbprint],
  env: { HOME: home.folder },
});

const refused: [what: string, attempt: (stage: SignInStage) => Attempt | Promise<Attempt>, told: Told][] = [
  [
    'a wrong secret',
    stage => ({ env: { ...stage.secretEnv, USERSESSION_CLIENT_SECRET: 'not the one' } }),
    [
      /^error: AADSTS7000215: The client secret is wrong\./,
      /secret's value, not its id/,
      /trace id [\w-]{36}/,
    ],
  ],
  [
    'a secret that expired',
    stage => secretOf(stage, { secrets: [{ value: stage.secret, expiresAt: Date.now() - 1000 }] }),
    [/^error: AADSTS7000222: The client secret has expired\./, /Certificates & secrets/],
  ],
  [
    'a tenant that there is not',
    stage => ({ env: { ...stage.secretEnv, USERSESSION_TENANT_ID: 'nowhere.example' } }),
    [/^error: AADSTS90002: There is no such tenant\./, /--environment/],
  ],
  [
    'an app that there is not',
    stage => ({ args: ['--client-id', '11111111-2222-3333-4444-555555555555'], env: stage.secretEnv }),
    [/^error: AADSTS700016: This tenant has no app with this client id\./, /not the object id/],
  ],
  [
    'an app that is disabled',
    stage => secretOf(stage, { disabled: true }),
    [/^error: AADSTS7000112: The app is disabled/, /Enterprise applications/],
  ],
  [
    'an app of another cloud',
    stage => secretOf(stage, { cloud: 'USGov' }),
    [/^error: AADSTS900439: The app belongs to the US Government cloud/, /--environment/],
  ],
  [
    'a cloud whose Graph the tenant does not know',
    stage => ({ args: ['--environment', 'China'], env: stage.secretEnv }),
    [/^error: AADSTS500011: The tenant does not know the resource/, /--environment/],
  ],
  [
    'a certificate that is not registered',
    stage => pem(stage, whole),
    [/^error: AADSTS700027: The certificate is not registered for this app/, /Upload its public part/],
  ],
  [
    'a certificate of the store that is not registered',
    stage => inStore(stage, stored.good),
    [/^error: AADSTS700027: The certificate is not registered for this app/, /compare the thumbprint/],
  ],
  [
    'a certificate that expired',
    stage => pem(stage, whole, { notAfter: new Date(Date.now() - 86_400_000) }),
    [/^error: .*app\.pem: the certificate expired on /, /Make a new one, and upload its public part/],
  ],
  [
    'a certificate that is not valid yet',
    stage =>
      pem(stage, whole, {
        notBefore: new Date(Date.now() + 86_400_000),
        notAfter: new Date(Date.now() + 172_800_000),
      }),
    [/^error: .*is valid only from /, /Check this machine's clock/],
  ],
  [
    'a certificate of the store that expired',
    stage => inStore(stage, stored.expired),
    [/^error: The certificate [0-9A-F]{40} ended on 20/, /Renew it, and upload the new public key/],
  ],
  [
    'a certificate of the store without its key',
    stage => inStore(stage, stored.keyless),
    [/^error: The certificate [0-9A-F]{40} was found without its private key/, /from a PFX file/],
  ],
  [
    'a thumbprint that is nowhere',
    stage => inStore(stage, 'A'.repeat(40)),
    [/^error: The certificate A{40} is not in /, /run as the account that has it/, /-CertificatePath/],
  ],
  [
    'a PEM file without a key',
    stage => pem(stage, pair => pair.certificate),
    [/there is no private key in this file/],
  ],
  [
    'a PEM file without a certificate',
    stage => pem(stage, pair => pair.privateKey),
    [/there is no certificate in this file/],
  ],
  [
    'a key that belongs to another certificate',
    async stage => {
      const { certificate } = await selfSigned();
      return pem(stage, pair => certificate + pair.privateKey);
    },
    [/the key belongs to no certificate in this file/],
  ],
  ['an ECDSA key', stage => pem(stage, whole, { kind: 'ECDSA' }), [/Entra takes RSA keys only/, /2048 bits/]],
  [
    'an ECDSA key in a PFX file',
    async stage => ({
      args: [
        ...named(stage),
        '--certificate-path',
        pfxFile(stage, await selfSigned({ kind: 'ECDSA' }), 'pw'),
      ],
      env: { USERSESSION_CERTIFICATE_PASSWORD: 'pw' },
    }),
    [/Entra takes RSA keys only/, /2048 bits/],
  ],
  [
    'a wrong password of a PFX file',
    async stage => ({
      args: [...named(stage), '--certificate-path', pfxFile(stage, await selfSigned(), 'right')],
      env: { USERSESSION_CERTIFICATE_PASSWORD: 'wrong' },
    }),
    [/^error: .*app\.pfx: the password of the PFX file is wrong\.$/m],
  ],
  [
    'no password for a PFX file that has one',
    async stage => ({
      args: [...named(stage), '--certificate-path', pfxFile(stage, await selfSigned(), 'right')],
    }),
    [/the password of the PFX file is missing\. Give it with .*USERSESSION_CERTIFICATE_PASSWORD/],
  ],
  [
    'a file that is no certificate',
    stage => ({ args: [...named(stage), '--certificate-path', stage.file('app.pfx', 'nothing')] }),
    [/this is neither a PEM nor a PFX file/],
  ],
  [
    'a file that is not there',
    stage => ({ args: [...named(stage), '--certificate-path', '/nowhere/app.pem'] }),
    [/^error: \/nowhere\/app\.pem: there is no such certificate file\./],
  ],
  [
    'no tenant',
    stage => ({ env: { USERSESSION_CLIENT_SECRET: stage.secret } }),
    [/^error: This way to sign in needs the tenant: -TenantId \(--tenant-id\)/],
  ],
  [
    'a federated token file that is empty',
    stage => ({ args: [...named(stage), '--federated-token-file', stage.file('t.jwt', '\n')] }),
    [/^error: The federated token file .*t\.jwt is empty\./],
  ],
  [
    'a machine without a managed identity',
    async () => ({
      args: ['--identity'],
      // What answers at the metadata address of other places: a router, or a service that knows no tokens.
      env: { AZURE_POD_IDENTITY_AUTHORITY_HOST: `http://127.0.0.1:${await closedPort()}` },
    }),
    [/^error: There is no managed identity to be had/, /169\.254\.169\.254/],
  ],
  [
    'a managed identity that is not assigned',
    ({ server }) => ({
      args: ['--identity', '--client-id', '11111111-2222-3333-4444-555555555555'],
      env: { AZURE_POD_IDENTITY_AUTHORITY_HOST: server.loginUrl },
    }),
    [/^error: This machine has no managed identity with the client id 11111111-/, /Assign it to the machine/],
  ],
  [
    'no Azure CLI',
    stage => ({
      args: ['--azure-cli'],
      env: { PATH: stage.program('az', 'echo az: not found >&2; exit 127') },
    }),
    [/^error: The Azure CLI \(az\) is not installed, or not on the PATH/],
  ],
  [
    'an Azure CLI with which nobody is signed in',
    stage => ({
      args: ['--azure-cli'],
      env: {
        PATH: stage.program('az', 'echo "ERROR: Please run \'az login\' to setup account." >&2; exit 1'),
      },
    }),
    [/^error: Nobody is signed in with the Azure CLI\. Run: az login/],
  ],
  [
    'an Azure CLI whose sign-in was revoked',
    stage => ({
      args: ['--azure-cli'],
      env: {
        PATH: stage.program(
          'az',
          `echo "ERROR: AADSTS50173: The provided grant has expired. Trace ID: ${'1'.repeat(8)}" >&2; exit 1`,
        ),
      },
    }),
    [/^error: AADSTS50173: The sign-in was revoked, or the password has changed since\. Sign in again\./],
  ],
  [
    'a login endpoint where nobody listens',
    async stage => ({
      env: { ...stage.secretEnv, USERSESSION_LOGIN_URL: `https://127.0.0.1:${await closedPort()}` },
    }),
    [/^error: The sign-in did not reach Entra: .*127\.0\.0\.1:\d+.*ECONNREFUSED/],
  ],
  [
    'a login endpoint whose name nobody knows',
    stage => ({ env: { ...stage.secretEnv, USERSESSION_LOGIN_URL: 'https://login.nowhere.invalid' } }),
    [/^error: The sign-in did not reach Entra: .*login\.nowhere\.invalid/, /DNS|name/],
  ],
  [
    'a captive portal',
    async stage => ({ env: { ...stage.secretEnv, ...(await portal(stage)) } }),
    [/^error: The sign-in did not reach Entra: the answer is an HTML page/, /captive portal/],
  ],
  [
    'a login endpoint whose certificate nobody trusts, whatever another program was told',
    stage => ({
      env: { ...stage.secretEnv, NODE_EXTRA_CA_CERTS: '', NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    }),
    [/^error: The sign-in did not reach Entra: .*certificate/],
  ],
];

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createHttpServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** Answers everything with the same page, by a certificate that is trusted. */
async function portal(stage: SignInStage): Promise<Record<string, string>> {
  const authority = await makeAuthority('Hotel');
  const server = createHttpsServer(await authority.issue('localhost'), (_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<html><title>Welcome to our hotel</title></html>');
  });
  return {
    USERSESSION_LOGIN_URL: `https://localhost:${await listen(server)}`,
    NODE_EXTRA_CA_CERTS: stage.file('hotel.pem', authority.root),
  };
}

test.each(refused)('%s: told with what to do, and exit code 3', async (_what, attempt, told) => {
  const stage = await signInStage();
  const { args = [], env } = await attempt(stage);
  const run = await stage.revoke(args, env);
  for (const words of told) expect(run.err).toMatch(words);
  expect(run).toMatchObject({ code: 3, out: '' });
  expect(
    run.err
      .trimEnd()
      .split('\n')
      .filter(line => !line.startsWith('(node:')),
  ).toHaveLength(1);
  expect(stage.tenant.record).toEqual([]);
});

test('a login endpoint without TLS is refused before a secret goes there', async () => {
  const stage = await signInStage();
  const USERSESSION_LOGIN_URL = stage.server.loginUrl.replace('https:', 'http:');
  const run = await stage.revoke([], { ...stage.secretEnv, USERSESSION_LOGIN_URL });
  expect(run.err).toMatch(
    /^error: The login endpoint http:.* is refused: secrets are sent only over https\./,
  );
  expect(run.code).toBe(1);
  expect(stage.tenant.signIns).toEqual([]);
});

test('a clock that is wrong is told of', async () => {
  const stage = await signInStage();
  const { pair, app } = await appWithCertificate(stage);
  stage.clock.ahead = 3_600_000;
  const run = await stage.revoke([
    ...['--tenant-id', stage.tenant.tenantId, '--client-id', app.appId],
    ...['--certificate-path', stage.file('app.pem', whole(pair))],
  ]);
  expect(run.code).toBe(3);
  expect(run.err).toMatch(/^error: AADSTS700024: .*this machine's clock is wrong\. Set the clock/);
});

type Person = [what: string, changes: (stage: SignInStage) => string, told: Told];

/** What a person is refused with who enters the code that the command shows. */
async function enterCode(
  stage: SignInStage,
  clientId: string,
  enter: (code: string) => void = code => stage.tenant.approveDeviceCode(code),
) {
  let code = '';
  return onTerminal(['whoami', '--device-code', '--client-id', clientId], {
    env: { ...stage.env, USERSESSION_TENANT_ID: stage.tenant.tenantId },
    watch: screen => {
      const shown = /enter the code (\w+)/.exec(screen)?.[1];
      if (code || !shown) return;
      code = shown;
      enter(code);
    },
  });
}

const people: Person[] = [
  [
    'whose app has no consent',
    ({ tenant }) => tenant.registerApp({ permissions: ['User.Read.All'], consented: false }).appId,
    [/AADSTS65001: Nobody has consented to this for the app\./, /usersession whoami/],
  ],
  [
    'who needs a second factor',
    ({ tenant }) => tenant.apps.public.appId,
    [/AADSTS50076: Multi-factor authentication is required\./, /managed identity/],
  ],
  [
    'who is blocked by Conditional Access',
    ({ tenant }) => tenant.apps.public.appId,
    [/AADSTS53003: Conditional Access blocks this sign-in\./, /sign-in log names the policy/, /--browser/],
  ],
  [
    'whose account is disabled',
    ({ tenant }) => {
      (tenant.persona('userAdministrator') as { accountEnabled: boolean }).accountEnabled = false;
      return tenant.apps.public.appId;
    },
    [/AADSTS50057: The account is disabled\./, /another account/],
  ],
];

test.each(people)('a person %s is told so, with exit code 3', async (what, changes, told) => {
  const admin = (await signInStage()).tenant.persona('userAdministrator').userPrincipalName;
  const stage = await signInStage({
    deviceCodes: { intervalSeconds: 1 },
    conditionalAccess: {
      mfa: what.includes('second factor') ? [admin] : [],
      block: what.includes('blocked') ? [admin] : [],
    },
  });
  const { screen, code } = await enterCode(stage, changes(stage));
  for (const words of told) expect(screen).toMatch(words);
  expect(code).toBe(3);
});

test('a device code that nobody enters in time is told of, with exit code 3', async () => {
  const stage = await signInStage({ deviceCodes: { intervalSeconds: 1, lifetimeSeconds: 2 } });
  const { screen, code } = await enterCode(stage, stage.tenant.apps.public.appId, () => {});
  expect(screen).toMatch(/error: .*code.*expired.*Run the command again and enter the new code/i);
  expect(code).toBe(3);
});
