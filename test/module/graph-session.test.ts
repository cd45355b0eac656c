import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { SmallTenant, token } from '../host/small-tenant.ts';
import { contractErrors } from '../support/contract.ts';
import { errorIds } from './power-shell.ts';
import { type ModuleOptions, runModule, type StubRun } from './with-stub.ts';

let tenant: SmallTenant;
beforeAll(async () => void (tenant = await SmallTenant.start()));
afterAll(() => tenant.stop());
afterEach(() => void (tenant.organization = null));

const person = { tid: 'tenant-1', upn: 'admin@small.test', appid: 'graph-cli', scp: 'User.Read.All' };
const app = { tid: 'tenant-1', appid: 'app-1', idtyp: 'app', roles: ['User.Read.All'] };
const secure = (text: string): string => `(ConvertTo-SecureString '${text}' -AsPlainText -Force)`;

/** In a session to which Connect-MgGraph signs in with that token. */
const session = (script: string, signedIn: string, options: ModuleOptions = {}): Promise<StubRun> =>
  runModule(script, {
    unconnected: true,
    ...options,
    env: { MG_STANDIN_GRAPH_URL: tenant.url, MG_STANDIN_TOKEN: signedIn, ...options.env },
  });

const connectionsOf = (run: StubRun): unknown[] =>
  run.messages.flatMap(message =>
    'method' in message && 'params' in message && 'tenant' in message.params ? [message.params.tenant] : [],
  );

const answersOf = (run: StubRun): unknown[] => run.messages.filter(message => !('method' in message));

/** The second user comes after `change`, and with it the engine asks for a token. */
const changing = (change: string): string => `& { 'a@x'; $null = ${change}; 'b@x' } | Revoke-UserSession`;

const forms: [form: string, claims: object, authType: string][] = [
  ['-Scopes User.Read.All', person, 'Delegated'],
  ['-UseDeviceCode', person, 'Delegated'],
  ['-ClientId app-1 -TenantId tenant-1 -CertificateThumbprint AB', app, 'AppOnly'],
  [
    `-TenantId tenant-1 -ClientSecretCredential ([pscredential]::new('app-1', ${secure('s')}))`,
    app,
    'AppOnly',
  ],
  ['-Identity', app, 'ManagedIdentity'],
  ['-EnvironmentVariable', app, 'EnvironmentVariable'],
  [`-AccessToken ${secure(token(person))}`, person, 'UserProvidedAccessToken'],
  [`-AccessToken ${secure(token(app))}`, app, 'UserProvidedAccessToken'],
];

test.each(forms)('Connect-MgGraph %s is a session to work in', async (form, claims, authType) => {
  const run = await session(
    `Connect-MgGraph ${form} -NoWelcome; (Get-MgContext).AuthType; $null = Get-UserSessionTenant; 'a@x' | Revoke-UserSession`,
    token({ ...claims }),
  );
  const connection = {
    kind: 'host',
    graphUrl: tenant.url,
    token: token({ ...claims }),
    tenantId: 'tenant-1',
  };
  expect(run.errors).toEqual([]);
  expect(run.outputs[0]!.text).toBe(authType);
  expect(connectionsOf(run)).toEqual([connection, connection]);
  expect(contractErrors(run.messages)).toEqual([]);
});

test('a custom environment is worked in at its own endpoint', async () => {
  const other = await SmallTenant.start();
  try {
    const run = await session(
      `$null = Add-MgEnvironment -Name Custom -AzureADEndpoint https://login.test -GraphEndpoint '${other.url}/'
       Connect-MgGraph -Scopes User.Read.All -Environment Custom -NoWelcome; 'a@x' | Revoke-UserSession; (Get-MgContext).Environment`,
      token(person),
    );
    expect(connectionsOf(run)).toMatchObject([{ graphUrl: other.url }]);
    expect(run.outputs.at(-1)!.text).toBe('Custom');
  } finally {
    other.stop();
  }
});

test('of a token that can not be read Graph tells the tenant, where it may be asked', async () => {
  const script = `Connect-MgGraph -AccessToken ${secure('opaque')} -NoWelcome; $null -eq (Get-MgContext).TenantId; $null = Get-UserSessionTenant`;
  const unknown = await session(script, 'other');
  tenant.organization = { id: 'tenant-9', displayName: 'Small' };
  const known = await session(script, 'other');
  const connection = { kind: 'host', graphUrl: tenant.url, token: 'opaque' };
  expect(unknown.outputs[0]!.text).toBe('True');
  expect(connectionsOf(unknown)).toEqual([connection]);
  expect(connectionsOf(known)).toEqual([{ ...connection, tenantId: 'tenant-9', tenantName: 'Small' }]);
});

