import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { version } from '../../build/version.ts';
import { cliOut } from '../../build/paths.ts';
import { exitCode } from '../../src/cli/failure.ts';
import { plain, runPowerShell } from '../module/power-shell.ts';
import { inTenant } from '../module/with-engine.ts';
import { usersession } from '../support/command-line.ts';
import {
  blocksOf,
  execStart,
  hasCommand,
  scheduled,
  steps,
  units,
  withoutSignIn,
} from '../support/scheduled-doc.ts';
import { startTenant } from '../support/tenant.ts';

const folder = mkdtempSync(join(tmpdir(), 'us-scheduled-'));
afterAll(() => rmSync(folder, { recursive: true }));

const rehearse = async (args: readonly string[]) => {
  const t = await startTenant();
  const cwd = mkdtempSync(join(folder, 'cwd-'));
  const run = await usersession(withoutSignIn(args), {
    env: { ...t.env('app'), USERSESSION_HOME: join(cwd, 'home') },
    cwd,
  });
  return { ...run, cwd, t };
};

test('every exit code of the command line is in the table, and no other', () => {
  const codes = [...scheduled.matchAll(/^\| ([\d, ]+) \| /gm)].flatMap(m => m[1]!.split(', ').map(Number));
  expect(codes.sort((a, b) => a - b)).toEqual(Object.values(exitCode).sort((a, b) => a - b));
});

/** The paths of all values in an object, as `row.outcome`. */
const pathsOf = (value: unknown, at = ''): string[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, at ? `${at}.${key}` : key))
    : [`${at}: ${Array.isArray(value) ? 'list' : typeof value}`];

test('the log in it is one as a run writes it', async () => {
  const t = await startTenant();
  const log = join(folder, 'example.jsonl');
  const users = ['adelev@contoso.example', 'lee.gu_tailspin.example#EXT#@contoso.example'];
  await usersession(['revoke', ...users, '--job', 'leavers', '--log', log], {
    env: { ...t.env('app'), USERSESSION_HOME: folder },
  });
  type Line = { event: string };
  const linesOf = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as Line);
  const [example = ''] = blocksOf('The log', 'jsonl');
  const real = linesOf(readFileSync(log, 'utf8'));
  expect(linesOf(example).map(line => line.event)).toEqual([...new Set(real.map(line => line.event))]);
  for (const line of linesOf(example)) {
    const same = real.find(other => other.event === line.event)!;
    const named = pathsOf(line).filter(path => !path.startsWith('summary.outcomes.'));
    expect(pathsOf(same)).toEqual(expect.arrayContaining(named));
  }
});

/** A log with a user who failed, a job that was still running, and a command that was killed. */
async function eventfulLog(): Promise<string> {
  const cwd = mkdtempSync(join(folder, 'log-'));
  const t = await startTenant();
  const env = { ...t.env(), USERSESSION_HOME: cwd };
  const options = { env, cwd };
  const more = ['--job', 'leavers', '--log', 'leavers.jsonl'];
  await usersession(['revoke', 'adelev@contoso.example', 'nobody@contoso.example', ...more], options);
  await usersession(['revoke', 'adelev@contoso.example', ...more], options);
  const slow = await startTenant({ latencyMs: 60_000 });
  await usersession(['revoke', 'adelev@contoso.example', ...more], {
    env: { ...env, ...slow.env() },
    cwd,
    during: child => {
      const timer = setInterval(() => {
        if (slow.tenant.requests.length === 0) return;
        clearInterval(timer);
        child.kill('SIGKILL');
      }, 5);
    },
  });
  return cwd;
}

