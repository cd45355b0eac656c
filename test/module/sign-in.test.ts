import { afterAll, beforeAll, expect, test } from 'vitest';
import { CertificateHome } from '../auth/certificate-home.ts';
import { appWithCertificate } from '../support/app-with-certificate.ts';
import { pfxFile } from '../support/pfx.ts';
import { type SignInStage, signInStage } from '../support/sign-in-stage.ts';
import { plain, type PowerShellRun, runPowerShell, startPowerShell } from './power-shell.ts';
import { builtModule, rowsOf } from './with-engine.ts';

const home = new CertificateHome();
let thumbprint = '';
beforeAll(async () => {
  thumbprint = (await home.add({ subject: 'CN=usersession module' }))[0]!;
});
afterAll(() => home.remove());

interface Way {
  parameters: string;
  env?: Record<string, string>;
  signIn: string;
}

const prelude = `Import-Module '${builtModule}'
  function secret { param($t) ConvertTo-SecureString $t -AsPlainText -Force }`;
const endpoints = ({ server }: SignInStage) => `-GraphUrl ${server.url} -LoginUrl ${server.loginUrl}`;
const environment = (stage: SignInStage, more: Record<string, string> = {}) => ({
  NODE_EXTRA_CA_CERTS: stage.env['NODE_EXTRA_CA_CERTS'],
  USERSESSION_ENGINE: null,
  MG_STANDIN_TOKEN: null,
  ...more,
});
const named = ({ tenant }: SignInStage, app: { appId: string }) =>
  `-TenantId ${tenant.tenantId} -ClientId ${app.appId}`;

async function withCertificate(
  stage: SignInStage,
  make: (pair: { certificate: string; privateKey: string }) => Omit<Way, 'signIn'>,
): Promise<Way> {
  const { pair, app } = await appWithCertificate(stage);
  const { parameters, env } = make(pair);
  return { parameters: `${named(stage, app)} ${parameters}`, env, signIn: 'certificateFile' };
}

const ways: [name: string, way: (stage: SignInStage) => Promise<Way>][] = [
  [
    'a client secret',
    async stage => ({
      parameters: `-TenantId ${stage.tenant.tenantId} -ClientSecretCredential ([pscredential]::new('${stage.app.appId}', (secret '${stage.secret}')))`,
      signIn: 'clientSecret',
    }),
  ],
  [
    'a PEM file',
    stage =>
      withCertificate(stage, ({ certificate, privateKey }) => ({
        parameters: `-CertificatePath '${stage.file('app.pem', certificate + privateKey)}'`,
      })),
  ],
  [
    'a PFX file',
    stage =>
      withCertificate(stage, pair => ({
        parameters: `-CertificatePath '${pfxFile(stage, pair, 'p\u00e4ss')}' -CertificatePassword (secret 'p\u00e4ss')`,
      })),
  ],
  [
    "a thumbprint in the system's store",
    async stage => {
      const certificates = [await home.pem(thumbprint)];
      const app = stage.tenant.registerApp({ ...stage.app, appId: undefined, certificates });
      return {
        parameters: `${named(stage, app)} -CertificateThumbprint ${thumbprint}`,
        env: { HOME: home.folder },
        signIn: 'certificateStore',
      };
    },
  ],
  [
    'the identity of the machine',
    async ({ server }) => ({
      parameters: '-Identity',
      env: { AZURE_POD_IDENTITY_AUTHORITY_HOST: server.loginUrl },
      signIn: 'managedIdentity',
    }),
  ],
  [
    'an access token',
    async ({ tenant }) => ({
      parameters: `-AccessToken (secret '${tenant.issueToken('app')}')`,
      signIn: 'accessToken',
    }),
  ],
];

