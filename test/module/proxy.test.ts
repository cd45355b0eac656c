import { afterAll, beforeAll, expect, test } from 'vitest';
import { SmallTenant } from '../host/small-tenant.ts';
import { contractErrors } from '../support/contract.ts';
import { type ModuleOptions, runModule, type StubRun } from './with-stub.ts';

const unset = Object.fromEntries(
  ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap(name => [
    [name, null],
    [name.toLowerCase(), null],
  ]),
);

/** In a process of its own: .NET reads the environment once, and what a script sets stays set. */
const alone = (script: string, options: ModuleOptions = {}): Promise<StubRun> =>
  runModule(script, {
    unconnected: true,
    freshProcess: true,
    ...options,
    env: { ...unset, ...options.env },
  });

const proxiesOf = (run: StubRun): unknown[] =>
  run.messages.flatMap(message =>
    'method' in message && 'params' in message && 'tenant' in message.params
      ? [(message.params.tenant as { proxy?: string }).proxy]
      : [],
  );

const set = (proxy: string): string => `[System.Net.WebRequest]::DefaultWebProxy = ${proxy}; `;
const connect = '$null = Connect-UserSessionTenant -Identity';

test('the proxy of the environment goes along with each request about a tenant', async () => {
  const run = await alone(
    `${connect}; $null = Get-UserSessionTenant; $null = Test-UserSessionAccess; 'a@x' | Revoke-UserSession`,
    {
      env: { HTTPS_PROXY: 'http://proxy.test:8080' },
    },
  );
  expect(proxiesOf(run)).toEqual(Array(4).fill('http://proxy.test:8080'));
  expect(contractErrors(run.messages)).toEqual([]);
});

test.each([
  ['http://user:pa%40ss@proxy.test:8080', 'http://user:pa%40ss@proxy.test:8080'],
  ['http://proxy.test', 'http://proxy.test'],
])('HTTPS_PROXY=%s is handed on whole, and stands in nothing that is shown', async (given, handed) => {
  const run = await alone(`${connect} -Verbose; $Error`, {
    env: { HTTPS_PROXY: given },
    stub: { refuse: { method: 'tenant/connect', code: 'EndpointUnusable', message: 'no answer' } },
  });
  expect(proxiesOf(run)).toEqual([handed]);
  expect(JSON.stringify(run.events)).not.toMatch(/pa(%40|@)ss/);
});

test('NO_PROXY is heeded', async () => {
  const env = { HTTPS_PROXY: 'http://proxy.test:8080', NO_PROXY: 'graph.microsoft.us' };
  const run = await alone(`${connect}; ${connect} -Environment USGov`, { env });
  expect(proxiesOf(run)).toEqual(['http://proxy.test:8080', undefined]);
});

test('a proxy that a script has set for the session wins over the environment', async () => {
  const run = await alone(set(`[System.Net.WebProxy]::new('http://session.test:3128')`) + connect, {
    env: { HTTPS_PROXY: 'http://proxy.test:8080' },
  });
  expect(proxiesOf(run)).toEqual(['http://session.test:3128']);
});

test('the credentials that a script has given to its proxy go along, those of the Windows account can not', async () => {
  const run = await alone(
    `$proxy = [System.Net.WebProxy]::new('http://session.test:3128'); ${set('$proxy')}
     $proxy.Credentials = [System.Net.NetworkCredential]::new('me', 'p:w/d'); ${connect}
     $proxy.Credentials = [System.Net.CredentialCache]::DefaultCredentials; ${connect}`,
  );
  expect(proxiesOf(run)).toEqual(['http://me:p%3Aw%2Fd@session.test:3128', 'http://session.test:3128']);
});

test.each([
  ['$null'],
  ['[System.Net.WebProxy]::new()'],
  [`[System.Net.WebProxy]::new('http://session.test:3128', $false, @('graph\\.microsoft\\.com'))`],
])('with %s there is none', async proxy => {
  const run = await alone(set(proxy) + connect);
  expect(proxiesOf(run)).toEqual([undefined]);
});

test('the proxy for another endpoint is asked about that one', async () => {
  const proxy = `[System.Net.WebProxy]::new('http://session.test:3128', $false, @('graph\\.microsoft\\.com', 'inside\\.test'))`;
  const run = await alone(
    `${set(proxy)} ${connect}; ${connect} -Environment China; ${connect} -Environment USGovDoD -GraphUrl https://graph.inside.test`,
  );
  expect(proxiesOf(run)).toEqual([undefined, 'http://session.test:3128', undefined]);
});

test('a proxy that can not be asked is none, and -Verbose says so', async () => {
  const run = await alone(
    `class Broken : System.Net.IWebProxy {
       [System.Net.ICredentials] get_Credentials() { return $null }
       [void] set_Credentials([System.Net.ICredentials] $given) { }
       [uri] GetProxy([uri] $address) { throw [System.InvalidOperationException]::new('The script is broken.') }
       [bool] IsBypassed([uri] $address) { return $false }
     }
     ${set('[Broken]::new()')} ${connect} -Verbose`,
  );
  expect(run.errors).toEqual([]);
  expect(proxiesOf(run)).toEqual([undefined]);
  expect(run.verbose.join()).toMatch(/No proxy is used.*The script is broken/);
});

let tenant: SmallTenant;
beforeAll(async () => void (tenant = await SmallTenant.start()));
afterAll(() => tenant.stop());

test('loopback and the simulated tenant never go through a proxy', async () => {
  const run = await alone(
    `$null = Get-UserSessionTenant
     ${set(`[System.Net.WebProxy]::new('http://session.test:3128')`)} $null = Get-UserSessionTenant
     $null = Connect-UserSessionTenant -Simulated; ${connect} -GraphUrl http://localhost:1`,
    { env: tenant.env },
  );
  expect(run.errors).toEqual([]);
  expect(proxiesOf(run)).toEqual([undefined, undefined, undefined, undefined]);
});
