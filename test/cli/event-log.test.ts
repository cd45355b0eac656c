import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { cliOut } from '../../build/paths.ts';
import type { LogEvent, LogStamp } from '../../src/cli/event-log.ts';
import { RevocationResult as isRow } from '../../src/protocol/generated/validators.js';
import { usersession } from '../support/command-line.ts';
import { startTenant, type TestTenant } from '../support/tenant.ts';

const folder = mkdtempSync(join(tmpdir(), 'us-log-'));
afterAll(() => rmSync(folder, { recursive: true }));
let logs = 0;
const newLog = () => join(folder, `${++logs}.jsonl`);

type Line = LogStamp & LogEvent;
/** Every line; one that is no whole JSON object fails the test. */
function linesOf(log: string): Line[] {
  const text = readFileSync(log, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .map(line => JSON.parse(line) as Line);
}
const of = <E extends Line['event']>(lines: Line[], event: E) =>
  lines.filter((line): line is Line & { event: E } => line.event === event);

const people = [
  'adelev@contoso.example',
  'nobody@contoso.example',
  'lee.gu_tailspin.example#EXT#@contoso.example',
];

test('a run leaves its start, its sign-in, each row as it was printed, and its end with summary and exit code', async () => {
  const t = await startTenant();
  const log = newLog();
  const args = ['revoke', ...people, '--output', 'json', '--job', 'nightly', '--log', log];
  const run = await usersession(args, { env: { ...t.env(), USERSESSION_HOME: folder } });
  expect(run.code).toBe(2);
  const lines = linesOf(log);
  expect(lines[0]).toMatchObject({ event: 'start', arguments: args, version: expect.stringMatching(/^\d/) });
  expect(lines[1]).toMatchObject({
    event: 'signedIn',
    tenant: { tenantId: t.tenant.tenantId, graphUrl: t.url },
  });
  const rows = of(lines, 'row').map(line => line.row);
  expect(rows).toEqual(JSON.parse(run.out));
  for (const row of rows) expect(isRow(row)).toBe(true);
  const end = lines.at(-1)!;
  expect(end).toMatchObject({ event: 'end', exitCode: 2, summary: { users: 3, outcomes: { Revoked: 1 } } });
  expect(of([end], 'end')[0]?.message).toBe(run.err.trimEnd().split('\n').at(-1));
  for (const line of lines) expect(line.job).toBe('nightly');
  for (const line of lines.slice(1)) expect(line.runId).toBe(rows[0]?.runId);
  const times = lines.map(line => line.time);
  expect([...times].sort()).toEqual(times);
  for (const time of times) expect(new Date(time).toISOString()).toBe(time);
});

test('what standard error tells stands in the log, in the same order', async () => {
  const t = await startTenant();
  const log = newLog();
  const run = await usersession(['revoke', ...people, '--log', log], { env: t.env() });
  const told = linesOf(log).flatMap(line =>
    line.event === 'warning' || line.event === 'error'
      ? [`${line.event}: ${line.message}`]
      : line.event === 'note' || line.event === 'end'
        ? [line.message]
        : [],
  );
  expect(told).toEqual(run.err.trimEnd().split('\n'));
  expect(told.length).toBe(3);
});

test('the file is for its owner alone, and the next command appends', async () => {
  const t = await startTenant();
  const log = newLog();
  await usersession(['revoke', people[0]!, '--log', log], { env: t.env() });
  expect(statSync(log).mode & 0o777).toBe(0o600);
  await usersession(['revoke', people[0]!, '--what-if', '--log', log], { env: t.env() });
  const lines = linesOf(log);
  expect(of(lines, 'start')).toHaveLength(2);
  expect(of(lines, 'end').map(line => line.exitCode)).toEqual([0, 0]);
  expect(of(lines, 'whatIf').map(line => line.user.userPrincipalName)).toEqual([people[0]]);
});

test('two commands write into one file at once, and every line is whole', async () => {
  const t = await startTenant();
  const log = newLog();
  const users = t.tenant.users.slice(0, 150).map(u => u.id);
  const runs = await Promise.all(
    [1, 2].map(() => usersession(['revoke', ...users, '--log', log], { env: t.env('app') })),
  );
  const lines = linesOf(log);
  expect(of(lines, 'row')).toHaveLength(300);
  expect(of(lines, 'end').map(line => line.exitCode)).toEqual(runs.map(run => run.code));
});

test.each([
  ['not signed in', 3, [], () => ({ USERSESSION_ACCESS_TOKEN: '' })],
  ['named in two ways', 1, ['--all-users'], (t: TestTenant) => t.env()],
  ['an endpoint that gets no token', 1, ['--graph-url', 'http://graph.example'], (t: TestTenant) => t.env()],
])('a command that is refused (%s) leaves why, and exit code %i', async (_, code, more, env) => {
  const t = await startTenant();
  const log = newLog();
  const run = await usersession(['revoke', people[0]!, ...more, '--log', log], { env: env(t) });
  expect(run.code).toBe(code);
  const lines = linesOf(log);
  expect(lines.map(line => line.event)).toEqual(['start', 'error', 'end']);
  const [end] = of(lines, 'end');
  expect(end).toMatchObject({ exitCode: code, summary: null, message: run.err.trimEnd() });
  expect(`error: ${of(lines, 'error')[0]?.message}`).toBe(run.err.trimEnd());
});

test('no token, secret or password gets into it, wherever somebody put one', async () => {
  const t = await startTenant();
  const log = newLog();
  const secret = 'Zz9~very.secret-value';
  const env: Record<string, string> = { ...t.env(), USERSESSION_CLIENT_SECRET: secret };
  const token = env['USERSESSION_ACCESS_TOKEN']!;
  const misplaced = [token, secret, `https://admin:hunter2@proxy.example:8080/x`];
  await usersession(['revoke', ...misplaced, '--log', log], { env });
  await usersession(['revoke', 'a@b.c', '--graph-url', misplaced[2]!, '--log', log], { env });
  const text = readFileSync(log, 'utf8');
  expect(of(linesOf(log), 'row')).toHaveLength(3);
  for (const part of [...token.split('.'), secret, 'admin:']) expect(text).not.toContain(part);
  expect(of(linesOf(log), 'start')[1]?.arguments).toContain('https://proxy.example:8080/x');
});

test('hostile names are there, but as escapes that no terminal obeys', async () => {
  const t = await startTenant();
  const log = newLog();
  (t.tenant.users[3] as { displayName: string }).displayName = 'a\u001b[2Jb\u009b2Jc\u202ed\u2028e\nf';
  const id = t.tenant.users[3]!.id;
  await usersession(['revoke', id, '--log', log], { env: t.env('app') });
  expect(of(linesOf(log), 'row')[0]?.row.displayName).toBe('a\u001b[2Jb\u009b2Jc\u202ed\u2028e\nf');
  const raw = readFileSync(log, 'utf8').replaceAll('\n', '');
  expect(/[\p{Cc}\p{Cf}\u2028\u2029]/u.exec(raw)).toBeNull();
});

test.each([
  ['a folder', () => folder],
  ['in a folder that is not there', () => join(folder, 'none', 'x.jsonl')],
  ['on a disk that is full', () => '/dev/full'],
])('a log that is %s stops the command before anything is sent: exit code 1', async (_, log) => {
  const t = await startTenant();
  const run = await usersession(['revoke', people[0]!, '--log', log()], { env: t.env() });
  expect(run.code).toBe(1);
  expect(run.err).toMatch(
    /^error: The log .* can't be (opened|written any more) \(.*\)\. Nothing was done\.\n$/,
  );
  expect(t.tenant.requests).toEqual([]);
});

test('a disk that is full in the middle is said once, stops nothing, and leaves whole lines', async () => {
  const t = await startTenant();
  const log = newLog();
  const users = t.tenant.users.filter(u => u.department === 'Sales').map(u => u.id);
  // A limit on the size of files is a disk that gets full: 8 times 512 bytes.
  const child = spawn(
    'sh',
    ['-c', 'ulimit -f 8; exec "$0" "$@"', cliOut, 'revoke', ...users, '--no-journal', '--log', log],
    {
      env: { ...process.env, ...t.env('app') },
    },
  );
  let err = '';
  child.stderr.setEncoding('utf8').on('data', text => (err += text));
  child.stdout.resume();
  await once(child, 'close');
  expect(err.match(/can't be written any more/g)).toHaveLength(1);
  expect(err).toContain('The command goes on without it.');
  expect(err.trimEnd().split('\n').at(-1)).toMatch(/\d+ of \d+ revoked in/);
  expect(new Set(t.revoked()).size).toBeGreaterThan(10);
  const lines = linesOf(log);
  expect(of(lines, 'row').length).toBeGreaterThan(0);
  expect(of(lines, 'row').length).toBeLessThan(users.length);
});

test('a command that is killed leaves whole lines, and no end', async () => {
  const t = await startTenant({ latencyMs: 300 });
  const log = newLog();
  const users = t.tenant.users.slice(0, 190).map(u => u.id);
  await usersession(['revoke', ...users, '--log', log, '--output', 'jsonl'], {
    env: t.env('app'),
    // The log has the row a moment after the screen.
    during: child =>
      void child.stdout!.once('data', () => child.stdout!.once('data', () => child.kill('SIGKILL'))),
  });
  const lines = linesOf(log);
  expect(of(lines, 'row').length).toBeGreaterThan(0);
  expect(of(lines, 'end')).toEqual([]);
});

test('after a line that was torn by a power cut the next command begins a line of its own', async () => {
  const t = await startTenant();
  const log = newLog();
  appendFileSync(log, '{"event":"row","ro');
  await usersession(['revoke', people[0]!, '--log', log], { env: t.env() });
  const [torn, ...whole] = readFileSync(log, 'utf8').trimEnd().split('\n');
  expect(torn).toBe('{"event":"row","ro');
  expect(whole.map(line => (JSON.parse(line) as Line).event)).toEqual(['start', 'signedIn', 'row', 'end']);
});
