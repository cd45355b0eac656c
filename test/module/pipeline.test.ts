import { afterAll, beforeAll, expect, test } from 'vitest';
import { SmallTenant } from '../host/small-tenant.ts';
import { texts } from './power-shell.ts';
import { runModule, type StubRun, sent } from './with-stub.ts';

let tenant: SmallTenant;
beforeAll(async () => void (tenant = await SmallTenant.start()));
afterAll(() => tenant.stop());

const methods = (run: StubRun): string[] =>
  run.messages.map(message => ('method' in message ? message.method : 'answer'));

test('the first row is out while the command upstream still produces', async () => {
  const { outputs } = await runModule(`
    $script:seen = $false
    & { 'a@x'; for ($n = 0; -not $script:seen -and $n -lt 1000; $n++) { Start-Sleep -Milliseconds 10; if ($n % 10 -eq 9) { "b$n@x" } }; "seen: $script:seen" } |
      Revoke-UserSession | ForEach-Object { $script:seen = $true; $_.Reference } | Select-Object -Last 1`);
  expect(outputs.map(output => output.text)).toEqual(['seen: True']);
});

test('users under load leave many in a line', async () => {
  const run = await runModule(`(1..300 | ForEach-Object { "u$_@x" } | Revoke-UserSession).Count`);
  expect(texts(run)).toEqual(['300']);
  expect(sent(run.messages, 'user/revoke')).toHaveLength(300);
});

test('two of our commands in one pipeline share an engine and each has its run', async () => {
  const run = await runModule(`1..50 | ForEach-Object { "u$_@x" } | Revoke-UserSession | Revoke-UserSession`);
  expect(run.rows).toHaveLength(50);
  expect(run.pids).toHaveLength(1);
  expect(run.outputs.every(output => output.properties['RunId']!.value === 'run-2')).toBe(true);
  expect(run.information.sort()).toEqual(['50 of 50 revoked.', '50 of 50 revoked.']);
});

test('a command inside the pipeline of another one gets its own rows', async () => {
  const run = await runModule(
    `'a@x', 'b@x', 'c@x' | Revoke-UserSession | ForEach-Object { $inner = "inner-$($_.Reference)" | Revoke-UserSession; "$($_.Reference) $($inner.Reference)" }`,
    { stub: { delay: 20 } },
  );
  expect(texts(run)).toEqual(['a@x inner-a@x', 'b@x inner-b@x', 'c@x inner-c@x']);
  expect(run.pids).toHaveLength(1);
});

test('a loop of commands shares one engine', async () => {
  const run = await runModule(`'a@x', 'b@x', 'c@x' | ForEach-Object { Revoke-UserSession $_ }`);
  expect(run.rows).toEqual(['Revoked a@x', 'Revoked b@x', 'Revoked c@x']);
  expect(run.pids).toHaveLength(1);
});

test('Select-Object -First 1 stops within a second and cancels the rest', async () => {
  const run = await runModule(`
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $null = 1..50 | ForEach-Object { "u$_@x"; Start-Sleep -Milliseconds 100 } | Revoke-UserSession | Select-Object -First 1
    $clock.ElapsedMilliseconds`);
  expect(Number(run.outputs[0]!.text)).toBeLessThan(1000);
  expect(methods(run)).toContain('$/cancelRequest');
});

test('Select-Object -First 1 stops within a second when the rows come at the end', async () => {
  const run = await runModule(
    `$null = 1..50 | ForEach-Object { "u$_@x" } | Revoke-UserSession | Select-Object -First 1; 'next'`,
    { stub: { delay: 200 } },
  );
  expect(methods(run)).toContain('$/cancelRequest');
  expect(texts(run)).toEqual(['next']);
});

test('Ctrl+C is over within a second and cancels what has not been sent', async () => {
  const run = await runModule(`1..50 | ForEach-Object { "u$_@x" } | Revoke-UserSession`, {
    stub: { mute: true },
    stopAfter: { ms: 2500 },
  });
  expect(run.state).toBe('Stopped');
  expect(run.events.find(event => event.stream === 'stopped')).toMatchObject({ took: expect.any(Number) });
  expect(
    Number((run.events.find(event => event.stream === 'stopped') as { took: number }).took),
  ).toBeLessThan(1000);
  expect(methods(run)).toContain('$/cancelRequest');
});

test('a question of a run whose pipeline is gone is answered with no', async () => {
  const run = await runModule(
    `try { $null = & { 'a@x'; 'b@x'; throw 'upstream' } | Revoke-UserSession } catch { }
     $null = Get-UserSessionTenant; 'c@x' | Revoke-UserSession`,
    // Late enough for the pipeline to be gone, on a slow machine too.
    { stub: { askConfirmAt: 2, delay: 500 } },
  );
  expect(run.rows).toEqual(['Revoked c@x']);
  expect(run.prompts).toEqual([]);
  expect(run.messages.find(message => !('method' in message))).toMatchObject({
    result: { confirmed: false },
  });
});

test('late replies of a stopped pipeline are dropped, and the next command sees only its own', async () => {
  const run = await runModule(
    `$null = 'a@x', 'b@x', 'c@x' | Revoke-UserSession | Select-Object -First 1; 'd@x' | Revoke-UserSession`,
    { stub: { delay: 30 } },
  );
  expect(run.rows).toEqual(['Revoked d@x']);
  expect(run.errors).toEqual([]);
});

