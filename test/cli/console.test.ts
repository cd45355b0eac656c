import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { cliOut } from '../../build/paths.ts';
import { usersession } from '../support/command-line.ts';
import { startTenant } from '../support/tenant.ts';

const folder = mkdtempSync(join(tmpdir(), 'us-console-'));
afterAll(() => rmSync(folder, { recursive: true }));

const adele = 'adelev@contoso.example';
const diego = 'diegos@contoso.example';
const two = ['revoke', adele, diego, '--max-users', '1'];

/** Runs it on a terminal of its own; `type` is called with all that stands there, whenever that grows. */
function onTerminal(
  args: string[],
  env: Record<string, string>,
  type: (screen: string, write: (keys: string) => void) => void,
): Promise<{ code: number | null; screen: string }> {
  const command = [cliOut, ...args].map(arg => `'${arg}'`).join(' ');
  const pidFile = join(folder, 'pid');
  const child = spawn('script', ['-qec', `echo $$ > ${pidFile}; exec ${command}`, '/dev/null'], {
    env: { ...process.env, ...env },
  });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    type(screen, keys => child.stdin.write(keys));
  });
  return new Promise(resolve => child.on('close', code => resolve({ code, screen })));
}

/** Does something once, when the question stands there. */
function whenAsked(act: (write: (keys: string) => void) => void) {
  let done = false;
  return (screen: string, write: (keys: string) => void) => {
    if (done || !screen.includes('[y/N]')) return;
    done = true;
    act(write);
  };
}

test.each([
  ['y', 'y\r', 0, 2],
  ['yes', 'Yes\r', 0, 2],
  ['n', 'n\r', 4, 0],
  ['nothing', '\r', 4, 0],
  ['Ctrl+C', '\u0003', 4, 0],
  ['Ctrl+D', '\u0004', 4, 0],
])(
  'on a terminal more users than allowed are asked for, and %s is understood',
  async (_, keys, code, revoked) => {
    const t = await startTenant();
    const run = await onTerminal(
      two,
      t.env('app'),
      whenAsked(write => write(keys)),
    );
    expect(run.screen).toMatch(
      /2 users of .* would be signed out; up to 1 go without a question\. Go on\? \[y\/N\]/,
    );
    expect(run.code).toBe(code);
    expect(t.revoked()).toHaveLength(revoked);
  },
);

test('the progress line does not write over a question that waits', async () => {
  const t = await startTenant();
  // Longer than the progress line rests between two looks.
  const later = whenAsked(write => setTimeout(() => write('y\r'), 1200));
  const run = await onTerminal(two, t.env('app'), later);
  const [, after = ''] = run.screen.split('[y/N]');
  expect(after).toContain('Outcome');
  // The line on which the answer was typed.
  expect(after.slice(0, after.indexOf('\n'))).not.toContain('settled');
});

test('SIGTERM while the question waits: nothing is sent, exit code 143', async () => {
  const t = await startTenant();
  const end = () => process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 'SIGTERM');
  const run = await onTerminal(two, t.env('app'), whenAsked(end));
  expect(run.code).toBe(143);
  expect(run.screen).toContain('The run was stopped before its end.');
  expect(t.tenant.record).toEqual([]);
});

test('--users-from - on a terminal says that it reads from the keyboard', async () => {
  const t = await startTenant();
  let typed = false;
  const run = await onTerminal(['revoke', '--users-from', '-'], t.env('app'), (screen, write) => {
    if (typed || !screen.includes('Ctrl+D ends them')) return;
    typed = true;
    write(`${adele}\n\u0004`);
  });
  expect(run.code).toBe(0);
  expect(t.revoked()).toHaveLength(1);
});

const list = join(folder, 'list.txt');
writeFileSync(list, `${adele}\n${diego}\n`);
const commands: [code: number, ...args: string[]][] = [
  [0, adele, diego],
  [0, '--users-from', list],
  [4, '--users-from', list, '--max-users', '1'],
  [0, '--users-from', list, '--max-users', '1', '--force'],
  [4, adele, diego, '--max-users', '1'],
  [0, adele, diego, '--max-users', '1', '--what-if'],
  [0, '--filter', "userPrincipalName eq 'adelev@contoso.example'"],
  [0, '--group', 'Project Falcon', '--transitive'],
  [0, '--group', 'Nobody Here'],
  [4, '--all-users'],
  [0, '--all-users', '--what-if', '--output', 'json'],
  [1, '--me'],
  [0, adele, '--exclude-group', 'Break Glass', '--exclude-user', diego, '--include-self'],
  [0, adele, '--simulated'],
  [0, adele, '--skip-verification', '--output', 'csv'],
  [0, adele, '--verification-time', '1', '--strict', '--output', 'jsonl'],
  [0, adele, '--job', 'x', '--log', join(folder, 'log.jsonl')],
  [0, adele, '--reason', 'INC-7', '--journal', join(folder, 'records')],
  [0, adele, '--no-journal', '--explain'],
  [1],
  [1, '--users-from', join(folder, 'none')],
];

