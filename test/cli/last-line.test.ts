import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { takeLock } from '../../src/journal/lock.ts';
import { type CommandRun, usersession } from '../support/command-line.ts';
import { startTenant, type TestTenant } from '../support/tenant.ts';

const folder = mkdtempSync(join(tmpdir(), 'us-last-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const lastLine = (run: CommandRun) => run.err.trimEnd().split('\n').at(-1);

const adele = 'adelev@contoso.example';
const guest = 'lee.gu_tailspin.example#EXT#@contoso.example';
const summary = (begin: string) =>
  new RegExp(
    `^SIMULATED: nobody was signed out\\. ${begin}.*\\(simulated tenant .*\\) Run [0-9a-f-]{36}, head of its record [0-9a-f]{64}\\.$`,
  );
const app = (t: TestTenant) => t.env('app');

test.each<
  [code: number, what: string, args: string[], last: RegExp, env?: (t: TestTenant) => Record<string, string>]
>([
  [0, 'done', [adele], summary('1 of 1 revoked in .* still enabled')],
  [0, 'with a warning', [guest], summary('0 of 1 revoked in .*Not revoked: 1 NoEffect')],
  [0, 'a group without users', ['--group', 'Nobody Here'], summary('No users were handed in')],
  [0, 'what if', [adele, guest, '--what-if'], /^What if: 2 named, nothing was sent\.$/],
  [
    0,
    'what if of a group without users',
    ['--group', 'Nobody Here', '--what-if'],
    /^No users were handed in\.$/,
  ],
  [1, 'an unknown option', [adele, '--wipe'], /^error: unknown option '--wipe' \(usersession --help .*\)$/],
  [
    1,
    'an option that is nearly right',
    [adele, '--whatif'],
    /^error: unknown option '--whatif' \(Did you mean/,
  ],
  [1, 'nobody named', [], /^error: Nobody was named\./],
  [1, 'an empty file', ['--users-from', file('empty.txt', '\n')], summary('No users were handed in')],
  [
    1,
    'an empty file, what if',
    ['--users-from', file('empty2.txt', '\n'), '--what-if'],
    /^No users were handed in\.$/,
  ],
  [1, 'no such file', ['--users-from', 'none.csv'], /^error: There is no file none\.csv\.$/],
  [1, 'an exclusion that can not be read', [adele, '--exclude-group', 'None'], /^error: .*None/],
  [2, 'one failed', [adele, 'nobody@contoso.example'], summary('1 of 2 revoked in .*1 NotFound')],
  [2, 'a warning under --strict', [guest, '--strict'], summary('0 of 1 revoked')],
  [3, 'not signed in', [adele], /^error: Not signed in\./, () => ({})],
  [
    3,
    'an expired token',
    [adele],
    summary('The run was stopped before its end'),
    t => {
      const env = t.env();
      t.tenant.expireTokens();
      return env;
    },
  ],
  [4, 'too many of a group', ['--all-users'], /^error: More than 200 users/, app],
  [4, 'too many by name', [adele, guest, '--max-users', '1'], summary('The run was stopped before its end')],
])(
  'exit code %i, %s: the last line is the summary, or the error where there is none',
  async (code, _, args, last, env) => {
    const t = await startTenant();
    const run = await usersession(['revoke', ...args], { env: (env ?? (x => x.env()))(t) });
    expect(lastLine(run)).toMatch(last);
    expect(run.code).toBe(code);
  },
);

test('exit code 4, an input that breaks in the middle: the error, and the summary last', async () => {
  const t = await startTenant();
  const input = Buffer.from(`${`${t.tenant.users[0]?.id}\n`.repeat(5000)}\xff`, 'latin1');
  const run = await usersession(['revoke', '--users-from', '-', '--force'], { env: t.env('app'), input });
  expect(run.err).toContain('error: standard input is not UTF-8. ');
  expect(run.err).toContain('What came before it was done.');
  expect(lastLine(run)).toMatch(summary('1 of 1 revoked'));
  expect(run.code).toBe(4);
});

test('exit code 5, the same job is still running: the last line is the error', async () => {
  const env = { USERSESSION_HOME: join(folder, 'home') };
  const lock = await takeLock('nightly', { env });
  const run = await usersession(['revoke', adele, '--job', 'nightly'], { env });
  expect(lastLine(run)).toMatch(/^error: The job nightly is still running .* Nothing was done\.$/);
  expect(run.code).toBe(5);
  await lock!.release();
});

test.each([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s: the last line is the summary; exit code %i', async (signal, code) => {
  const t = await startTenant({ latencyMs: 300 });
  const users = t.tenant.users.slice(0, 100).map(u => u.id);
  const run = await usersession(['revoke', ...users], {
    env: t.env('app'),
    during: child => {
      const timer = setInterval(() => {
        if (t.tenant.record.length === 0) return;
        clearInterval(timer);
        child.kill(signal);
      }, 5);
    },
  });
  expect(lastLine(run)).toMatch(summary('The run was stopped before its end'));
  expect(run.code).toBe(code);
});
