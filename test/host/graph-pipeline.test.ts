import { afterAll, beforeAll, expect, test } from 'vitest';
import { texts, runPowerShell, type PowerShellRun } from '../module/power-shell.ts';
import { SmallTenant } from './small-tenant.ts';

let tenant: SmallTenant;
beforeAll(async () => void (tenant = await SmallTenant.start()));
afterAll(() => tenant.stop());

const run = (script: string): Promise<PowerShellRun> => runPowerShell(script, { env: tenant.env });

/** A command that breaks on its third object in the given way. */
const breaks = (how: string): string => `
  function Break-It {
    [CmdletBinding()] param([Parameter(ValueFromPipeline)] $InputObject)
    begin { $seen = 0 }
    process { $seen++; if ($seen -eq 3) { ${how} }; "saw $($InputObject.Id)" }
    end { "end after $seen" }
  }
`;

const record = `[System.Management.Automation.ErrorRecord]::new([Exception]::new('broken'), 'Broken', 'InvalidData', $InputObject)`;

test.each([
  ['a bare throw', `throw 'broken'`],
  ['a .NET exception that is thrown', `throw [InvalidOperationException]::new('broken')`],
])('%s in process is swallowed, the other users are skipped and end still runs', async (_, how) => {
  const { outputs, errors, state } = await run(
    `${breaks(how)} try { Get-MgUser -All | Break-It } catch { 'caught' }`,
  );
  expect(outputs.map(output => output.text)).toEqual(['saw u1', 'saw u2', 'end after 3']);
  expect(errors).toEqual([]);
  expect(state).toBe('Completed');
});

test.each([
  ['ThrowTerminatingError', `$PSCmdlet.ThrowTerminatingError(${record})`],
  ['a .NET call that throws', `$null = [int]::Parse('x')`],
  [
    'an error written under -ErrorAction Stop',
    `$ErrorActionPreference = 'Stop'; $PSCmdlet.WriteError(${record})`,
  ],
])('%s in process gets through and can be caught', async (_, how) => {
  const { outputs } = await run(
    `${breaks(how)} try { Get-MgUser -All | Break-It } catch { "caught $($_.FullyQualifiedErrorId)" }`,
  );
  expect(outputs.map(output => output.text)).toEqual([
    'saw u1',
    'saw u2',
    expect.stringMatching(/^caught (Broken|FormatException)/),
  ]);
});

test('a throw in a function that process calls is swallowed too', async () => {
  const script = `function Inner { throw 'deep' } ${breaks('Inner')} Get-MgUser | Break-It; 'next'`;
  expect(texts(await run(script))).toEqual(['saw u1', 'saw u2', 'end after 3', 'next']);
});

test('the same throw under a command that catches nothing ends the script', async () => {
  const { outputs, errors, state } = await run(`${breaks("throw 'broken'")} 1..5 | Break-It; 'next'`);
  expect(outputs).toHaveLength(2);
  expect(errors).toMatchObject([{ fullyQualifiedErrorId: 'broken', terminating: true }]);
  expect(state).toBe('Failed');
});

test('throws in begin and in end get through', async () => {
  const script = (block: string): string => `
    function Break-It { [CmdletBinding()] param([Parameter(ValueFromPipeline)] $InputObject)
      begin { ${block === 'begin' ? "throw 'in begin'" : ''} } process { } end { ${block === 'end' ? "throw 'in end'" : ''} } }
    try { Get-MgUser | Break-It } catch { "caught $_" }`;
  expect(texts(await run(script('begin')))).toEqual(['caught in begin']);
  expect(texts(await run(script('end')))).toEqual(['caught in end']);
});

test('a nested request in process works', async () => {
  const script = `Get-MgUser -Top 2 | ForEach-Object { (Invoke-MgGraphRequest -Uri '/v1.0/users/u1').displayName }`;
  expect(texts(await run(script))).toEqual(['User 1', 'User 1']);
});

test('-All brings everybody, page by page', async () => {
  tenant.asked.length = 0;
  expect((await run('Get-MgUser -All')).outputs).toHaveLength(250);
  expect(tenant.asked).toHaveLength(3);
});

test('-All gives a page before it asks for the next one, and Select-Object -First ends it', async () => {
  tenant.asked.length = 0;
  const { outputs, state } = await run(
    `Get-MgUser -All | Select-Object -First 2 | ForEach-Object Id; 'next'`,
  );
  expect(outputs.map(output => output.text)).toEqual(['u1', 'u2', 'next']);
  expect(state).toBe('Completed');
  expect(tenant.asked).toHaveLength(1);
});

test('without -All there are 100 users, whatever the tenant has', async () => {
  tenant.asked.length = 0;
  expect((await run('Get-MgUser')).outputs).toHaveLength(100);
  expect(tenant.asked).toHaveLength(1);
});

test('Ctrl+C ends a pipeline that a Graph command feeds', async () => {
  const { state, events } = await runPowerShell(
    'Get-MgUser -All | ForEach-Object { $_.Id; [Threading.Thread]::Sleep(5) }',
    {
      env: tenant.env,
      stopAfter: { outputs: 3 },
    },
  );
  expect(state).toBe('Stopped');
  const stopped = events.find(event => event.stream === 'stopped');
  expect(stopped?.stream === 'stopped' && stopped.took).toBeLessThan(1000);
});
