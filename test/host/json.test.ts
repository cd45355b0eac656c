import { expect, test } from 'vitest';
import { plain, runPowerShell } from '../module/power-shell.ts';

const named = `'{"displayName":"2024-01-01T10:00:00","count":3,"rate":1.5}' | ConvertFrom-Json`;

test('PowerShell 7 takes a display name that looks like a date for one', async () => {
  const run = await runPowerShell(named);
  expect(run.outputs[0]?.properties).toEqual({
    displayName: { type: 'datetime', value: '2024-01-01T10:00:00.0000000', kind: 'Unspecified' },
    count: { type: 'number', value: 3, of: 'Int64' },
    rate: { type: 'number', value: 1.5, of: 'Double' },
  });
});

test('Windows PowerShell 5.1 leaves a display name that looks like a date alone', async () => {
  const run = await runPowerShell(named, { dialect: '5.1' });
  expect(run.outputs[0]?.properties).toEqual({
    displayName: { type: 'string', value: '2024-01-01T10:00:00' },
    count: { type: 'number', value: 3, of: 'Int32' },
    rate: { type: 'number', value: 1.5, of: 'Decimal' },
  });
});

test('each dialect has its own form of dates that becomes a DateTime', async () => {
  const script = String.raw`'{"plain":"/Date(0)/","escaped":"\/Date(0)\/"}' | ConvertFrom-Json`;
  const seven = await runPowerShell(script);
  const five = await runPowerShell(script, { dialect: '5.1' });
  expect(plain(seven.outputs[0]!)).toEqual({
    plain: '1970-01-01T00:00:00.0000000Z',
    escaped: '1970-01-01T00:00:00.0000000Z',
  });
  expect(plain(five.outputs[0]!)).toEqual({ plain: '/Date(0)/', escaped: '1970-01-01T00:00:00.0000000Z' });
});

test('arrays come one by one in 7 and whole in 5.1', async () => {
  expect((await runPowerShell(`'[1,2,3]' | ConvertFrom-Json`)).outputs).toHaveLength(3);
  expect((await runPowerShell(`'[1,2,3]' | ConvertFrom-Json`, { dialect: '5.1' })).outputs).toHaveLength(1);
});

test('5.1 escapes what HTML could trip over and leaves other letters as they are', async () => {
  const run = await runPowerShell(`@{ a = "<O'Brien & Zoë>" } | ConvertTo-Json -Compress`, {
    dialect: '5.1',
  });
  expect(run.outputs[0]?.text).toBe(String.raw`{"a":"\u003cO\u0027Brien \u0026 Zoë\u003e"}`);
});

test('a text that carries properties is an object for 5.1 and a text for 7', async () => {
  const script = `$line = [psobject]'a@b'; $line.psobject.Properties.Add([psnoteproperty]::new('ReadCount', 1)); $line | ConvertTo-Json -Compress`;
  expect((await runPowerShell(script)).outputs[0]?.text).toBe('"a@b"');
  expect((await runPowerShell(script, { dialect: '5.1' })).outputs[0]?.text).toBe(
    '{"value":"a@b","ReadCount":1}',
  );
});

test('an array from a pipeline is an object for 5.1, an array as argument is not', async () => {
  const script = `,@(1, 2) | ConvertTo-Json -Compress; ConvertTo-Json -Compress @(1, 2); @{ a = @(1, 2) } | ConvertTo-Json -Compress`;
  const five = await runPowerShell(script, { dialect: '5.1' });
  expect(five.outputs.map(output => output.text)).toEqual([
    '{"value":[1,2],"Count":2}',
    '[1,2]',
    '{"a":[1,2]}',
  ]);
  const seven = await runPowerShell(script);
  expect(seven.outputs.map(output => output.text)).toEqual(['[1,2]', '[1,2]', '{"a":[1,2]}']);
});

test('what lies deeper than -Depth becomes text in both, and 7 warns', async () => {
  const script = `@{ a = @{ b = @{ c = @{ d = 1 } } } } | ConvertTo-Json -Compress`;
  const seven = await runPowerShell(script);
  expect(seven.outputs[0]?.text).toBe('{"a":{"b":{"c":"System.Collections.Hashtable"}}}');
  expect(seven.warnings).toHaveLength(1);
  const five = await runPowerShell(script, { dialect: '5.1' });
  expect(five.outputs[0]?.text).toBe('{"a":{"b":{"c":"System.Collections.Hashtable"}}}');
  expect(five.warnings).toEqual([]);
});

test.each(['7', '5.1'] as const)('text that is no JSON is a terminating error in %s', async dialect => {
  const run = await runPowerShell(
    `try { '{"a":' | ConvertFrom-Json } catch { $_.Exception.GetType().Name }`,
    { dialect },
  );
  expect(run.outputs[0]?.text).toBe('ArgumentException');
});

test.each(['7', '5.1'] as const)('a line of JSON survives there and back in %s', async dialect => {
  const script = `$o = [pscustomobject]@{ text = "tab\`t quote "" ünï"; list = @(1, $null, $true); deep = @{ x = 'y' } }
    ($o | ConvertTo-Json -Compress -Depth 5) | ConvertFrom-Json | ConvertTo-Json -Compress -Depth 5`;
  const run = await runPowerShell(script, { dialect });
  expect(JSON.parse(run.outputs[0]!.text)).toEqual({
    text: 'tab\t quote " ünï',
    list: [1, null, true],
    deep: { x: 'y' },
  });
});