test.each(ways)(
  'Connect-UserSessionTenant with %s, and a user who is piped is signed out',
  async (_name, way) => {
    const stage = await signInStage();
    const { parameters, env, signIn } = await way(stage);
    const where = ['accessToken', 'managedIdentity'].includes(signIn)
      ? `-GraphUrl ${stage.server.url}`
      : endpoints(stage);
    const run = await runPowerShell(
      `${prelude}; Connect-UserSessionTenant ${parameters} ${where}; '${stage.user.id}' | Revoke-UserSession`,
      { env: environment(stage, env), freshProcess: true },
    );
    expect(run.errors).toEqual([]);
    expect(plain(run.outputs[0]!)).toMatchObject({ SignIn: signIn, AuthType: 'AppOnly', Simulated: true });
    expect(rowsOf(run.outputs)).toMatchObject([{ Outcome: 'Revoked', UserId: stage.user.id }]);
    expect(stage.revoked()).toBe(true);
    // Signed in once: the engine keeps it between the commands.
    expect(stage.tenant.signIns.length).toBe(signIn === 'accessToken' ? 0 : 1);
  },
);

test('-UseDeviceCode shows what to enter, and goes on when it has been entered', async () => {
  const stage = await signInStage({ deviceCodes: { intervalSeconds: 1 } });
  const running = startPowerShell(
    `${prelude}; $null = Connect-UserSessionTenant ${named(stage, stage.tenant.apps.public)} -UseDeviceCode ${endpoints(stage)}
     '${stage.user.id}' | Revoke-UserSession`,
    { env: environment(stage) },
  );
  for await (const event of running) {
    const code = event.stream === 'information' && /enter the code (\w+)/.exec(event.text)?.[1];
    if (code) stage.tenant.approveDeviceCode(code);
  }
  const run = await running.finished;
  expect(run.errors).toEqual([]);
  expect(rowsOf(run.outputs)).toMatchObject([{ Outcome: 'Revoked' }]);
  expect(stage.revoked()).toBe(true);
});

const errorOf = (run: PowerShellRun) =>
  run.errors.map(error => ({ id: error.fullyQualifiedErrorId, message: error.message }));

test('a refused sign-in is one terminating error, NotSignedIn, that names the code, what it means and what to do', async () => {
  const stage = await signInStage();
  const run = await runPowerShell(
    `${prelude}
     try { Connect-UserSessionTenant -TenantId ${stage.tenant.tenantId} -ClientSecretCredential ([pscredential]::new('${stage.app.appId}', (secret 'not the one'))) ${endpoints(stage)} }
     catch { $_.FullyQualifiedErrorId; "$($_.CategoryInfo.Category)"; $_.Exception.Message }`,
    { env: environment(stage) },
  );
  expect(run.errors).toEqual([]);
  expect(run.outputs.map(output => output.text)).toEqual([
    'NotSignedIn,Connect-UserSessionTenant',
    'AuthenticationError',
    expect.stringMatching(/^AADSTS7000215: The client secret is wrong\. Give the secret's value/),
  ]);
});

test('a token that ends at a claims challenge stops the run: a row for all who were handed over, and NotSignedIn', async () => {
  const stage = await signInStage({ users: 700, latencyMs: 60 });
  const { tenant } = stage;
  const people = tenant.users.filter(u => !u.userPrincipalName.includes('#EXT#') && u.roles.length === 0);
  const ids = people.slice(0, 500).map(u => u.id);
  const timer = setInterval(() => {
    if (tenant.record.length < 150) return;
    clearInterval(timer);
    tenant.challenge();
  }, 2);
  const run = await runPowerShell(
    `${prelude}; $null = Connect-UserSessionTenant -AccessToken (secret '${tenant.issueToken('app')}') -GraphUrl ${stage.server.url}
     $ids | Revoke-UserSession -Force`,
    { env: environment(stage), variables: { ids } },
  );
  clearInterval(timer);
  const rows = rowsOf(run.outputs);
  const done = new Set(tenant.record.map(r => r.userId));
  expect(done.size).toBeLessThan(ids.length);
  // No more were taken from the pipe, and those that were are a beginning of it without gaps.
  expect(rows.map(r => r['Reference']).sort()).toEqual(ids.slice(0, rows.length).sort());
  for (const id of done) expect(rows.map(r => r['Reference'])).toContain(id);
  for (const row of rows) if (row['Outcome'] === 'Revoked') expect(done).toContain(row['UserId']);
  const stopped = errorOf(run).filter(error => error.id.startsWith('NotSignedIn'));
  expect(stopped).toEqual([
    {
      id: 'NotSignedIn,Revoke-UserSession',
      message: expect.stringMatching(/Get a fresh one\. Sign in again, then resume the run/),
    },
  ]);
});
