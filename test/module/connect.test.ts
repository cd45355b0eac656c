import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { HostMessage } from '../../src/protocol/envelope.ts';
import type { TenantConnection } from '../../src/protocol/tenant.ts';
import { contractErrors } from '../support/contract.ts';
import { errorIds, findEngine, plain } from './power-shell.ts';
import { type ModuleOptions, runModule, type StubRun } from './with-stub.ts';

/** Nobody sits at a pwsh under test, because it is started with -NonInteractive. */
const interactive = findEngine().kind === 'host';
const folder = realpathSync(tmpdir());

const prelude = `
  function secret { param($text) ConvertTo-SecureString $text -AsPlainText -Force }
  function login { param($name, $text) [pscredential]::new($name, (secret $text)) }
  $null = $ExecutionContext.SessionState.Path.SetLocation('${folder}');`;

const connect = (script: string, options: ModuleOptions = {}): Promise<StubRun> =>
  runModule(`${prelude} ${script}`, { unconnected: true, ...options });

const called = (run: StubRun, method: string): Record<string, unknown>[] =>
  run.messages.flatMap(message =>
    'method' in message && message.method === method
      ? [message.params as unknown as Record<string, unknown>]
      : [],
  );

const methods = (messages: HostMessage[]): string[] =>
  messages.map(message => ('method' in message ? message.method : 'answer'));

const app = { kind: 'credential', tenantId: 'contoso.example', clientId: 'app-1' } as const;

const ways: [parameters: string, TenantConnection][] = [
  ['', { kind: 'credential', credential: { method: 'browser' } }],
  [
    '-Tenant contoso.example -AppId app-1 -NationalCloud usgovdod',
    { ...app, environment: 'USGovDoD', credential: { method: 'browser' } },
  ],
  ['-UseDeviceCode', { kind: 'credential', credential: { method: 'deviceCode' } }],
  ['-UseDeviceAuthentication:$false', { kind: 'credential', credential: { method: 'browser' } }],
  [
    `-TenantId contoso.example -ClientSecretCredential (login 'app-1' 's3cr"t \u00fc')`,
    { ...app, credential: { method: 'clientSecret', clientSecret: 's3cr"t \u00fc' } },
  ],
  [
    `-TenantId contoso.example -ApplicationId app-1 -Credential (login 'somebody' '2026-01-02T03:04:05Z')`,
    { ...app, credential: { method: 'clientSecret', clientSecret: '2026-01-02T03:04:05Z' } },
  ],
  [
    `-TenantId contoso.example -ClientId app-1 -CertificatePath ./certs/a[1].pfx -CertificatePassword (secret 'pw')`,
    {
      ...app,
      credential: { method: 'certificateFile', path: join(folder, 'certs', 'a[1].pfx'), password: 'pw' },
    },
  ],
  [
    `-TenantId contoso.example -ClientId app-1 -CertificatePath a.pem`,
    { ...app, credential: { method: 'certificateFile', path: join(folder, 'a.pem') } },
  ],
  [
    `-TenantId contoso.example -ClientId app-1 -CertificateThumbprint AB12`,
    { ...app, credential: { method: 'certificateStore', thumbprint: 'AB12' } },
  ],
  [
    `-TenantId contoso.example -ClientId app-1 -CertificateName 'CN=usersession'`,
    { ...app, credential: { method: 'certificateStore', subjectName: 'CN=usersession' } },
  ],
  ['-Identity', { kind: 'credential', credential: { method: 'managedIdentity' } }],
  [
    '-MSI -ClientId app-1',
    { kind: 'credential', clientId: 'app-1', credential: { method: 'managedIdentity' } },
  ],
  [
    `-TenantId contoso.example -ClientId app-1 -FederatedTokenFile token.jwt`,
    { ...app, credential: { method: 'federatedToken', tokenFile: join(folder, 'token.jwt') } },
  ],
  ['-AzureCli', { kind: 'credential', credential: { method: 'azureCli' } }],
  [
    `-AccessToken (secret 'a.b.c') -Environment china`,
    { kind: 'credential', environment: 'China', credential: { method: 'accessToken', token: 'a.b.c' } },
  ],
  [
    `-TenantId contoso.example -ClientId app-1 -UseDeviceCode -GraphUrl https://graph.test/ -LoginUrl https://login.test/`,
    {
      ...app,
      graphUrl: 'https://graph.test',
      loginUrl: 'https://login.test',
      credential: { method: 'deviceCode' },
    },
  ],
  ['-Simulated', { kind: 'simulated' }],
];

