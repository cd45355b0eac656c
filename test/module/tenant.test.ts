import { afterAll, beforeAll, expect, test } from 'vitest';
import { SmallTenant, token } from '../host/small-tenant.ts';
import { errorIds, plain } from './power-shell.ts';
import { type ModuleOptions, runModule, type StubRun, sent } from './with-stub.ts';

let tenant: SmallTenant;
beforeAll(async () => void (tenant = await SmallTenant.start()));
afterAll(() => tenant.stop());

/** In a session that Connect-MgGraph signed in. */
const signedIn = (script: string, options: ModuleOptions = {}): Promise<StubRun> =>
  runModule(script, { ...options, env: { ...tenant.env, ...options.env }, unconnected: true });

const tenantsOf = (run: StubRun): unknown[] =>
  run.messages.flatMap(message =>
    'method' in message && 'params' in message && 'tenant' in message.params ? [message.params.tenant] : [],
  );

test('Connect-UserSessionTenant -Simulated gives the simulated tenant, and users go there', async () => {
  const run = await runModule(
    `Connect-UserSessionTenant -Simulated; 'a@x' | Revoke-UserSession; Get-UserSessionTenant`,
    { unconnected: true },
  );
  expect(run.outputs[0]!.typeNames[0]).toBe('UserSession.Tenant');
  expect(Object.entries(plain(run.outputs[0]!))).toEqual(
    Object.entries({
      TenantId: '11111111-2222-3333-4444-555555555555',
      Name: null,
      Environment: null,
      GraphUrl: 'http://127.0.0.1:1',
      Account: 'admin@contoso.example',
      ClientId: '99999999-2222-3333-4444-555555555555',
      AuthType: 'Delegated',
      SignIn: 'simulated',
      Permissions: ['User.RevokeSessions.All', 'User.Read.All'],
      Roles: ['User Administrator'],
      ExpiresOn: '2031-02-03T04:05:06.0000000Z',
      Simulated: true,
      SampleUsers: ['adele@contoso.example', 'alex@contoso.example'],
    }),
  );
  expect(plain(run.outputs[2]!)).toEqual(plain(run.outputs[0]!));
  expect(tenantsOf(run)).toEqual([{ kind: 'simulated' }, { kind: 'simulated' }, { kind: 'simulated' }]);
});

test('lists of one or none stay lists', async () => {
  const run = await runModule(`Connect-UserSessionTenant -Simulated`, {
    unconnected: true,
    stub: { tenant: { permissions: ['One'], sampleUsers: [] } },
  });
  expect(plain(run.outputs[0]!)).toMatchObject({ Permissions: ['One'], SampleUsers: [] });
});

test('the Graph PowerShell session is used as it is: endpoint, tenant and token', async () => {
  const run = await signedIn(`'a@x' | Revoke-UserSession; (Get-MgContext).Environment`);
  expect(tenantsOf(run)).toEqual([
    { kind: 'host', graphUrl: tenant.url, token: tenant.env['MG_STANDIN_TOKEN'], tenantId: 'tenant-1' },
  ]);
  expect(run.rows).toEqual(['Revoked a@x']);
  expect(run.outputs.at(-1)!.text).toBe('StandIn');
});

test('the token is in no object, no error and no verbose line', async () => {
  const run = await signedIn(`Get-UserSessionTenant -Verbose; 'notfound@x' | Revoke-UserSession -Verbose`);
  expect(run.outputs).toHaveLength(2);
  expect(JSON.stringify(run.events)).not.toContain(tenant.env['MG_STANDIN_TOKEN']);
});

test('-WhatIf and -Confirm do not keep the token from being read', async () => {
  const run = await signedIn(`'a@x' | Revoke-UserSession -WhatIf`);
  expect(run.whatIf).toEqual([
    expect.stringContaining(
      'in tenant 11111111-2222-3333-4444-555555555555 (signed in as admin@contoso.example)"',
    ),
  ]);
});

test('a chosen tenant goes before the Graph PowerShell session until it is forgotten', async () => {
  const run = await signedIn(
    `$null = Connect-UserSessionTenant -Simulated; (Get-UserSessionTenant).Simulated; Disconnect-UserSessionTenant; (Get-UserSessionTenant).Simulated`,
  );
  expect(run.messages.some(message => 'method' in message && message.method === 'tenant/disconnect')).toBe(
    true,
  );
  expect(run.outputs.map(output => output.text)).toEqual(['True', 'False']);
});

