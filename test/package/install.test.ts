import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../build/paths.ts';
import { runPowerShell } from '../module/power-shell.ts';
import {
  addPackage,
  install,
  installer,
  platform,
  quoted,
  smallModule,
  someFolder,
  toldBy,
} from './small-package.ts';
import { Unprivileged } from './unprivileged.ts';

/** Every file below a folder, without the folder's own path. */
const filesIn = (folder: string): string[] =>
  globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

test('it puts exactly the files of the package into UserSession/VERSION, and the module can be imported', async () => {
  const [source, modules] = [someFolder(), someFolder()];
  await addPackage(source);
  const run = await install(source, `-Destination ${quoted(modules)}`);
  const path = join(modules, 'UserSession', '1.2.3');
  expect(run.errors).toEqual([]);
  expect(toldBy(run).result).toMatchObject({
    Path: path,
    Executable: expect.stringContaining(join(path, 'engine', 'usersession')),
    Scope: 'Destination',
    Changed: true,
  });
  expect(filesIn(modules)).toEqual(
    Object.keys(smallModule)
      .map(f => join('UserSession', '1.2.3', f))
      .sort(),
  );
  for (const [name, text] of Object.entries(smallModule))
    expect(readFileSync(join(path, name), 'utf8')).toBe(text);
  const next = /Import-Module ('(?:[^']|'')*')/.exec(run.information.join('\n'))?.[1];
  const used = await runPowerShell(`Import-Module ${next}; Get-Small`);
  expect(used.outputs.map(o => o.text)).toEqual(['small']);
});

test.runIf(process.platform !== 'win32')('only the engine may be run, and everybody may read', async () => {
  const [source, modules] = [someFolder(), someFolder()];
  await addPackage(source);
  await install(source, `-Destination ${quoted(join(modules, 'new', 'Modules'))}`);
  const path = join(modules, 'new', 'Modules', 'UserSession', '1.2.3');
  const mode = (...name: string[]) => statSync(join(path, ...name)).mode & 0o777;
  expect([mode('engine', 'usersession'), mode('UserSession.psd1'), mode('engine'), mode('..', '..')]).toEqual(
    [0o755, 0o644, 0o755, 0o755],
  );
});

test('run again it changes nothing and says so; with -Force it installs anew', async () => {
  const [source, modules] = [someFolder(), someFolder()];
  await addPackage(source);
  await install(source, `-Destination ${quoted(modules)}`);
  const psd1 = join(modules, 'UserSession', '1.2.3', 'UserSession.psd1');
  const before = statSync(psd1).ino;
  const again = await install(source, `-Destination ${quoted(modules)}`);
  expect(toldBy(again).result).toMatchObject({ Changed: false });
  expect(again.information.join()).toContain('installed and intact');
  expect(statSync(psd1).ino).toBe(before);
  const forced = await install(source, `-Destination ${quoted(modules)} -Force`);
  expect(toldBy(forced).result).toMatchObject({ Changed: true });
  expect(statSync(psd1).ino).not.toBe(before);
});

test.each([
  [
    'changed',
    (path: string) => writeFileSync(join(path, 'UserSession.psm1'), `function Get-Small { 'smell' }`),
  ],
  ['missing', (path: string) => rmSync(join(path, 'UserSession.psm1'))],
  ['additional', (path: string) => writeFileSync(join(path, 'private', 'more.ps1'), '')],
  ['no longer executable', (path: string) => chmodSync(join(path, 'engine', 'usersession'), 0o644)],
])('a module with a file that is %s is repaired', async (_, damage) => {
  const [source, modules] = [someFolder(), someFolder()];
  await addPackage(source);
  await install(source, `-Destination ${quoted(modules)}`);
  const path = join(modules, 'UserSession', '1.2.3');
  damage(path);
  const run = await install(source, `-Destination ${quoted(modules)}`);
  expect(toldBy(run).result).toMatchObject({ Changed: true });
  expect(filesIn(path)).toEqual(
    Object.keys(smallModule)
      .map(f => join(f))
      .sort(),
  );
  expect(readFileSync(join(path, 'UserSession.psm1'), 'utf8')).toBe(smallModule['UserSession.psm1']);
  expect(statSync(join(path, 'engine', 'usersession')).mode & 0o111).toBeTruthy();
});

test('the newest version is taken, or the one that was named, and they lie side by side', async () => {
  const [source, modules] = [someFolder(), someFolder()];
  for (const version of ['1.9.0', '1.10.0', '1.2.3']) await addPackage(source, version);
  const newest = await install(source, `-Destination ${quoted(modules)}`);
  expect(toldBy(newest).result).toMatchObject({ Path: join(modules, 'UserSession', '1.10.0') });
  await install(source, `-Destination ${quoted(modules)} -Version 1.2.3`);
  expect(['1.10.0', '1.2.3', '1.9.0'].map(v => existsSync(join(modules, 'UserSession', v)))).toEqual([
    true,
    true,
    false,
  ]);
});

