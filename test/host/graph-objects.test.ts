import { afterAll, beforeAll, expect, test } from 'vitest';
import { testHostOut } from '../../build/paths.ts';
import { texts, plain, runPowerShell, type PowerShellRun } from '../module/power-shell.ts';
import { SmallTenant, token } from './small-tenant.ts';

let tenant: SmallTenant;
beforeAll(async () => void (tenant = await SmallTenant.start()));
afterAll(() => tenant.stop());

const run = (script: string, env: Record<string, string | null> = {}): Promise<PowerShellRun> =>
  runPowerShell(script, { env: { ...tenant.env, ...env } });

test('a user has 132 properties: values and lists null unless selected, inner objects never', async () => {
  const { outputs } = await run('Get-MgUser -UserId u1');
  const user = outputs[0]!;
  expect(user.typeNames[0]).toBe('Microsoft.Graph.PowerShell.Models.MicrosoftGraphUser');
  expect(user.text).toBe('Microsoft.Graph.PowerShell.Models.MicrosoftGraphUser');
  expect(Object.keys(user.properties)).toHaveLength(132);
  expect(plain(user)).toMatchObject({
    Id: 'u1',
    UserPrincipalName: 'user1@small.test',
    UserType: null,
    AccountEnabled: null,
  });
  expect(plain(user)).toMatchObject({
    SignInSessionsValidFromDateTime: null,
    Skills: null,
    BusinessPhones: [],
  });
  expect(user.properties['MailboxSettings']?.type).toBe(
    'Microsoft.Graph.PowerShell.Models.MicrosoftGraphMailboxSettings',
  );
  expect(user.properties['AdditionalProperties']?.type).toMatch(/^System\.Collections\.Generic\.Dictionary/);
});

test('a user is neither dictionary nor list', async () => {
  const script =
    '$u = Get-MgUser -UserId u1; $u -is [Collections.IDictionary]; $u -is [Collections.IEnumerable]';
  expect(texts(await run(script))).toEqual(['False', 'False']);
});

test('a user bound to a string parameter becomes the name of its type', async () => {
  const { errors } = await run('Get-MgUser -UserId (Get-MgUser -UserId u1)');
  expect(errors[0]?.message).toContain("/users/Microsoft.Graph.PowerShell.Models.MicrosoftGraphUser'");
  expect(errors[0]?.fullyQualifiedErrorId).toMatch(/^Request_ResourceNotFound,/);
});

test('members of a group are all of one type and keep what they are in AdditionalProperties', async () => {
  const script = `Get-MgGroupMember -GroupId g1 -All | ForEach-Object {
    "$($_.Id) $($_.AdditionalProperties['@odata.type']) $($_.AdditionalProperties.userPrincipalName)"; $_ }`;
  const { outputs } = await run(script);
  expect(outputs[0]?.text).toBe('u1 #microsoft.graph.user user1@small.test');
  expect(outputs[2]?.text).toBe('d1 #microsoft.graph.device ');
  expect(outputs[3]?.typeNames[0]).toBe('Microsoft.Graph.PowerShell.Models.MicrosoftGraphDirectoryObject');
  expect(Object.keys(outputs[3]!.properties).sort()).toEqual([
    'AdditionalProperties',
    'DeletedDateTime',
    'Id',
  ]);
});

test('members as users are of a type with the same name in another assembly', async () => {
  const script = `$one = (Get-MgGroupMemberAsUser -GroupId g1).GetType(); $other = (Get-MgUser -UserId u1).GetType()
    $one -eq $other; $one.FullName -eq $other.FullName; (Get-MgGroupMemberAsUser -GroupId g1).UserPrincipalName`;
  expect(texts(await run(script))).toEqual(['False', 'True', 'user1@small.test']);
});

test('-Top, -CountVariable and -Property ask for what they say', async () => {
  tenant.asked.length = 0;
  const script = `(Get-MgUser -Top 150 -Property id,displayName -Filter "a eq 'b & c'" -CountVariable n -ConsistencyLevel eventual | ForEach-Object Id).Count; $n`;
  expect(texts(await run(script))).toEqual(['150', '250']);
  const asked = new URL(tenant.asked[0]!.url, tenant.url).searchParams;
  expect(Object.fromEntries(asked)).toEqual({
    $top: '150',
    $filter: "a eq 'b & c'",
    $select: 'id,displayName',
    $count: 'true',
  });
});

test('the context tells what the token says, and is null when nobody is connected', async () => {
  const context = plain((await run('Get-MgContext')).outputs[0]!);
  expect(context).toMatchObject({
    TenantId: 'tenant-1',
    Account: 'admin@small.test',
    Scopes: ['User.Read.All'],
    Environment: 'StandIn',
  });
  expect(texts(await run('$null -eq (Get-MgContext)', { MG_STANDIN_TOKEN: null }))).toEqual(['True']);
});

test('an opaque token tells nothing, an app its roles', async () => {
  const opaque = plain((await run('Get-MgContext', { MG_STANDIN_TOKEN: 'opaque' })).outputs[0]!);
  expect(opaque).toMatchObject({ TenantId: null, Account: null, Scopes: null });
  const app = plain(
    (await run('Get-MgContext', { MG_STANDIN_TOKEN: token({ idtyp: 'app', roles: ['User.Read.All'] }) }))
      .outputs[0]!,
  );
  expect(app).toMatchObject({ Scopes: ['User.Read.All'], AuthType: 'AppOnly' });
});

test('Connect-MgGraph takes a token for an environment that was added', async () => {
  const script = `
    $null = Add-MgEnvironment -Name Lab -AzureADEndpoint '${tenant.url}' -GraphEndpoint '${tenant.url}'
    $secret = [securestring]::new(); 'opaque'.ToCharArray() | ForEach-Object { $secret.AppendChar($_) }
    Connect-MgGraph -AccessToken $secret -Environment Lab -NoWelcome
    (Get-MgContext).Environment; (Get-MgContext).AuthType
    (Get-MgEnvironment -Name Lab).GraphEndpoint
    (Get-MgUser -UserId u1).Id
    $null = Disconnect-MgGraph; $null -eq (Get-MgContext)`;
  expect(texts(await run(script, { MG_STANDIN_TOKEN: null }))).toEqual([
    'Lab',
    'UserProvidedAccessToken',
    tenant.url,
    'u1',
    'True',
  ]);
});

test('a session does not outlive its script', async () => {
  await run('Get-MgContext');
  expect(texts(await run('$null -eq (Get-MgContext)', { MG_STANDIN_TOKEN: null }))).toEqual(['True']);
});

test('the Graph stand-ins can be imported as a binary module', async () => {
  const script = `$module = Import-Module ./UserSession.TestHost.Graph.psd1 -PassThru; $module.ExportedCmdlets.Count
    (UserSession.TestHost.Graph\\Get-MgUser -UserId u1).Id`;
  const { outputs, errors } = await runPowerShell(script, { env: tenant.env, cwd: testHostOut });
  expect(errors).toEqual([]);
  expect(outputs.map(output => output.text)).toEqual(['11', 'u1']);
});

test('a console shows users in a table', async () => {
  const { text } = await runPowerShell('Get-MgUser -Top 1', { env: tenant.env, format: { width: 80 } });
  const lines = text.split('\n').filter(line => line !== '');
  expect(lines[0]).toMatch(/^DisplayName +Id +Mail +UserPrincipalName$/);
  expect(lines[2]).toMatch(/^User 1 +u1 +user1@small\.test$/);
});