test('a run that was stopped while upstream was busy is cancelled by the next command', async () => {
  // Nothing of ours runs when the throw upstream ends the pipeline.
  const run = await runModule(
    `try { & { 'a@x'; Start-Sleep -Milliseconds 50; throw 'upstream' } | Revoke-UserSession } catch { "$_" }; 'b@x' | Revoke-UserSession`,
    { stub: { delay: 300 } },
  );
  expect(texts(run)[0]).toBe('upstream');
  expect(run.rows).toEqual(['Revoked b@x']);
  const cancel = run.messages.findIndex(
    message => 'method' in message && message.method === '$/cancelRequest',
  );
  expect(run.messages[cancel]).toMatchObject({ params: { runId: 'run-1' } });
  const second = run.messages.findLastIndex(message => 'method' in message && message.method === 'run/begin');
  expect(cancel).toBeLessThan(second);
});

test('-ErrorAction Stop gives the row, then the error, and hands nobody over after it', async () => {
  const run = await runModule(
    `try { & { 'a@x'; 'notfound@x'; 1..100 | ForEach-Object { "u$_@x"; Start-Sleep -Milliseconds 5 } } | Revoke-UserSession -ErrorAction Stop }
     catch { "caught $($_.FullyQualifiedErrorId) of $($_.TargetObject)" }`,
  );
  expect(run.rows.slice(-1)).toEqual(['NotFound notfound@x']);
  expect(texts(run).at(-1)).toBe('caught NotFound,Revoke-UserSession of notfound@x');
  expect(sent(run.messages, 'user/revoke').length).toBeLessThan(100);
  expect(methods(run)).toContain('$/cancelRequest');
});

/** Below the stand-in of Get-MgUser, which swallows whatever breaks below it. */
const below = (script: string, options: Parameters<typeof runModule>[1] = {}) =>
  runModule(`try { Get-MgUser -All | ${script} } catch { "caught $($_.FullyQualifiedErrorId)" }`, {
    ...options,
    env: tenant.env,
  });

test('below Get-MgUser every user comes out as a row', async () => {
  const run = await below('Revoke-UserSession');
  expect(run.rows).toHaveLength(250);
  expect(run.errors).toEqual([]);
});

test('below Get-MgUser -ErrorAction Stop can be caught, and nobody is handed over after it', async () => {
  const run = await below('Revoke-UserSession -ErrorAction Stop', {
    stub: { row: { severity: 'error', outcome: 'Denied' } },
  });
  expect(run.rows.length).toBeGreaterThan(0);
  expect(run.outputs.at(-1)!.text).toBe('caught Denied,Revoke-UserSession');
  expect(sent(run.messages, 'user/revoke').length).toBeLessThan(250);
});

test('below Get-MgUser an engine that dies is an error that can be caught, and no user is without a row', async () => {
  const run = await below('Revoke-UserSession', { stub: { dieAt: 30 } });
  expect(run.outputs.at(-1)!.text).toBe('caught EngineStopped,Revoke-UserSession');
  expect(run.rows.length).toBeGreaterThanOrEqual(30);
  expect(run.rows.filter(row => row.startsWith('Revoked')).length).toBeLessThan(30);
  expect(run.rows.some(row => row.startsWith('Unknown'))).toBe(true);
});

test('below Get-MgUser a run that the engine stops is an error that can be caught, and nobody is handed over after it', async () => {
  const stop = { code: 'NotSignedIn' as const, message: 'The token is refused.' };
  const run = await below('Revoke-UserSession -ErrorAction SilentlyContinue', {
    stub: { stopAt: { user: 5, stop } },
  });
  expect(run.outputs.at(-1)!.text).toBe('caught NotSignedIn,Revoke-UserSession');
  expect(sent(run.messages, 'user/revoke')).toHaveLength(run.rows.length);
  expect(methods(run).filter(method => method === 'run/end')).toHaveLength(1);
});

test('below Get-MgUser a missing sign-in is an error that can be caught', async () => {
  const run = await runModule(
    `Disconnect-MgGraph | Out-Null; try { Get-MgUser -All | Revoke-UserSession } catch { "caught $($_.FullyQualifiedErrorId)" }`,
    { env: tenant.env, unconnected: true },
  );
  expect(run.outputs.at(-1)!.text).toMatch(/^caught /);
  expect(run.rows).toEqual([]);
});

test('below Get-MgUser a command downstream that breaks leads to an error that says the run is incomplete', async () => {
  const run = await below(
    `Revoke-UserSession | ForEach-Object -Begin { $n = 0 } -Process { $n++; if ($n -eq 3) { throw 'downstream' }; $_ }`,
    { stub: { delay: 5 } },
  );
  expect(run.outputs.at(-1)!.text).toBe('caught RunIncomplete,Revoke-UserSession');
  expect(run.rows.length).toBe(sent(run.messages, 'user/revoke').length - 1);
  expect(sent(run.messages, 'user/revoke').length).toBeLessThan(250);
  expect(methods(run)).toContain('$/cancelRequest');
});

test('a bad object among Graph users is a row and an error, and costs nobody else anything', async () => {
  const run = await runModule(
    `Get-MgUser -All | ForEach-Object -Process { $_ } -End { 42 } | Revoke-UserSession -ErrorAction SilentlyContinue -ErrorVariable bad; $bad.Count; $bad.TargetObject`,
    { env: tenant.env },
  );
  expect(run.rows).toHaveLength(251);
  expect(texts(run).slice(-2)).toEqual(['1', '42']);
});