test('-WhatIf says where the module would go, and changes nothing', async () => {
  const [source, modules] = [someFolder(), someFolder()];
  await addPackage(source);
  const run = await install(source, `-Destination ${quoted(join(modules, 'Modules'))} -WhatIf`);
  expect(run.errors).toEqual([]);
  expect(run.whatIf.join()).toContain(join(modules, 'Modules', 'UserSession', '1.2.3'));
  expect(existsSync(join(modules, 'Modules'))).toBe(false);
});

test.runIf(process.platform !== 'win32')('each scope has the folder in which PowerShell looks', async () => {
  const [source, home] = [someFolder(), someFolder()];
  await addPackage(source);
  const whereFor = async (args: string, env: Record<string, string | null>) =>
    (await install(source, `${args} -WhatIf`, { env })).whatIf.join();
  expect(await whereFor('', { HOME: home, XDG_DATA_HOME: null })).toContain(
    join(home, '.local/share/powershell/Modules/UserSession/1.2.3'),
  );
  expect(await whereFor('', { XDG_DATA_HOME: home })).toContain(
    join(home, 'powershell/Modules/UserSession/1.2.3'),
  );
  expect(await whereFor('-Scope AllUsers', {})).toContain(
    '/usr/local/share/powershell/Modules/UserSession/1.2.3',
  );
});

test('on Windows the folder goes by edition for one user, and is the same for all', async () => {
  const home = someFolder();
  mkdirSync(join(home, 'Documents'));
  const { outputs, errors } = await runPowerShell(
    `$ast = [System.Management.Automation.Language.Parser]::ParseFile($installer, [ref]$null, [ref]$null)
     $function = $ast.Find({ param($node) $node.Name -eq 'Get-ModulesFolder' }, $true)
     $where = $function.Body.GetScriptBlock()
     & $where CurrentUser $true Desktop; & $where CurrentUser $true Core
     & $where AllUsers $true Desktop; & $where AllUsers $true Core`,
    { variables: { installer }, env: { ProgramW6432: 'C:\\Program Files', HOME: home } },
  );
  expect(errors).toEqual([]);
  expect(outputs.map(o => o.text.replaceAll('\\', '/'))).toEqual([
    expect.stringMatching(/Documents\/WindowsPowerShell\/Modules$/),
    expect.stringMatching(/Documents\/PowerShell\/Modules$/),
    'C:/Program Files/WindowsPowerShell/Modules',
    'C:/Program Files/WindowsPowerShell/Modules',
  ]);
});

test('a package that was tampered with is refused, and what is installed stays', async () => {
  const [source, modules] = [someFolder(), someFolder()];
  const zip = await addPackage(source);
  await install(source, `-Destination ${quoted(modules)}`);
  const bytes = readFileSync(zip);
  bytes[100]! ^= 1;
  writeFileSync(zip, bytes);
  for (const args of ['', '-Force', '-WhatIf']) {
    const { id, message } = toldBy(await install(source, `-Destination ${quoted(modules)} ${args}`));
    expect(id).toBe('HashMismatch');
    expect(message).toMatch(/SHA-256 is [0-9a-f]{64} and should be [0-9a-f]{64}.*Nothing was changed/);
  }
  expect(filesIn(modules)).toHaveLength(Object.keys(smallModule).length);
});

test.each([
  [
    'no zip',
    /There is no UserSession-VERSION-\S+\.zip/,
    'PackageNotFound',
    (source: string) => rmSync(join(source, `UserSession-1.2.3-${platform}.zip`)),
  ],
  [
    'no folder',
    /There is no folder/,
    'PackageNotFound',
    (source: string) => rmSync(source, { recursive: true }),
  ],
  [
    'no SHA256SUMS',
    /no SHA-256 of UserSession-1\.2\.3/,
    'HashMissing',
    (source: string) => rmSync(join(source, 'SHA256SUMS')),
  ],
  [
    'another file in SHA256SUMS',
    /no SHA-256 of/,
    'HashMissing',
    (source: string) => writeFileSync(join(source, 'SHA256SUMS'), `${'0'.repeat(64)}  other.zip\n`),
  ],
])('with %s nothing is installed', async (_, message, id, spoil) => {
  const [source, elsewhere, modules] = [someFolder(), someFolder(), someFolder()];
  await addPackage(source);
  await addPackage(elsewhere, '9.9.9');
  spoil(source);
  const run = await install(elsewhere, `-Source ${quoted(source)} -Destination ${quoted(modules)}`);
  expect(toldBy(run)).toMatchObject({ id, message: expect.stringMatching(message) });
  expect(filesIn(modules)).toEqual([]);
});

test.each([
  'UserSession/1.2.3/../../../escaped.ps1',
  'UserSession/1.2.4/UserSession.psd1',
  '/UserSession/1.2.3/escaped.ps1',
  'escaped.ps1',
  'UserSession/1.2.3/..\\..\\escaped.ps1',
  'UserSession/1.2.3/C:/escaped.ps1',
  'UserSession/1.2.3//escaped.ps1',
  'UserSession/1.2.3/./escaped.ps1',
])('a package that holds %s is refused before anything is written', async evil => {
  const [source, modules] = [someFolder(), someFolder()];
  await addPackage(source, '1.2.3', { evil });
  const { id, message } = toldBy(await install(source, `-Destination ${quoted(modules)}`));
  expect(id).toBe('UnsafePackage');
  expect(message).toContain(evil);
  expect(filesIn(modules)).toEqual([]);
});

