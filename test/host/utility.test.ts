import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { plain, runPowerShell } from '../module/power-shell.ts';

const folder = mkdtempSync(join(tmpdir(), 'usersession-utility-'));
afterAll(() => rmSync(folder, { recursive: true }));

const texts = async (script: string): Promise<string[]> =>
  (await runPowerShell(script, { cwd: folder })).outputs.map(output => output.text);

const source = `function Get-Numbers { [CmdletBinding()] param() process { 1..5 | ForEach-Object { $host.UI.WriteLine("made $_"); $_ } } }`;

test('Select-Object -First stops the commands above it and lets those below end', async () => {
  const run = await runPowerShell(
    `${source} Get-Numbers | Select-Object -First 2 | ForEach-Object { $_ } -End { 'end' }; 'next'`,
  );
  expect(run.hostText).toBe('made 1\nmade 2\n');
  expect(run.outputs.map(output => output.text)).toEqual(['1', '2', 'end', 'next']);
});

test('Select-Object gives chosen and computed properties, or what is in one', async () => {
  const script = `[pscustomobject]@{ A = 1; B = 2; C = 3 } | Select-Object A, @{ Name = 'D'; Expression = { $_.B + $_.C } }`;
  const { outputs } = await runPowerShell(script);
  expect(plain(outputs[0]!)).toEqual({ A: 1, D: 5 });
  expect(await texts(`[pscustomobject]@{ A = 'x', 'y' } | Select-Object -ExpandProperty A`)).toEqual([
    'x',
    'y',
  ]);
  expect(await texts(`1..5 | Select-Object -Last 2; 1..5 | Select-Object -Skip 3`)).toEqual([
    '4',
    '5',
    '4',
    '5',
  ]);
});

test('a CSV file comes in as objects of texts, quotes and line ends within cells included', async () => {
  writeFileSync(
    join(folder, 'in.csv'),
    '\uFEFFName,Mail\r\n"O""Brien, Zoë",a@b\r\n"two\nlines",\r\nshort\r\n',
  );
  const { outputs } = await runPowerShell('Import-Csv in.csv', { cwd: folder });
  expect(outputs.map(plain)).toEqual([
    { Name: 'O"Brien, Zoë', Mail: 'a@b' },
    { Name: 'two\nlines', Mail: '' },
    { Name: 'short', Mail: null },
  ]);
});

test('what Export-Csv writes Import-Csv reads', async () => {
  const script = `[pscustomobject]@{ A = 'x"y'; B = $null; C = 1 } | Export-Csv out.csv -NoTypeInformation; Import-Csv out.csv`;
  const { outputs } = await runPowerShell(script, { cwd: folder });
  expect(plain(outputs[0]!)).toEqual({ A: 'x"y', B: '', C: '1' });
  expect(readFileSync(join(folder, 'out.csv'), 'utf8').split(/\r?\n/).slice(0, 2)).toEqual([
    '"A","B","C"',
    '"x""y",,"1"',
  ]);
});

test('lines of Get-Content carry the properties that the JSON of 5.1 shows', async () => {
  writeFileSync(join(folder, 'lines.txt'), 'one\ntwo\n');
  const { outputs } = await runPowerShell(
    `Get-Content lines.txt | Select-Object -First 1 | ConvertTo-Json -Compress`,
    {
      cwd: folder,
      dialect: '5.1',
    },
  );
  expect(JSON.parse(outputs[0]!.text)).toMatchObject({
    value: 'one',
    ReadCount: 1,
    PSChildName: 'lines.txt',
  });
});

test('Sort-, Group- and Measure-Object do what simple scripts need', async () => {
  expect(await texts(`'b', 'A', 'b' | Sort-Object -Unique; 1, 3, 2 | Sort-Object -Descending`)).toEqual([
    'A',
    'b',
    '3',
    '2',
    '1',
  ]);
  expect(await texts(`'b', 'A', 'b' | Group-Object | ForEach-Object { "$($_.Name) $($_.Count)" }`)).toEqual([
    'b 2',
    'A 1',
  ]);
  expect(await texts(`(1..4 | Measure-Object).Count; (1..4 | Measure-Object -Sum).Sum`)).toEqual(['4', '10']);
});

test('Write- commands reach their streams', async () => {
  const script = `Write-Warning w; Write-Verbose v -Verbose; Write-Information i; Write-Host h; Write-Output o1 o2
    Write-Progress -Activity a -Status s -PercentComplete 50; Write-Error e -ErrorId Mine -Category InvalidData -TargetObject 7`;
  const run = await runPowerShell(script);
  expect(run).toMatchObject({
    warnings: ['w'],
    verbose: ['v'],
    information: ['i', 'h'],
    hostText: 'h\n',
    state: 'Completed',
  });
  expect(run.outputs.map(output => output.text)).toEqual(['o1', 'o2']);
  expect(run.progress).toMatchObject([
    { activity: 'a', status: 's', percentComplete: 50, recordType: 'Processing' },
  ]);
  expect(run.errors).toMatchObject([
    { message: 'e', category: 'InvalidData', targetObject: { text: '7' }, terminating: false },
  ]);
  expect(run.errors[0]!.fullyQualifiedErrorId).toMatch(/^Mine/);
});

test('objects can be made, added to and rendered', async () => {
  const script = `$o = New-Object psobject -Property @{ A = 1 }; $o | Add-Member -NotePropertyName B -NotePropertyValue 2
    ($o | Format-Table A, B | Out-String -Width 40).Trim() -split '\\r?\\n' | ForEach-Object { $_.Trim() }; ($o | Format-List B | Out-String).Trim()`;
  expect(await texts(script)).toEqual(['A B', '- -', '1 2', 'B : 2']);
});

test('a stop wakes Start-Sleep', async () => {
  const run = await runPowerShell('Start-Sleep -Seconds 30', { stopAfter: { ms: 100 } });
  expect(run.state).toBe('Stopped');
});