test('Get-UserSessionTenant without any tenant is nothing, and -Verbose says why', async () => {
  const run = await runModule(`Get-UserSessionTenant -Verbose`, { unconnected: true });
  expect([run.outputs, run.errors, run.pids]).toEqual([[], [], []]);
  expect(run.verbose.join()).toMatch(/no tenant/);
});

test('without a sign-in one terminating error says both ways to one', async () => {
  const run = await runModule(`'a@x', 'b@x' | Revoke-UserSession; 'next'`, { unconnected: true });
  expect(run.errors).toMatchObject([
    {
      fullyQualifiedErrorId: 'NotSignedIn,Revoke-UserSession',
      category: 'AuthenticationError',
      message: expect.stringMatching(
        /Connect-MgGraph -Scopes User\.RevokeSessions\.All,User\.Read\.All,GroupMember\.Read\.All.*Connect-UserSessionTenant -Simulated/,
      ),
    },
  ]);
  expect(run.rows).toEqual([]);
});

test('a refusal of the engine at the start of a run ends the command with its code', async () => {
  const run = await runModule(`try { 'a@x' | Revoke-UserSession } catch { $_.FullyQualifiedErrorId }`, {
    stub: { refuse: { method: 'run/begin', code: 'EndpointUnusable', message: 'not https' } },
  });
  expect(run.outputs.map(output => output.text)).toEqual(['EndpointUnusable,Revoke-UserSession']);
});

test('a tenant that the engine refuses is not kept', async () => {
  const run = await runModule(
    `try { Connect-UserSessionTenant -Simulated } catch { }; 'a@x' | Revoke-UserSession`,
    {
      unconnected: true,
      stub: { refuse: { method: 'tenant/connect', code: 'EndpointUnusable', message: 'no' } },
    },
  );
  expect(errorIds(run)).toEqual(['NotSignedIn,Revoke-UserSession']);
});

test('the engine gets a fresh token of the session when it asks for one', async () => {
  const fresh = token({ tid: 'tenant-1', upn: 'admin@small.test', fresh: true });
  const run = await signedIn(
    `& { 'a@x'; Connect-MgGraph -AccessToken (ConvertTo-SecureString '${fresh}' -AsPlainText -Force) -Environment StandIn -NoWelcome | Out-Null; 'b@x' } | Revoke-UserSession`,
    { stub: { askTokenAt: 2 } },
  );
  expect(run.rows).toEqual(['Revoked a@x', 'Revoked b@x']);
  expect(run.messages.find(message => !('method' in message))).toEqual({
    jsonrpc: '2.0',
    id: 'token',
    result: { token: fresh },
  });
});

test('the token of another tenant never gets into a run', async () => {
  const other = token({ tid: 'tenant-2', upn: 'admin@other.test' });
  const run = await signedIn(
    `& { 'a@x'; Connect-MgGraph -AccessToken (ConvertTo-SecureString '${other}' -AsPlainText -Force) -Environment StandIn -NoWelcome | Out-Null; 'b@x' } | Revoke-UserSession`,
    { stub: { askTokenAt: 2 } },
  );
  expect(run.messages.find(message => !('method' in message))).toMatchObject({
    error: {
      code: -32002,
      data: { code: 'NotSignedIn' },
      message: expect.stringContaining('another tenant'),
    },
  });
  expect(JSON.stringify(run.messages)).not.toContain(other);
});

test.each([
  ['yes', true],
  ['no', false],
  ['none', false],
])('the engine’s question is put to the person; %s is %s', async (answer, confirmed) => {
  const run = await runModule(`'a@x', 'b@x' | Revoke-UserSession`, {
    stub: { askConfirmAt: 2 },
    confirm: [answer],
  });
  expect(run.messages.find(message => !('method' in message))).toMatchObject({
    id: 'confirm',
    result: { confirmed },
  });
  expect(run.rows).toHaveLength(2);
});

test('a run that the engine stops gives back what is out, then ends with its code', async () => {
  const stop = { code: 'TooManyUsers' as const, message: 'More than 2.' };
  const run = await runModule(
    `& { 'a@x'; 'b@x'; 'c@x'; Start-Sleep -Milliseconds 300; 'd@x'; 'e@x' } | Revoke-UserSession`,
    { stub: { stopAt: { user: 3, stop } } },
  );
  expect(run.rows.slice(0, 3)).toEqual(['Revoked a@x', 'Revoked b@x', 'Cancelled c@x']);
  expect(sent(run.messages, 'user/revoke').length).toBe(run.rows.length);
  expect(run.errors.at(-1)).toMatchObject({
    fullyQualifiedErrorId: 'TooManyUsers,Revoke-UserSession',
    category: 'LimitsExceeded',
    message: 'More than 2.',
  });
});