test('the alerts by jq tell who failed, which command ended badly, and that the last one never ended', async () => {
  const cwd = await eventfulLog();
  const [block = ''] = blocksOf('The log', 'sh');
  const commands = block.trimEnd().split('\n');
  expect(commands).toHaveLength(3);
  if (!hasCommand('jq')) {
    const fields = [...block.matchAll(/(?<![\w"])\.([a-z]\w*)/gi)].map(m => m[1]!);
    const log = readFileSync(join(cwd, 'leavers.jsonl'), 'utf8');
    for (const field of fields.filter(name => name !== 'jsonl')) expect(log).toContain(`"${field}":`);
    return;
  }
  const told = commands.map(command => spawnSync('sh', ['-c', command], { cwd, encoding: 'utf8' }));
  expect(told.map(run => run.stderr)).toEqual(['', '', '']);
  expect(told[0]!.stdout).toMatch(/^\S+Z leavers exit 2: SIMULATED.* 1 of 2 revoked .*\n$/);
  expect(told[1]!.stdout).toMatch(/^\S+Z nobody@contoso\.example: NotFound\. No user of this tenant .*\n$/);
  expect(told[2]!.stdout).toMatch(/^\S+Z leavers never ended\n$/);
});

test.each(['7', '5.1'] as const)('the alerts by PowerShell %s tell the same', async dialect => {
  const cwd = await eventfulLog();
  const [block = ''] = blocksOf('The log', 'powershell');
  const { outputs, errors } = await runPowerShell(block, { cwd, dialect });
  expect(errors).toEqual([]);
  expect(outputs.map(plain)).toEqual([
    expect.objectContaining({
      job: 'leavers',
      exitCode: 2,
      message: expect.stringContaining('1 of 2 revoked'),
    }),
    expect.objectContaining({ reference: 'nobody@contoso.example', outcome: 'NotFound' }),
  ]);
});

/** Stand-ins with the parameters of the real commands, which note what they were called with. */
const taskScheduler = `
  $calls = @{ icacls = @() }
  function Get-Item { param([Parameter(Position = 0)][string] $Path)
    $rsa = [System.Security.Cryptography.RSA]::Create(2048)
    $request = [System.Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=x', $rsa, 'SHA256', [System.Security.Cryptography.RSASignaturePadding]::Pkcs1)
    $calls.item = $Path
    $request.CreateSelfSigned([DateTimeOffset]::Now, [DateTimeOffset]::Now.AddDays(1)) }
  # Only Windows names the file of a key; here it is the one without a name.
  function Get-ChildItem { param([Parameter(Position = 0)][string[]] $Path)
    [pscustomobject]@{ Name = 'other'; FullName = 'another-key' }; [pscustomobject]@{ Name = $null; FullName = 'the-key' } }
  function icacls { $calls.icacls += , @($args) }
  function New-Item { [CmdletBinding()] param($ItemType, $Path, [switch] $Force) }
  function New-TimeSpan { [CmdletBinding()] param($Hours) [timespan]::FromHours($Hours) }
  function New-ScheduledTaskAction { [CmdletBinding()] param($Execute, $Argument, $WorkingDirectory) $calls.action = $PSBoundParameters; 'action' }
  function New-ScheduledTaskTrigger { [CmdletBinding()] param([switch] $Daily, [datetime] $At) 'trigger' }
  function New-ScheduledTaskPrincipal { [CmdletBinding()] param($UserId, [ValidateSet('None', 'Password', 'S4U', 'Interactive', 'Group', 'ServiceAccount', 'InteractiveOrPassword')] $LogonType) $calls.principal = $PSBoundParameters; 'principal' }
  function New-ScheduledTaskSettingsSet { [CmdletBinding()] param([ValidateSet('Parallel', 'Queue', 'IgnoreNew')] $MultipleInstances, [switch] $StartWhenAvailable, [timespan] $ExecutionTimeLimit) 'settings' }
  function Register-ScheduledTask { [CmdletBinding()] param($TaskName, $Action, $Trigger, $Principal, $Settings) $calls.task = $PSBoundParameters }
  function Start-ScheduledTask { [CmdletBinding()] param($TaskName) $calls.started = $TaskName }
`;

async function registered() {
  const [block = ''] = blocksOf('Windows Task Scheduler', 'powershell');
  const run = await runPowerShell(`${taskScheduler}\n${block}\n$calls | ConvertTo-Json -Depth 5`);
  expect(run.errors).toEqual([]);
  const calls = JSON.parse(run.outputs.at(-1)!.text) as {
    item: string;
    icacls: string[][];
    action: { Execute: string; Argument: string; WorkingDirectory: string };
    principal: object;
    task: object;
    started: string;
  };
  const command = /^\/d \/c ""(.*?)" (.*) > rows\.csv 2> last\.txt"$/.exec(calls.action.Argument);
  return { calls, program: command?.[1], args: command?.[2]?.split(' ') ?? [] };
}

test('the task is registered for the gMSA, which may read the key of the certificate and write the folder', async () => {
  const { calls, program, args } = await registered();
  expect(calls.action.Execute).toBe('cmd.exe');
  // Where install.ps1 puts this version for all users.
  expect(program).toBe(
    `C:\\Program Files\\WindowsPowerShell\\Modules\\UserSession\\${version}\\engine\\usersession.exe`,
  );
  expect(calls.principal).toEqual({ UserId: 'CONTOSO\\gmsa-usersession$', LogonType: 'Password' });
  expect(calls.task).toEqual({
    TaskName: 'UserSession Leavers',
    Action: 'action',
    Trigger: 'trigger',
    Principal: 'principal',
    Settings: 'settings',
  });
  expect(calls.started).toBe('UserSession Leavers');
  const thumbprint = args[args.indexOf('--certificate-thumbprint') + 1];
  expect(thumbprint).toMatch(/^[0-9A-F]{40}$/);
  expect(calls.item).toBe(`Cert:\\LocalMachine\\My\\${thumbprint}`);
  expect(calls.icacls[0]).toEqual(['the-key', '/grant', 'CONTOSO\\gmsa-usersession$:R']);
  expect(calls.icacls[1]?.slice(0, 4)).toEqual([
    calls.action.WorkingDirectory,
    '/inheritance:r',
    '/grant',
    'CONTOSO\\gmsa-usersession$:(OI)(CI)M',
  ]);
});

test('what the task runs does its work and leaves a log', async () => {
  const { args } = await registered();
  const { code, out, t, cwd } = await rehearse(args);
  expect(code).toBe(0);
  expect(out).toMatch(/^runId,/);
  expect(t.revoked().length).toBeGreaterThan(0);
  expect(readFileSync(join(cwd, 'leavers.jsonl'), 'utf8')).toContain('"event":"end","exitCode":0');
});

test('the units have the sections and keys of systemd, and their names refer to each other', () => {
  expect(units.map(unit => unit.name)).toEqual([
    'usersession-leavers.service',
    'usersession-leavers.timer',
    'usersession-alert@.service',
  ]);
  for (const { text } of units) {
    const lines = text.split('\n').filter(line => line !== '' && !line.startsWith('#'));
    for (const line of lines)
      expect(line).toMatch(/^(\[(Unit|Service|Timer|Install)\]|[A-Z][A-Za-z]+=\S.*)$/);
  }
  expect(units[0]!.text).toContain('OnFailure=usersession-alert@%n.service');
});

test('systemd finds nothing wrong with the units, where there is a systemd to ask', () => {
  const place = mkdtempSync(join(folder, 'units-'));
  for (const { name, text } of units) {
    const runnable = text
      .replaceAll(`/opt/UserSession/${version}/engine/usersession`, cliOut)
      .replaceAll('/usr/bin/logger', cliOut);
    writeFileSync(join(place, name), runnable);
  }
  expect(units.every(({ name }) => existsSync(join(place, name)))).toBe(true);
  if (!hasCommand('systemd-analyze')) return;
  const files = ['usersession-leavers.service', 'usersession-leavers.timer'].map(name => join(place, name));
  const verified = spawnSync('systemd-analyze', ['verify', ...files], { encoding: 'utf8' });
  expect(verified.stdout + verified.stderr).toBe('');
  expect(verified.status).toBe(0);
});

test('what the service runs does its work, with lock and log in the state folder, and 5 and 143 are no failure', async () => {
  const state = mkdtempSync(join(folder, 'state-'));
  mkdirSync(join(state, 'usersession'));
  const service = units[0]!.text.replaceAll('%S', state).replaceAll('%d', '/run/credentials/x');
  const { code, out, t } = await rehearse(execStart(service));
  expect(code).toBe(0);
  expect(t.revoked().length).toBeGreaterThan(0);
  for (const line of out.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('outcome');
  expect(statSync(join(state, 'usersession', 'leavers.jsonl')).mode & 0o777).toBe(0o600);
  expect(service).toContain(`Environment=USERSESSION_HOME=${state}/usersession`);
  expect(service).toContain(`SuccessExitStatus=${exitCode.stillRunning} ${exitCode.terminated}\n`);
});

test('the workflow has the parts that GitHub wants, and may get a token', () => {
  const [yaml = ''] = blocksOf('GitHub Actions', 'yaml');
  expect(yaml).not.toContain('\t');
  for (const line of yaml.split('\n')) expect(/^ */.exec(line)![0].length % 2, line).toBe(0);
  const top = [...yaml.matchAll(/^([a-z]+):/gm)].map(match => match[1]);
  expect(top).toEqual(['name', 'on', 'permissions', 'concurrency', 'jobs']);
  expect(yaml).toMatch(/^permissions:\n {2}contents: read\n {2}id-token: write$/m);
  expect(yaml).toMatch(/^ {2}schedule:\n {4}- cron: '(\S+ ){4}\S+'$/m);
  expect([...steps.keys()]).toEqual([
    'Fetch the token of this workflow',
    'Sign leavers out',
    'Remove the token',
  ]);
});

test('the steps of the workflow fetch the token for the exchange, hand it over by file, work, and remove it', async () => {
  const t = await startTenant();
  const cwd = mkdtempSync(join(folder, 'runner-'));
  const seen = join(cwd, 'seen');
  const bin = join(cwd, 'bin');
  // The desk of GitHub that gives out tokens.
  const asked: { url: string | undefined; authorization: string | undefined }[] = [];
  const desk = createServer((request, response) => {
    asked.push({ url: request.url, authorization: request.headers.authorization });
    response.end(JSON.stringify({ count: 1, value: 'header.payload.signature' }));
  });
  await once(desk.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void desk.close());
  const program = (path: string, text: string) => {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, 0o755);
  };
  // Takes the token as the sign-in would, and leaves the rest to the command line.
  program(
    join(cwd, 'tools', 'UserSession', version, 'engine', 'usersession'),
    `#!${process.execPath}
const { spawnSync } = require('node:child_process');
const { readFileSync, statSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
const at = args.indexOf('--federated-token-file');
const [, file] = args.splice(at, 2);
writeFileSync(${JSON.stringify(seen)}, readFileSync(file, 'utf8') + ' ' + (statSync(file).mode & 0o777).toString(8));
process.exitCode = spawnSync(${JSON.stringify(cliOut)}, args, { stdio: 'inherit' }).status;
`,
  );
  mkdirSync(bin);
  if (!hasCommand('curl')) {
    program(
      join(bin, 'curl'),
      `#!${process.execPath}
const args = process.argv.slice(2);
const [name, value] = args[args.indexOf('--header') + 1].split(': ');
fetch(args.at(-1), { headers: { [name]: value } }).then(answer => answer.text()).then(text => process.stdout.write(text));
`,
    );
  }
  if (!hasCommand('jq')) {
    program(
      join(bin, 'jq'),
      `#!${process.execPath}
let text = '';
process.stdin.on('data', piece => (text += piece)).on('end', () => process.stdout.write(JSON.parse(text).value));
`,
    );
  }
  for (const [name, step] of steps) {
    const script = join(cwd, 'step.sh');
    writeFileSync(script, step);
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd,
      env: {
        ...process.env,
        ...t.env('app'),
        PATH: `${bin}:${process.env['PATH']}`,
        RUNNER_TEMP: cwd,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
        ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${(desk.address() as AddressInfo).port}/token?api-version=2.0`,
      },
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code, name).toBe(0);
  }
  expect(asked).toEqual([
    {
      url: '/token?api-version=2.0&audience=api://AzureADTokenExchange',
      authorization: 'bearer request-token',
    },
  ]);
  expect(readFileSync(seen, 'utf8')).toBe('header.payload.signature 600');
  expect(existsSync(join(cwd, 'federated-token'))).toBe(false);
  expect(t.revoked().length).toBeGreaterThan(0);
  expect(readFileSync(join(cwd, 'rows.jsonl'), 'utf8')).toContain('"outcome":"Revoked"');
  expect(readFileSync(join(cwd, 'leavers.jsonl'), 'utf8')).toContain('"exitCode":0');
});

test('every option of ours in it exists', async () => {
  const { args } = await registered();
  const workflow = steps.get('Sign leavers out') ?? '';
  const commands = [...args, ...execStart(units[0]!.text), ...workflow.split(/\s+/)];
  const options = new Set(commands.filter(word => word.startsWith('--')));
  expect(options.size).toBeGreaterThan(8);
  const { out } = await usersession(['revoke', '--help']);
  const known = new Set([...out.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(match => match[1]));
  expect([...options].filter(option => !known.has(option))).toEqual([]);
});

const runbook = blocksOf('Azure Automation', 'powershell')[0] ?? '';
/** Takes the place of the sign-in by the machine's identity: the tests' sign-in is there already. */
const identity = `function Connect-UserSessionTenant { [CmdletBinding()] param([switch] $Identity) if (-not $Identity) { throw 'without -Identity' } }
  function Import-Module { [CmdletBinding()] param($Name) if ($Name -ne 'UserSession') { throw $Name } }`;

test('the runbook puts its rows out as JSON', async () => {
  const t = await startTenant();
  const run = await runPowerShell(...inTenant(t, `${identity}\n${runbook}`, { persona: 'app' }));
  expect(run.errors).toEqual([]);
  expect(t.revoked().length).toBeGreaterThan(0);
  const rows = JSON.parse(run.outputs.at(-1)!.text) as { Outcome: string }[];
  expect(rows.map(row => row.Outcome)).toContain('Revoked');
});

test('the runbook fails, and its rows are there, when somebody failed', async () => {
  const t = await startTenant();
  const run = await runPowerShell(...inTenant(t, `${identity}\n${runbook}`, { persona: 'member' }));
  const rows = JSON.parse(run.outputs.at(-1)!.text) as { Outcome: string }[];
  expect(rows.map(row => row.Outcome)).toContain('Denied');
  expect(run.errors.at(-1)).toMatchObject({ message: expect.stringMatching(/^\d+ failed\. First: /) });
});

test('the sign-in of the runbook is one that the module has', async () => {
  const t = await startTenant();
  const script = `(Get-Command Connect-UserSessionTenant).Parameters.Keys`;
  const { outputs } = await runPowerShell(...inTenant(t, script));
  expect(outputs.map(output => output.text)).toEqual(expect.arrayContaining(['Identity', 'ClientId']));
});

test('every PowerShell in it parses', async () => {
  const blocks = [...scheduled.matchAll(/```powershell\n(.*?)```/gs)].map(match => match[1]!);
  expect(blocks).toHaveLength(3);
  for (const block of blocks) {
    const { outputs, errors } = await runPowerShell(
      `$problems = $null
       $null = [System.Management.Automation.Language.Parser]::ParseInput($Text, [ref] $null, [ref] $problems)
       $problems | ForEach-Object { "$_" }`,
      { variables: { Text: block } },
    );
    expect([outputs.map(output => output.text), errors]).toEqual([[], []]);
  }
});
