import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../build/paths.ts';
import { errorNumbers } from '../../src/protocol/errors.ts';
import { severityOf } from '../../src/protocol/outcomes.ts';
import { runPowerShell } from '../module/power-shell.ts';
import { modulePath, runModule } from '../module/with-stub.ts';
import { contractErrors } from '../support/contract.ts';

const folder = join(root, 'module');
const files = globSync('**/*', { cwd: folder, withFileTypes: true })
  .filter(entry => entry.isFile())
  .map(entry => join(entry.parentPath, entry.name))
  .filter(file => !file.startsWith(join(folder, 'engine')));
const scripts = files.filter(file => /\.psm?1$/.test(file));
const publicCommands = globSync('public/*.ps1', { cwd: folder })
  .map(file => basename(file, '.ps1'))
  .sort();

/** Runs a script whose last output is JSON. */
async function ask<T>(script: string): Promise<T> {
  const { outputs, errors } = await runPowerShell(`Import-Module '${modulePath}'; ${script}`);
  expect(errors).toEqual([]);
  return JSON.parse(outputs.at(-1)!.text) as T;
}

const quoted = (path: string): string => `'${path.replaceAll("'", "''")}'`;

/** What a script says of a file's syntax tree, each finding as text; `$ast` is the tree. */
async function findings(file: string, script: string): Promise<string[]> {
  const run = await runPowerShell(`
    $tokens = $problems = $null
    $ast = [System.Management.Automation.Language.Parser]::ParseFile(${quoted(file)}, [ref]$tokens, [ref]$problems)
    foreach ($problem in $problems) { "does not parse: $($problem.Message)" }
    ${script}`);
  expect(run.errors).toEqual([]);
  return run.outputs.map(output => output.text);
}

test('the manifest exports exactly the files in public, and nothing else', async () => {
  const exported = await ask<string[]>('ConvertTo-Json -Compress @((Get-Command -Module UserSession).Name)');
  expect(exported.sort()).toEqual(publicCommands);
  const manifest = readFileSync(modulePath, 'utf8');
  for (const list of ['CmdletsToExport', 'VariablesToExport', 'AliasesToExport', 'RequiredModules']) {
    expect(manifest).toMatch(new RegExp(`${list} += @\\(\\)`));
  }
});

test('the manifest is complete and of the same version as package.json', async () => {
  const manifest = await ask<Record<string, unknown>>(`
    $module = Test-ModuleManifest ${quoted(modulePath)}
    ConvertTo-Json -Compress @{
      Version = "$($module.Version)"; Guid = "$($module.Guid)"; Author = $module.Author; Description = $module.Description
      Editions = @($module.CompatiblePSEditions); PowerShell = "$($module.PowerShellVersion)"; Tags = @($module.Tags)
      Formats = @($module.ExportedFormatFiles).Count; Copyright = $module.Copyright; Notes = "$($module.ReleaseNotes)" }`);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(manifest).toMatchObject({
    Version: version,
    Guid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    Author: 'UserSession maintainers',
    Editions: ['Desktop', 'Core'],
    PowerShell: '5.1',
    Formats: 1,
  });
  for (const name of ['Description', 'Copyright', 'Notes']) expect(manifest[name]).toBeTruthy();
  expect((manifest['Tags'] as string[]).every(tag => !tag.includes(' '))).toBe(true);
});

test.each(publicCommands)('the help of %s is complete', async command => {
  const help = await ask<{
    synopsis: string;
    description: string;
    parameters: { name: string; text: string }[];
    expected: string[];
    examples: { code: string; remarks: string }[];
    inputs: string;
    outputs: string;
    notes: string;
    links: number;
  }>(`
    $help = Get-Help ${command} -Full
    $text = { param($part) (@($part) | ForEach-Object { "$($_.Text)$($_.Type.Name)" }) -join ' ' }
    $common = [System.Management.Automation.PSCmdlet]::CommonParameters
    ConvertTo-Json -Depth 5 -Compress @{
      synopsis = "$($help.Synopsis)".Trim()
      description = & $text $help.Description
      parameters = @($help.Parameters.Parameter | Where-Object { $_ } | ForEach-Object { @{ name = "$($_.Name)"; text = & $text $_.Description } })
      expected = @((Get-Command ${command}).Parameters.Keys | Where-Object { $_ -notin $common })
      examples = @($help.Examples.Example | ForEach-Object { @{ code = "$($_.Code)"; remarks = & $text $_.Remarks } })
      inputs = & $text $help.InputTypes.InputType
      outputs = & $text $help.ReturnValues.ReturnValue
      notes = & $text $help.AlertSet.Alert
      links = @($help.RelatedLinks.NavigationLink).Count
    }`);
  expect(help.synopsis).toMatch(/^[A-Z].*\.$/);
  expect(help.synopsis).not.toContain(command);
  expect(help.description.length).toBeGreaterThan(100);
  const described = help.parameters.filter(parameter => parameter.text.length > 20).map(p => p.name);
  expect(described.sort()).toEqual(help.expected.sort());
  expect(help.examples.length).toBeGreaterThanOrEqual(5);
  for (const example of help.examples) {
    expect(example.code.trim()).not.toBe('');
    expect(example.remarks.trim()).toMatch(/^\S.*\.$/s);
  }
  for (const part of [help.inputs, help.outputs, help.notes]) expect(part.trim()).not.toBe('');
  expect(help.links).toBeGreaterThan(0);
});