test.each(ways)(
  'Connect-UserSessionTenant %s sends what the contract has for it, in both dialects',
  async (parameters, tenant) => {
    for (const dialect of ['7', '5.1'] as const) {
      const run = await connect(`Connect-UserSessionTenant ${parameters}`, { dialect });
      expect(run.errors).toEqual([]);
      expect(called(run, 'tenant/connect')).toEqual([{ tenant, interactive }]);
      expect(contractErrors(run.messages)).toEqual([]);
      expect(plain(run.outputs[0]!)).toMatchObject({
        SignIn: tenant.kind === 'credential' ? tenant.credential.method : 'simulated',
      });
      expect([run.outputs.length, run.information, run.warnings]).toEqual([1, [], []]);
    }
  },
);

test('the choice is sent again with each command, also to a new engine', async () => {
  const run = await connect(
    `$credential = login 'app-1' 'hidden'
     $null = Connect-UserSessionTenant -TenantId contoso.example -ClientSecretCredential $credential
     $credential.Password.Dispose()
     $null = Get-UserSessionTenant
     & (Get-Module UserSession) { Close-Engine }
     $null = Test-UserSessionAccess
     'a@x' | Revoke-UserSession`,
  );
  expect(run.errors).toEqual([]);
  expect(run.pids).toHaveLength(2);
  const sent = ['tenant/connect', 'tenant/describe', 'access/test', 'run/begin'].flatMap(method =>
    called(run, method).map(params => params['tenant']),
  );
  const credential = { method: 'clientSecret', clientSecret: 'hidden' };
  expect(sent).toEqual(Array.from({ length: 4 }, () => ({ ...app, credential })));
});

test('a sign-in that fails leaves the earlier choice as it was', async () => {
  const run = await connect(
    `$null = Connect-UserSessionTenant -Simulated
     & (Get-Module UserSession) { Close-Engine }
     $env:USERSESSION_STUB = $env:USERSESSION_STUB.Replace('"nothing"', '"tenant/connect"')
     Connect-UserSessionTenant -Identity
     Get-UserSessionTenant`,
    { stub: { refuse: { method: 'nothing', code: 'NotSignedIn', message: 'AADSTS7000215: wrong secret.' } } },
  );
  expect(run.errors).toMatchObject([
    {
      fullyQualifiedErrorId: 'NotSignedIn,Connect-UserSessionTenant',
      category: 'AuthenticationError',
      message: 'AADSTS7000215: wrong secret.',
    },
  ]);
  expect(run.outputs.map(plain)).toMatchObject([{ Simulated: true }]);
});

test('Disconnect-UserSessionTenant forgets the choice, here and in the engine', async () => {
  const run = await connect(
    `$null = Connect-UserSessionTenant -Identity; Disconnect-UserSessionTenant; Get-UserSessionTenant`,
  );
  expect(run.outputs).toEqual([]);
  expect(methods(run.messages)).toEqual(['tenant/connect', 'tenant/disconnect']);
  expect(called(run, 'tenant/disconnect')).toEqual([{}]);
});

test('Disconnect-UserSessionTenant starts no engine and minds no dead one', async () => {
  const run = await connect(
    `Disconnect-UserSessionTenant; $null = Connect-UserSessionTenant -Simulated
     'a@x' | Revoke-UserSession -ErrorAction Ignore
     Disconnect-UserSessionTenant; Disconnect-UserSessionTenant -Verbose`,
    { stub: { dieAt: 1 } },
  );
  expect(errorIds(run)).toEqual(['EngineStopped,Revoke-UserSession']);
  expect(run.pids).toHaveLength(1);
  expect(run.verbose.join()).toContain('No tenant was chosen');
});

test.each([
  ['-TenantId t -ClientId a -Identity'],
  ['-TenantId t -ClientId a -CertificateThumbprint AB -CertificatePath x.pem'],
  ['-CertificatePassword (secret x) -Identity'],
  ['-Simulated -Environment Global'],
  ['-AccessToken (secret x) -ClientId a'],
  ['-UseDeviceCode -Identity'],
])('%s is refused by PowerShell itself, and no engine is started', async parameters => {
  const run = await connect(`Connect-UserSessionTenant ${parameters}`);
  expect(errorIds(run)).toEqual(['AmbiguousParameterSet,Connect-UserSessionTenant']);
  expect(run.pids).toEqual([]);
});