test('without the right to write it says which right is missing, and leaves what is there', async () => {
  const [source, modules, folder] = [someFolder(), someFolder(), someFolder()];
  await addPackage(source);
  for (const opened of [source, modules]) chmodSync(opened, 0o755);
  const somebody = new Unprivileged(folder);
  const call = `& ${quoted(join(source, 'install.ps1'))}`;
  const everybody = toldBy(await somebody.powerShell(`${call} -Scope AllUsers`));
  expect(everybody.id).toBe('NotInstalled');
  expect(everybody.message).toMatch(/administrator.*-Scope CurrentUser.*Nothing was changed/);

  await install(source, `-Destination ${quoted(modules)}`);
  chmodSync(join(modules, 'UserSession'), 0o555);
  const module = join(modules, 'UserSession', '1.2.3', 'UserSession.psm1');
  writeFileSync(module, 'changed');
  const replaced = toldBy(await somebody.powerShell(`${call} -Destination ${quoted(modules)}`));
  expect(replaced.id).toBe('NotInstalled');
  expect(replaced.message).toMatch(/Close every PowerShell session.*Nothing was changed/);
  expect(readFileSync(module, 'utf8')).toBe('changed');
  chmodSync(join(modules, 'UserSession'), 0o755);
});

test('one user installs for himself without any right', async () => {
  const [source, folder] = [someFolder(), someFolder()];
  await addPackage(source);
  chmodSync(source, 0o755);
  const somebody = new Unprivileged(folder);
  const run = await somebody.powerShell(`& ${quoted(join(source, 'install.ps1'))}`);
  expect(toldBy(run)).toMatchObject({ id: undefined, result: { Scope: 'CurrentUser', Changed: true } });
  const path = join(somebody.home, '.local/share/powershell/Modules/UserSession/1.2.3');
  expect(filesIn(path)).toHaveLength(Object.keys(smallModule).length);
});

test('the script is ASCII, of 5.1 syntax, and calls only what is everywhere', async () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what ASCII begins with
  expect(/[^\x00-\x7f]/.exec(readFileSync(installer, 'utf8'))?.[0]).toBeUndefined();
  const { outputs } = await runPowerShell(
    `$problems = $null
     $ast = [System.Management.Automation.Language.Parser]::ParseFile($installer, [ref]$null, [ref]$problems)
     foreach ($problem in $problems) { $problem.Message }
     $own = $ast.FindAll({ param($node) $node -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $true).Name
     foreach ($node in $ast.FindAll({ $true }, $true)) {
       if ($node.GetType().Name -in 'TernaryExpressionAst', 'PipelineChainAst' -or $node.NullConditional) { "$node" }
       if ("$($node.Operator)" -like 'QuestionQuestion*') { "$node" }
       if ($node -is [System.Management.Automation.Language.CommandAst] -and $node.GetCommandName() -notin $own) { $node.GetCommandName() }
     }`,
    { variables: { installer } },
  );
  expect([...new Set(outputs.map(o => o.text))].sort()).toEqual(['Set-StrictMode', 'Where-Object']);
});

test('its help tells what each parameter does', async () => {
  const { outputs } = await runPowerShell(
    `$help = Get-Help $installer -Full
     $help.Synopsis
     foreach ($name in (Get-Command $installer).Parameters.Keys) {
       if ($name -in [System.Management.Automation.PSCmdlet]::CommonParameters + 'WhatIf', 'Confirm') { continue }
       $text = ($help.Parameters.Parameter | Where-Object { $_.Name -eq $name }).Description | ForEach-Object { $_.Text }
       "$name $(if ("$text".Length -gt 20) { 'is told' })"
     }`,
    { variables: { installer } },
  );
  expect(outputs.map(o => o.text)).toEqual([
    expect.stringMatching(/^Installs the PowerShell module UserSession/),
    ...['Scope', 'Destination', 'Source', 'Version', 'Force'].map(name => `${name} is told`),
  ]);
});

test('docs/install.md names every parameter of it, and none that it has not', async () => {
  const docs = readFileSync(join(root, 'docs', 'install.md'), 'utf8');
  const calls = [...docs.matchAll(/install\.ps1([^\n`]*)/g)].flatMap(
    ([, rest = '']) => rest.match(/-[A-Z]\w+/g) ?? [],
  );
  const table = [...docs.matchAll(/^\| `(-\w+)/gm)].map(([, name]) => name!);
  const all = ['-Scope', '-Destination', '-Source', '-Version', '-Force', '-WhatIf'];
  expect(table.sort()).toEqual([...all].sort());
  expect(calls.filter(name => !all.includes(name))).toEqual([]);
});

test('where PowerShell looks for modules, the next step is told by name', async () => {
  const [source, modules] = [someFolder(), someFolder()];
  await addPackage(source);
  const run = await install(source, `-Destination ${quoted(modules)}`, { env: { PSModulePath: modules } });
  expect(run.information.join()).toContain('Next: Import-Module UserSession;');
});