test('the help of Revoke-UserSession names every property of a row', async () => {
  const { outputs } = await runModule(`'a@x' | Revoke-UserSession`);
  const help = readFileSync(join(folder, 'public', 'Revoke-UserSession.ps1'), 'utf8');
  for (const name of Object.keys(outputs[0]!.properties))
    expect(help).toMatch(new RegExp(`^    ${name}  `, 'm'));
});

test.each([
  ['Connect-UserSessionTenant', 'Connect-UserSessionTenant -Simulated'],
  ['Get-UserSessionTenant', 'Get-UserSessionTenant'],
  ['Test-UserSessionAccess', 'Test-UserSessionAccess; (Test-UserSessionAccess).Checks[0]'],
  ['Get-UserSessionRun', "Get-UserSessionRun 'a0000000-0000-4000-8000-000000000001'"],
  ['Get-UserSignInSession', "Get-UserSignInSession 'a@x'"],
  ['Get-UserSessionPolicy', "Get-UserSessionPolicy 'a@x'; (Get-UserSessionPolicy 'a@x').Covers"],
  ['Watch-UserSignIn', "Watch-UserSignIn 'a@x'"],
])('the help of %s names every property of what it emits', async (command, script) => {
  const { outputs } = await runModule(script);
  const help = readFileSync(join(folder, 'public', `${command}.ps1`), 'utf8');
  const names = outputs.flatMap(output => Object.keys(output.properties));
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) expect(help).toMatch(new RegExp(`^    ${name}  `, 'm'));
});

test('the module knows the Graph endpoint of each cloud of the contract, for its proxy', async () => {
  const clouds = /type CloudName =([^;]*);/.exec(
    readFileSync(join(root, 'src', 'protocol', 'tenant.ts'), 'utf8'),
  )![1]!;
  const known = await ask<Record<string, string>>(
    'ConvertTo-Json -Compress (& (Get-Module UserSession) { $script:CloudEndpoints })',
  );
  expect(Object.keys(known)).toEqual([...clouds.matchAll(/'(\w+)'/g)].map(match => match[1]!));
  expect(new Set(Object.values(known).map(url => new URL(url).protocol))).toEqual(new Set(['https:']));
});

test.each(files.map(file => file.slice(folder.length + 1)))('%s is ASCII', file => {
  const text = readFileSync(join(folder, file), 'utf8');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what ASCII begins with
  expect(/[^\x00-\x7f]/.exec(text)?.[0]).toBeUndefined();
});

/** Microsoft.PowerShell.Core and the two JSON commands; what else a module might use is not everywhere to be had. */
const allowed = ['ConvertTo-Json', 'ConvertFrom-Json'];

test.each(scripts.map(file => file.slice(folder.length + 1)))(
  '%s is 5.1 syntax and calls only what is everywhere',
  async file => {
    const found = await findings(
      join(folder, file),
      `
      $new = 'TernaryExpressionAst', 'PipelineChainAst'
      foreach ($node in $ast.FindAll({ $true }, $true)) {
        if ($node.GetType().Name -in $new) { "$($node.GetType().Name): $node" }
        if ($node -is [System.Management.Automation.Language.NamedBlockAst] -and $node.BlockKind -eq 'Clean') { 'a clean block' }
        if ($node.NullConditional) { "null-conditional: $node" }
        if ($node -is [System.Management.Automation.Language.BinaryExpressionAst] -and "$($node.Operator)" -eq 'QuestionQuestion') { "null-coalescing: $node" }
        if ($node -is [System.Management.Automation.Language.AssignmentStatementAst] -and "$($node.Operator)" -eq 'QuestionQuestionEquals') { "null-coalescing: $node" }
        if ($node.Background) { "background: $node" }
        if ($node -is [System.Management.Automation.Language.CommandAst]) {
          $name = $node.GetCommandName()
          if ($name) { "call $name" }
        }
      }
      foreach ($token in $tokens) { if ("$($token.Kind)" -eq 'Pipe' -and $token.Extent.StartScriptPosition.Line.TrimStart().StartsWith('|')) { 'a leading pipe' } }`,
    );
    expect(found.filter(text => !text.startsWith('call '))).toEqual([]);
    const called = [...new Set(found.map(text => text.slice('call '.length)))].sort();
    expect(
      called.filter(name => !ownFunctions.has(name) && !allowed.includes(name) && !core.has(name)),
    ).toEqual([]);
  },
);