const renewals: [who: string, then: object, now: object, complaint: string | null][] = [
  ['the same person', person, { ...person, fresh: 1 }, null],
  ['the same app', app, { ...app, fresh: 1 }, null],
  ['another person of the tenant', person, { ...person, upn: 'eve@small.test' }, 'another account'],
  ['the same person through another app', person, { ...person, appid: 'other' }, 'another account or app'],
  ['another app of the tenant', app, { ...app, appid: 'app-2' }, 'another account or app'],
  ['another tenant', person, { ...person, tid: 'tenant-2' }, 'another tenant'],
];

test.each(renewals)('a token of %s in the middle of a run', async (_who, then, now, complaint) => {
  const fresh = token({ ...now });
  const run = await session(
    changing(`Connect-MgGraph -AccessToken ${secure(fresh)} -Environment StandIn -NoWelcome`),
    token({ ...then }),
    { stub: { askTokenAt: 2 } },
  );
  expect(run.rows).toEqual(['Revoked a@x', 'Revoked b@x']);
  expect(contractErrors(run.messages)).toEqual([]);
  const refusal = {
    code: -32002,
    message: expect.stringContaining(complaint ?? ''),
    data: { code: 'NotSignedIn' },
  };
  expect(answersOf(run)).toEqual([
    { jsonrpc: '2.0', id: 'token', ...(complaint ? { error: refusal } : { result: { token: fresh } }) },
  ]);
  if (complaint) expect(JSON.stringify(run.messages)).not.toContain(fresh);
});

test('another token that can not be read is not taken: nobody can tell whose it is', async () => {
  const run = await session(
    `Connect-MgGraph -AccessToken ${secure('opaque')} -NoWelcome; ${changing(`Connect-MgGraph -AccessToken ${secure('sesame')} -Environment StandIn -NoWelcome`)}`,
    'unused',
    { stub: { askTokenAt: 2 } },
  );
  expect(answersOf(run)).toMatchObject([
    { error: { message: expect.stringContaining("can't be read whose") } },
  ]);
});

test('commands one after the other borrow the token once, and each of them works with it', async () => {
  tenant.asked.length = 0;
  const run = await session(`foreach ($id in 'a@x', 'b@x', 'c@x') { Revoke-UserSession $id }`, token(person));
  expect(run.rows).toEqual(['Revoked a@x', 'Revoked b@x', 'Revoked c@x']);
  expect(connectionsOf(run)).toHaveLength(3);
  expect(new Set(connectionsOf(run).map(one => JSON.stringify(one))).size).toBe(1);
  expect(tenant.asked).toHaveLength(1);
});

const borrowsAnew: [why: string, between: string][] = [
  [
    'Connect-MgGraph was called again',
    `Connect-MgGraph -AccessToken ${secure(token({ ...person, fresh: 1 }))} -Environment StandIn -NoWelcome`,
  ],
  ['it has been a while', '& (Get-Module UserSession) { $script:LentForSeconds = 0 }'],
  ['every sign-in was to be forgotten', 'Disconnect-UserSessionTenant'],
];

test.each(borrowsAnew)('the token is borrowed anew when %s', async (why, between) => {
  tenant.asked.length = 0;
  const run = await session(`Revoke-UserSession 'a@x'; ${between}; Revoke-UserSession 'b@x'`, token(person));
  expect(run.rows).toEqual(['Revoked a@x', 'Revoked b@x']);
  const last = why.startsWith('Connect') ? token({ ...person, fresh: 1 }) : token(person);
  expect(connectionsOf(run)).toMatchObject([{ token: token(person) }, { token: last }]);
  expect(tenant.asked.map(asked => asked.authorization)).toEqual([
    `Bearer ${token(person)}`,
    `Bearer ${last}`,
  ]);
});

test('what was borrowed from a session that was left is not used any more', async () => {
  const run = await session(
    `Revoke-UserSession 'a@x'; $null = Disconnect-MgGraph; Revoke-UserSession 'b@x'`,
    token(person),
  );
  expect(run.rows).toEqual(['Revoked a@x']);
  expect(errorIds(run)).toEqual(['NotSignedIn,Revoke-UserSession']);
});

