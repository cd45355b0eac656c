import { expect, test } from 'vitest';
import { findEngine, plain, runPowerShell, startPowerShell } from '../module/power-shell.ts';

/** pwsh gets a process for each script, where the end of the process is all the removal there is. */
const isServed = findEngine().kind === 'host';

const asks = `function Act { [CmdletBinding(SupportsShouldProcess)] param([Parameter(ValueFromPipeline)] $Name)
  process { if ($PSCmdlet.ShouldProcess($Name, 'act')) { "did $Name" } } }`;

test('values come with their .NET types', async () => {
  const script = `[pscustomobject]@{ Text = 't'; Number = 1; Part = [decimal]1.5; Truth = $true; None = $null; Utc = [datetime]::new(2024, 1, 2, 3, 4, 5, [DateTimeKind]::Utc); List = @(1, 'a') }`;
  const { outputs } = await runPowerShell(script);
  expect(outputs[0]!.properties).toEqual({
    Text: { type: 'string', value: 't' },
    Number: { type: 'number', value: 1, of: 'Int32' },
    Part: { type: 'number', value: 1.5, of: 'Decimal' },
    Truth: { type: 'bool', value: true },
    None: { type: 'null', value: null },
    Utc: { type: 'datetime', value: '2024-01-02T03:04:05.0000000Z', kind: 'Utc' },
    List: {
      type: 'array',
      value: [
        { type: 'number', value: 1, of: 'Int32' },
        { type: 'string', value: 'a' },
      ],
    },
  });
});

test('prompts get the answers in order and the last one again', async () => {
  const run = await runPowerShell(`${asks} 'a', 'b', 'c' | Act -Confirm`, { confirm: ['yes', 'no'] });
  expect(run.outputs.map(output => output.text)).toEqual(['did a']);
  expect(run.prompts.map(prompt => prompt.answer)).toEqual(['yes', 'no', 'no']);
  expect(run.prompts[0]!.message).toContain('Performing the operation "act" on target "a".');
});

test('yesToAll asks once', async () => {
  const run = await runPowerShell(`${asks} 'a', 'b', 'c' | Act -Confirm`, { confirm: ['yesToAll'] });
  expect(run.outputs).toHaveLength(3);
  expect(run.prompts).toHaveLength(1);
});

test('where nobody can answer a prompt is an error', async () => {
  const run = await runPowerShell(`${asks} 'a' | Act -Confirm`, { confirm: ['none'] });
  expect(run.outputs).toEqual([]);
  expect(run.errors[0]!.message).toContain('NonInteractive');
});

test('what-if lines are told apart from other host text', async () => {
  const run = await runPowerShell(`${asks} 'a' | Act -WhatIf; $host.UI.WriteLine('plain')`);
  expect(run.whatIf).toEqual(['What if: Performing the operation "act" on target "a".']);
  expect(run.hostText).toBe('plain\n');
});

test('an error that ends the script is marked', async () => {
  const run = await runPowerShell(`'before'; throw 'bad'; 'after'`);
  expect(run).toMatchObject({ state: 'Failed', reason: 'bad' });
  expect(run.errors).toMatchObject([{ fullyQualifiedErrorId: 'bad', terminating: true, line: 1 }]);
});

test('preferences, variables and environment reach the script, and the next one starts without them', async () => {
  const script = '$VerbosePreference; $given.name; $env:FOR_THE_SCRIPT';
  const first = await runPowerShell(script, {
    preferences: { VerbosePreference: 'Continue' },
    variables: { given: { name: 'x' } },
    env: { FOR_THE_SCRIPT: 'set' },
  });
  expect(first.outputs.map(output => output.text)).toEqual(['Continue', 'x', 'set']);
  const second = await runPowerShell(script);
  expect(second.outputs.map(output => output.text)).toEqual(['SilentlyContinue', '', '']);
});

test('Ctrl+C after some outputs stops the script and tells how long that took', async () => {
  const run = await runPowerShell(
    `try { foreach ($n in 1..1000) { $n; [Threading.Thread]::Sleep(5) } } finally { $host.UI.WriteLine('finally') }`,
    {
      stopAfter: { outputs: 3 },
    },
  );
  expect(run.state).toBe('Stopped');
  expect(run.outputs.length).toBeLessThan(50);
  expect(run.hostText).toBe('finally\n');
  expect(run.events.filter(event => event.stream === 'stopped')).toHaveLength(1);
});

test('with a format the text is what a console shows, in its order', async () => {
  const script = `[pscustomobject]@{ Name = 'a'; Outcome = 'Revoked' }; Write-Warning 'careful'
    [pscustomobject]@{ Name = 'b'; Outcome = 'Denied' }; Write-Error 'no'`;
  const run = await runPowerShell(script, { format: { width: 60 } });
  const lines = run.text.split('\n').filter(line => line !== '');
  expect(lines.slice(0, 5).map(line => line.trim())).toEqual([
    'WARNING: careful',
    'Name Outcome',
    '---- -------',
    'a    Revoked',
    'b    Denied',
  ]);
  expect(lines.at(-1)).toContain('no');
  expect(run.outputs.map(output => plain(output)['Name'])).toEqual(['a', 'b']);
  expect(run.errors).toHaveLength(1);
  expect(run.warnings).toEqual(['careful']);
});

test('output leaves while the script runs, and killing takes the process away', async () => {
  const running = startPowerShell(`'first'; Start-Sleep -Seconds 60; 'second'`);
  const seen: string[] = [];
  for await (const event of running) {
    if (event.stream === 'output') seen.push(event.text);
    running.kill('SIGKILL');
  }
  expect(seen).toEqual(['first']);
  expect((await running.finished).state).toBe('Killed');
  expect(() => process.kill(running.pid, 0)).toThrow();
});

test.skipIf(process.platform === 'win32')('SIGINT to the process is a Ctrl+C', async () => {
  const running = startPowerShell(`'first'; Start-Sleep -Seconds 60`);
  for await (const event of running) if (event.stream === 'output') running.kill('SIGINT');
  expect((await running.finished).state).toBe('Stopped');
});

test('what a module cleans up on removal is cleaned up before the next script', async () => {
  const first = await runPowerShell(`
    New-Module -Name Temp { $ExecutionContext.SessionState.Module.OnRemove = { [Environment]::SetEnvironmentVariable('TEMP_REMOVED', 'yes') } } | Import-Module; 'x'`);
  expect(first.outputs).toHaveLength(1);
  const second = await runPowerShell(
    `(Get-Module Temp).Count; $env:TEMP_REMOVED; [Environment]::SetEnvironmentVariable('TEMP_REMOVED', $null)`,
  );
  expect(second.outputs.map(output => output.text)).toEqual(['0', isServed ? 'yes' : '']);
});

test('a script that hangs is given up with its story', async () => {
  await expect(runPowerShell(`'begun'; Start-Sleep -Seconds 60`, { timeoutMs: 3000 })).rejects.toThrow(
    /not done after 3000 ms[^]*begun/,
  );
});

test('what a script writes to stdout past its host does no harm', async () => {
  const run = await runPowerShell(`[Console]::WriteLine('{raw'); 'x'`);
  expect(run.outputs.map(output => output.text)).toEqual(['x']);
  expect(run.stderr).toContain('stdout: {raw');
});

test('preferences that a script leaves behind do not make the clean-up ask', async () => {
  const run = await runPowerShell(
    `New-Module -Name Temp { } | Import-Module; $ConfirmPreference = 'Low'; $WhatIfPreference = $true`,
  );
  expect(run.prompts).toEqual([]);
  expect(run.whatIf).toEqual([]);
});
