import { afterAll, beforeAll, expect, test } from 'vitest';
import { texts, runPowerShell, type PowerShellRun } from '../module/power-shell.ts';
import { SmallTenant } from './small-tenant.ts';

let tenant: SmallTenant;
beforeAll(async () => void (tenant = await SmallTenant.start()));
afterAll(() => tenant.stop());

const run = (script: string, env: Record<string, string | null> = {}): Promise<PowerShellRun> =>
  runPowerShell(script, { env: { ...tenant.env, ...env } });

test('the token is to be had from the answer of a request', async () => {
  const script = `(Invoke-MgGraphRequest -Uri '/v1.0/nothing' -OutputType HttpResponseMessage -SkipHttpErrorCheck).RequestMessage.Headers.Authorization.Parameter`;
  expect(texts(await run(script))).toEqual([tenant.env['MG_STANDIN_TOKEN']]);
});

test('a 404 is terminating whatever -ErrorAction says, and its exception holds the answer', async () => {
  const script = `try { Invoke-MgGraphRequest -Uri '/v1.0/nothing' -ErrorAction SilentlyContinue } catch {
    $_.FullyQualifiedErrorId; [int]$_.Exception.Response.StatusCode; $_.Exception.Response.RequestMessage.Headers.Authorization.Scheme }`;
  expect(texts(await run(script))).toEqual([
    'NotFound,Microsoft.Graph.PowerShell.Authentication.Cmdlets.InvokeMgGraphRequest',
    '404',
    'Bearer',
  ]);
});

test('429 is tried again three times and ends without an answer', async () => {
  tenant.asked.length = 0;
  const script = `try { Invoke-MgGraphRequest -Uri '/v1.0/users/busy' } catch { $_.Exception.GetType().Name; $null -eq $_.Exception.Response }`;
  expect(texts(await run(script))).toEqual(['AggregateException', 'True']);
  expect(tenant.asked).toHaveLength(4);
});

test('without a session a request ends with AuthenticationError', async () => {
  const script = `try { Invoke-MgGraphRequest -Uri '/v1.0/me' } catch { $_.FullyQualifiedErrorId }`;
  expect(texts(await run(script, { MG_STANDIN_TOKEN: null }))[0]).toMatch(/^AuthenticationError,/);
});

test('rows are hashtables unless PSObject is asked for', async () => {
  const script = `(Invoke-MgGraphRequest -Uri '/v1.0/users').value[0].GetType().Name
    (Invoke-MgGraphRequest -Uri '/v1.0/users' -OutputType PSObject).value[0].GetType().Name
    (Invoke-MgGraphRequest -Uri '/v1.0/users/u1' -OutputType Json).Substring(0, 1)`;
  expect(texts(await run(script))).toEqual(['Hashtable', 'PSCustomObject', '{']);
});

test('an absolute address goes out without a token and moves the session', async () => {
  tenant.asked.length = 0;
  const script = `$null = Invoke-MgGraphRequest -Uri '${tenant.url.replace('127.0.0.1', 'localhost')}/v1.0/users/u1' -SkipHttpErrorCheck; (Get-MgContext).Environment`;
  const { outputs } = await run(script);
  expect(tenant.asked.map(asked => asked.authorization)).toEqual([undefined]);
  expect(outputs[0]?.typeNames ?? []).toEqual([]);
});
