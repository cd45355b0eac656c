import { expect, test } from 'vitest';
import { remedyOf } from '../../src/operations/access-remedy.ts';
import type { TenantInfo } from '../../src/protocol/tenant.ts';

const info = (changes: Partial<TenantInfo>): TenantInfo => ({
  tenantId: 'tenant-1',
  name: 'Contoso',
  graphUrl: 'https://graph.microsoft.com',
  account: 'admin@contoso.example',
  clientId: '14d82eec-204b-4c2f-b7e8-296a70dab67e',
  authType: 'Delegated',
  permissions: [],
  roles: [],
  environment: 'Global',
  signIn: 'host',
  expiresOn: null,
  simulated: false,
  sampleUsers: [],
  ...changes,
});
const appOnly = { authType: 'AppOnly', account: null, clientId: 'app-1', signIn: 'clientSecret' } as const;
const missing = ['GroupMember.Read.All'];

test('a person of a Graph PowerShell session consents, or connects with what is needed and missing', () => {
  expect(remedyOf(info({}), missing)).toEqual({
    consentUrl:
      'https://login.microsoftonline.com/tenant-1/v2.0/adminconsent?client_id=14d82eec-204b-4c2f-b7e8-296a70dab67e&scope=https%3A%2F%2Fgraph.microsoft.com%2FGroupMember.Read.All',
    commands: [
      'Connect-MgGraph -TenantId tenant-1 -Scopes User.RevokeSessions.All,User.Read.All,GroupMember.Read.All',
    ],
  });
});

test('an app of their own and another cloud stand in the command', () => {
  const { consentUrl, commands } = remedyOf(info({ clientId: 'own-app', environment: 'USGov' }), missing);
  expect(commands[0]).toMatch(
    /^Connect-MgGraph -ClientId own-app -TenantId tenant-1 -Environment USGov -Scopes /,
  );
  expect(consentUrl).toMatch(
    /^https:\/\/login\.microsoftonline\.us\/tenant-1\/.*graph\.microsoft\.us%2FGroupMember/,
  );
});

test.each(['deviceCode', 'browser'] as const)(
  'a person who signed in with us by %s consents and signs in again',
  signIn => {
    const { consentUrl, commands } = remedyOf(info({ signIn }), missing);
    expect(consentUrl).toContain('/v2.0/adminconsent?');
    expect(commands).toEqual([]);
  },
);

test("whoever is signed in with the Azure CLI can't be given more, and takes another way", () => {
  const { consentUrl, commands } = remedyOf(info({ signIn: 'azureCli', clientId: 'azure' }), missing);
  expect(consentUrl).toBeNull();
  expect(commands).toEqual([expect.stringMatching(/^Connect-MgGraph -TenantId tenant-1 -Scopes /)]);
});

test('an app is given roles by their ids, and consented to', () => {
  const { consentUrl, commands } = remedyOf(info(appOnly), missing);
  expect(consentUrl).toBe('https://login.microsoftonline.com/tenant-1/adminconsent?client_id=app-1');
  expect(commands).toEqual([
    'az ad app permission add --id app-1 --api 00000003-0000-0000-c000-000000000000 --api-permissions 98830695-27a2-44f7-8c18-0c3ebc9698f6=Role',
    'az ad app permission admin-consent --id app-1',
  ]);
  const china = remedyOf(info({ ...appOnly, environment: 'China' }), missing);
  expect(china.commands[0]).toBe('az cloud set --name AzureChinaCloud');
  expect(china.consentUrl).toMatch(/^https:\/\/login\.chinacloudapi\.cn\//);
});

test('a managed identity has no consent page: the roles are assigned to it', () => {
  const { consentUrl, commands } = remedyOf(info({ ...appOnly, signIn: 'managedIdentity' }), [
    ...missing,
    'User.Read.All',
  ]);
  expect(consentUrl).toBeNull();
  expect(commands).toEqual([
    'Connect-MgGraph -Scopes AppRoleAssignment.ReadWrite.All,Application.Read.All',
    `$graph = Get-MgServicePrincipal -Filter "appId eq '00000003-0000-0000-c000-000000000000'"`,
    `$identity = Get-MgServicePrincipal -Filter "appId eq 'app-1'"`,
    expect.stringMatching(/-ResourceId \$graph\.Id -AppRoleId 98830695-/),
    expect.stringMatching(/-ResourceId \$graph\.Id -AppRoleId df021288-/),
  ]);
});

test.each([
  ['a simulated tenant', { simulated: true }],
  ['a cloud that is not Microsoft’s', { environment: null }],
])('%s has no consent page and no commands', (_what, changes) => {
  const nothing = { consentUrl: null, commands: [] };
  expect(remedyOf(info(changes), missing)).toEqual(nothing);
  expect(remedyOf(info({ ...appOnly, ...changes }), missing)).toEqual(nothing);
});

test('where nothing is missing nothing is to be done', () => {
  expect(remedyOf(info({}), [])).toEqual({ consentUrl: null, commands: [] });
});