test.each(commands)(
  'without a terminal nothing is asked and nothing is read: exit code %i for %s %s %s',
  async (code, ...args) => {
    const t = await startTenant();
    const run = await usersession(['revoke', ...args], {
      env: { ...t.env('app'), USERSESSION_HOME: join(folder, 'home') },
      input: 'y\nyes\ny\n',
      openInput: true,
    });
    expect(run.err).not.toContain('[y/N]');
    expect(run.code).toBe(code);
  },
);

/** Where to work and as whom: the ways to sign in have tests of their own. */
const signIn =
  '--graph-url --login-url --environment --tenant-id --client-id --certificate-path --certificate-thumbprint ' +
  '--certificate-subject-name --identity --federated-token-file --azure-cli --device-code --browser';

test('every other option of revoke stands among them', async () => {
  const { out } = await usersession(['revoke', '--help']);
  const options = [...out.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(match => match[1]!);
  expect(options.length).toBeGreaterThan(15);
  const tried = new Set(commands.flat());
  expect(
    options.filter(option => !tried.has(option) && !`${signIn} --help`.split(' ').includes(option)),
  ).toEqual([]);
});

test('in a session without terminal, with standard input closed and nobody who reads: stopped, exit code 4', async () => {
  const t = await startTenant();
  writeFileSync(
    list,
    t.tenant.users
      .slice(0, 190)
      .map(u => u.id)
      .join('\n'),
  );
  const script =
    'setsid -w "$0" revoke --users-from "$1" --output jsonl <&- 2>"$2" | true; echo "${PIPESTATUS[0]}"';
  const err = join(folder, 'err');
  const child = spawn('bash', ['-c', script, cliOut, list, err], {
    env: { ...process.env, ...t.env('app') },
  });
  let out = '';
  child.stdout.on('data', text => (out += text));
  await new Promise(resolve => child.on('close', resolve));
  expect(out).toBe('4\n');
  const lines = readFileSync(err, 'utf8').trimEnd().split('\n');
  expect(lines).toContain('error: Nobody reads the rows any more.');
  expect(lines.at(-1)).toContain('The run was stopped before its end.');
  expect(lines.join('\n')).not.toMatch(/^ +at /m);
});

test('nobody who reads the errors is no reason to stop', async () => {
  const t = await startTenant();
  const script =
    '{ "$0" revoke nobody@contoso.example adelev@contoso.example 2>&1 >&3 | true; echo "${PIPESTATUS[0]}"; } 3>/dev/null';
  const child = spawn('bash', ['-c', script, cliOut], { env: { ...process.env, ...t.env('app') } });
  let out = '';
  child.stdout.on('data', text => (out += text));
  await new Promise(resolve => child.on('close', resolve));
  expect(out).toBe('2\n');
  expect(t.revoked()).toHaveLength(1);
});

test('users may come from a pipe by name, which can be read only once', async () => {
  const t = await startTenant();
  const pipe = join(folder, 'pipe');
  spawnSync('mkfifo', [pipe]);
  const writer = spawn('sh', ['-c', `echo ${adele} > ${pipe}`]);
  const result = await usersession(['revoke', '--users-from', pipe], { env: t.env('app') });
  expect(writer.exitCode).toBe(0);
  expect(result.code).toBe(0);
  expect(t.revoked()).toHaveLength(1);
});

test('a state folder that the file system never gives is told, and the command ends', async () => {
  const t = await startTenant();
  const run = await usersession(['revoke', adele], {
    // Here Linux answers "no such folder" to whoever makes one, however often.
    env: { ...t.env('app'), USERSESSION_HOME: '/proc/1/nope' },
    during: child => void setTimeout(() => child.kill('SIGKILL'), 20_000).unref(),
  });
  expect(run.code).toBe(1);
  expect(run.err).toMatch(/error: The folder \/proc\/1\/nope\S* can't be used/);
  expect(t.tenant.record).toEqual([]);
});