test('a token that the engine finds refused is not lent to the next command', async () => {
  const fresh = token({ ...person, fresh: 1 });
  const run = await session(
    `${changing(`Connect-MgGraph -AccessToken ${secure(fresh)} -Environment StandIn -NoWelcome`)}; Revoke-UserSession 'c@x'`,
    token(person),
    { stub: { askTokenAt: 2, tokenReason: 'refused' } },
  );
  expect(connectionsOf(run)).toMatchObject([{ token: token(person) }, { token: fresh }]);
});

const advice: [form: string, claims: object, says: RegExp][] = [
  ['-Scopes a', person, /Disconnect-MgGraph; Connect-MgGraph -Scopes User\.RevokeSessions\.All/],
  [
    '-ClientId app-1 -CertificateThumbprint AB',
    app,
    /Disconnect-MgGraph; Connect-MgGraph with the certificate/,
  ],
  ['-Identity', app, /Connect-MgGraph -Identity/],
  ['-EnvironmentVariable', app, /Connect-MgGraph -EnvironmentVariable/],
  [`-AccessToken ${secure(token(person))}`, person, /get a new token and run Connect-MgGraph -AccessToken/],
];

test.each(advice)('a refused token of %s ends the run with what to do', async (form, claims, says) => {
  const run = await session(
    `Connect-MgGraph ${form} -NoWelcome; 'a@x', 'b@x' | Revoke-UserSession`,
    token({ ...claims }),
    { stub: { askTokenAt: 2, tokenReason: 'refused', stopUnlessToken: 'Graph refuses the token.' } },
  );
  expect(answersOf(run)).toMatchObject([{ error: { data: { code: 'NotSignedIn' } } }]);
  expect(run.rows).toHaveLength(2);
  expect(run.errors.at(-1)).toMatchObject({
    fullyQualifiedErrorId: 'NotSignedIn,Revoke-UserSession',
    message: expect.stringMatching(says),
  });
  expect(run.errors.at(-1)!.message).toMatch(/^Graph refuses the token\. /);
});

test('a token that only ends soon is given again when there is no other', async () => {
  const run = await session(`'a@x', 'b@x' | Revoke-UserSession`, token(person), { stub: { askTokenAt: 2 } });
  expect(answersOf(run)).toEqual([{ jsonrpc: '2.0', id: 'token', result: { token: token(person) } }]);
});

test('a claims challenge is answered with the token that the session has got for it', async () => {
  const fresh = token({ ...person, fresh: 1 });
  tenant.asked.length = 0;
  const run = await session(
    changing(`Connect-MgGraph -AccessToken ${secure(fresh)} -Environment StandIn -NoWelcome`),
    token(person),
    {
      stub: {
        askTokenAt: 2,
        tokenReason: 'refused',
        tokenClaims: '{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}',
      },
    },
  );
  expect(answersOf(run)).toEqual([{ jsonrpc: '2.0', id: 'token', result: { token: fresh } }]);
  // The session itself was asked, by a request that Graph may challenge.
  expect(tenant.asked.map(asked => asked.authorization)).toEqual([
    `Bearer ${token(person)}`,
    `Bearer ${fresh}`,
  ]);
});

test('a session that was left in the middle of a run gives no token', async () => {
  const run = await session(changing('Disconnect-MgGraph'), token(person), { stub: { askTokenAt: 2 } });
  expect(answersOf(run)).toMatchObject([
    { error: { message: expect.stringMatching(/no token any more.*Connect-MgGraph/) } },
  ]);
});

test('a run with a token of our own never gets one of the Graph session', async () => {
  const run = await session(
    `$null = Connect-UserSessionTenant -AccessToken ${secure(token(person))}; 'a@x', 'b@x' | Revoke-UserSession`,
    token({ ...person, fresh: 1 }),
    { stub: { askTokenAt: 2, tokenReason: 'refused', stopUnlessToken: 'Graph refuses the token.' } },
  );
  expect(JSON.stringify(run.messages)).not.toContain(token({ ...person, fresh: 1 }));
  expect(run.errors.at(-1)!.message).toMatch(
    /Graph refuses the token\. .*Get a new one, run Connect-UserSessionTenant -AccessToken with it/,
  );
});

test('a run with a secret of our own gets none either', async () => {
  const run = await session(
    `$null = Connect-UserSessionTenant -Identity; 'a@x', 'b@x' | Revoke-UserSession`,
    token(person),
    { stub: { askTokenAt: 2 } },
  );
  expect(answersOf(run)).toMatchObject([
    { error: { message: expect.stringContaining('signs in by itself') } },
  ]);
});