test.each([
  ['-Environment Mars -Identity', 'ParameterArgumentValidationError,Connect-UserSessionTenant'],
  ['-AccessToken plain', 'ParameterArgumentTransformationError,Connect-UserSessionTenant'],
  ['-Simulated:$false', 'TenantNotChosen,Connect-UserSessionTenant'],
  ['-Identity:$false', 'TenantNotChosen,Connect-UserSessionTenant'],
  ['-TenantId t -ClientId a -CertificatePath Variable:/home', 'InvalidPath,Connect-UserSessionTenant'],
  ['-TenantId t -ClientId a -CertificatePath nowhere:/a.pem', 'InvalidPath,Connect-UserSessionTenant'],
])('%s is refused with %s', async (parameters, id) => {
  const run = await connect(`Connect-UserSessionTenant ${parameters}`);
  expect(errorIds(run)).toEqual([expect.stringMatching(id.replace('Error,', '(Error)?.*,'))]);
  expect(run.pids).toEqual([]);
});

test('-Environment completes to the names of the clouds', async () => {
  const { outputs } = await connect(
    `$line = 'Connect-UserSessionTenant -Identity -Environment US'
     ([System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null)).CompletionMatches.CompletionText`,
  );
  expect(outputs.map(output => output.text)).toEqual(['USGov', 'USGovDoD']);
});

const prompt = {
  message: 'To sign in, open https://login.test/device and enter ABC-123.',
  userCode: 'ABC-123',
};

test('what a person has to do is shown at once, also when the output is captured', async () => {
  const run = await connect(`$tenant = Connect-UserSessionTenant -UseDeviceCode; $tenant.SignIn`, {
    stub: { prompts: [prompt], delay: 600 },
    preferences: { InformationPreference: 'SilentlyContinue', WarningPreference: 'Stop' },
  });
  expect(run.outputs.map(output => output.text)).toEqual(['deviceCode']);
  const shown = run.events.find(event => event.stream === 'information');
  expect(shown).toMatchObject({ text: prompt.message, tags: ['PSHOST'] });
  const done = run.events.find(event => event.stream === 'output')!;
  expect(done.ms - shown!.ms).toBeGreaterThan(300);
});

test('Ctrl+C gives a sign-in up, in the engine too', async () => {
  const run = await connect(`Connect-UserSessionTenant -UseDeviceCode`, {
    stub: { prompts: [prompt], nobodySignsIn: true },
    stopAfter: { ms: 1500 },
  });
  expect(run.state).toBe('Stopped');
  const [signIn, cancel] = run.messages as [{ id: number }, unknown];
  expect(cancel).toEqual({ jsonrpc: '2.0', method: '$/cancelRequest', params: { id: signIn.id } });
});

test('started with -NonInteractive nobody is asked to sign in', async () => {
  const run = await connect(`$null = Connect-UserSessionTenant -UseDeviceCode`, { nonInteractive: true });
  expect(called(run, 'tenant/connect')).toMatchObject([{ interactive: false }]);
});

test('who sits where is told by the host and by how PowerShell was started', async () => {
  const ask = (host: string, method: string, ...args: string[]) =>
    `Test-Interactive '${host}' '${method}' @(${args.map(arg => `'${arg}'`).join()})`;
  const questions: [string, boolean][] = [
    [ask('ConsoleHost', 'browser', 'pwsh'), true],
    [ask('ConsoleHost', 'deviceCode', 'pwsh', '-NoProfile', '-File', 'a.ps1', '-None'), true],
    [ask('ConsoleHost', 'deviceCode', 'powershell.exe', '-noni'), false],
    [ask('ConsoleHost', 'deviceCode', 'powershell.exe', '/NonInt'), false],
    [ask('ConsoleHost', 'deviceCode', 'pwsh', '--NonInteractive'), false],
    [ask('Default Host', 'deviceCode', 'Orchestrator.Sandbox.exe'), false],
    [ask('ServerRemoteHost', 'deviceCode', 'wsmprovhost.exe', '-Embedding'), true],
    [ask('ServerRemoteHost', 'browser', 'wsmprovhost.exe', '-Embedding'), false],
    [ask('ServerRemoteHost', 'deviceCode', 'pwsh', '-s', '-NoLogo'), false],
  ];
  const script = questions.map(([question]) => question).join('; ');
  const { outputs } = await connect(`& (Get-Module UserSession) { ${script} }`);
  expect(outputs.map(output => output.text === 'True')).toEqual(questions.map(([, answer]) => answer));
});