const ownFunctions = new Set(
  scripts.flatMap(file =>
    [...readFileSync(file, 'utf8').matchAll(/^\s*function ([\w-]+)/gm)].map(match => match[1]!),
  ),
);

const core = new Set(
  (
    await runPowerShell(
      `Get-Command -CommandType Cmdlet | Where-Object { $_.ModuleName -eq 'Microsoft.PowerShell.Core' -or $_.DLL -like '*System.Management.Automation.dll' } | ForEach-Object { $_.Name }`,
    )
  ).outputs.map(output => output.text),
);

test('the list of core commands is the one that is meant', () => {
  expect(core).toContain('ForEach-Object');
  for (const name of [
    'Write-Error',
    'New-Object',
    'Join-Path',
    'Test-Path',
    'Select-Object',
    'Write-Output',
  ]) {
    expect(core).not.toContain(name);
  }
});

test.each(scripts.map(file => file.slice(folder.length + 1)))('%s has no bare throw', async file => {
  expect(
    await findings(
      join(folder, file),
      `$ast.FindAll({ param($node) $node -is [System.Management.Automation.Language.ThrowStatementAst] }, $true) | ForEach-Object { "$_" }`,
    ),
  ).toEqual([]);
});

test.each(publicCommands)(
  'public/%s.ps1 holds that one command, and it is an advanced function',
  async name => {
    const found = await findings(
      join(folder, 'public', `${name}.ps1`),
      `foreach ($statement in $ast.EndBlock.Statements) { "$($statement.Name) $($statement.Body.ParamBlock.Attributes[0].TypeName)" }`,
    );
    expect(found).toEqual([`${name} CmdletBinding`]);
  },
);

test('no .NET event or callback gets a script block', () => {
  for (const file of scripts) {
    expect(readFileSync(file, 'utf8'), file).not.toMatch(
      /add_\w+\(|Register-\w+Event|ContinueWith|OutputDataReceived/,
    );
  }
});

test('every code that the engine or an outcome can show has its category', () => {
  const table = readFileSync(join(folder, 'private', 'ErrorRecord.ps1'), 'utf8');
  const told = Object.entries(severityOf).filter(([, severity]) => severity === 'error');
  const stops = /type RunStopCode =([^;]*);/.exec(
    readFileSync(join(root, 'src', 'protocol', 'row.ts'), 'utf8'),
  )![1]!;
  const codes = [
    ...told.map(([outcome]) => outcome),
    ...Object.keys(errorNumbers),
    ...[...stops.matchAll(/'(\w+)'/g)].map(match => match[1]!),
  ];
  expect(codes.length).toBeGreaterThan(15);
  for (const code of codes) expect(table).toMatch(new RegExp(`^    ${code} +=`, 'm'));
});

test('every message that the module sends is one of the contract', async () => {
  const { messages, rows } = await runModule(
    `Get-UserSessionTenant; $null = Test-UserSessionAccess
     $null, 42, 'a@x', @{ Id = 7; Mail = 'm@x' } | Revoke-UserSession -WhatIf
     $null, 42, 'a@x', @{ Id = 7; Mail = 'm@x' } | Revoke-UserSession -VerificationTime 3 -ErrorAction Ignore
     'b@x', 'c@x' | Revoke-UserSession -SkipVerification | Select-Object -First 1
     $null = Connect-UserSessionTenant -Identity; Disconnect-UserSessionTenant
     $null = Connect-UserSessionTenant -Simulated; $null = Get-UserSessionRun -Journal x
     Get-UserSessionRun -Unfinished | Get-UserSessionRun | Resume-UserSessionRun -Force -VerificationTime 3 -Reason r
     $null = 'a@x' | Get-UserSignInSession -Hours 48; $null = Get-UserSessionPolicy; $null = 'a@x' | Get-UserSessionPolicy
     $null = 'a@x', 'b@x' | Get-UserSignInSession; $null = 'a@x' | Watch-UserSignIn -Minutes 1 -Count 1
     Resume-UserSessionRun -MaxUsers 2 -All -WhatIf; $null = 'd@x' | Revoke-UserSession -Reason r -Journal x -NoJournal:$false`,
    {
      stub: {
        askConfirmAt: 2,
        delay: 20,
        runs: [{ left: 1 }],
        recorded: ['r@x', 's@x'],
        left: [2],
        portion: 1,
      },
      confirm: ['yes'],
    },
  );
  expect(rows).toHaveLength(6);
  expect(contractErrors(messages)).toEqual([]);
  const seen = new Set(messages.map(message => ('method' in message ? message.method : 'answer')));
  expect([...seen].sort()).toEqual([
    '$/cancelRequest',
    'access/test',
    'answer',
    'policy/show',
    'run/begin',
    'run/end',
    'runs/list',
    'runs/show',
    'sessions/list',
    'sessions/more',
    'signIns/watch',
    'tenant/connect',
    'tenant/describe',
    'tenant/disconnect',
    'user/describe',
    'user/revoke',
    'users/find',
  ]);
});
