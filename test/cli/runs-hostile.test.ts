import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { cliOut } from '../../build/paths.ts';
import type { RevocationResult } from '../../src/protocol/row.ts';
import { usersession } from '../support/command-line.ts';
import { hostileShown } from '../support/hostile-text.ts';
import { plainUsers } from '../support/recorded-run.ts';
import { startTenant } from '../support/tenant.ts';

const home = mkdtempSync(join(tmpdir(), 'us-hostile-'));
afterAll(() => rmSync(home, { recursive: true }));
const env = { USERSESSION_HOME: home };
const auditor = { persona: 'app', permissions: ['AuditLog.Read.All', 'User.RevokeSessions.All'] } as const;
const reason = 'r\u009b31m\u202e';

/** Revokes somebody in a tenant of this test; the environment is an auditor's. */
async function revoked(): Promise<{ runId: string; env: Record<string, string> }> {
  const t = await startTenant();
  const user = plainUsers(1)(t.tenant)[0]?.id ?? '';
  const run = await usersession(['revoke', user, '--reason', reason, '--output', 'json'], {
    env: { ...t.env('app'), ...env },
  });
  const [row]: RevocationResult[] = JSON.parse(run.out);
  return { runId: row?.runId ?? '', env: { ...t.env(auditor), ...env } };
}

test.each([
  ['runs list', () => ['runs', 'list']],
  ['runs query', (runId: string) => ['runs', 'query', runId]],
])('%s --output json steers no terminal, and keeps every character', async (_name, args) => {
  const { runId } = await revoked();
  const { out, code } = await usersession([...args(runId), '--output', 'json'], { env });
  expect(code).toBe(0);
  expect(out).not.toMatch(hostileShown);
  const [found] = [JSON.parse(out)].flat();
  expect(found.reason).toBe(reason);
});

/** Runs a command whose standard output, and error where `both`, nobody reads; gives standard error and the code. */
async function unread(args: string[], env: Record<string, string>, both: boolean): Promise<string> {
  const line = `{ sleep 0.1; "$0" "$@" ${both ? '2>&1' : ''}; echo "code $?" >&2; } | true`;
  const shell = spawn('bash', ['-c', line, cliOut, ...args], { env: { ...process.env, ...env } });
  let err = '';
  shell.stderr.setEncoding('utf8').on('data', text => (err += text));
  await once(shell, 'close');
  return err;
}

test.each([
  ['runs list', () => ['runs', 'list']],
  ['runs show', (runId: string) => ['runs', 'show', runId]],
  ['runs verify', (runId: string) => ['runs', 'verify', runId]],
  ['runs query', (runId: string) => ['runs', 'query', runId]],
  ['runs reconcile', (runId: string) => ['runs', 'reconcile', runId]],
  ['whoami', () => ['whoami']],
  ['simulate', () => ['simulate']],
  ['--help', () => ['--help']],
])('%s ends quietly when nobody reads what it says', async (_name, args) => {
  const { runId, env: auditing } = await revoked();
  for (const both of [false, true]) {
    const stderr = await unread(args(runId), auditing, both);
    expect(stderr).not.toMatch(/EPIPE|Unhandled| at |error/);
    expect(stderr).toMatch(/code \d+\n$/);
  }
});

test('standard output that takes nothing is told in one line: exit code 1', () => {
  const { stderr, status } = spawnSync('bash', ['-c', '"$0" runs list >/dev/full', cliOut], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/^error: Standard output can not be written: ENOSPC.*\n$/);
  expect(status).toBe(1);
});

test('something else among the records is a warning of runs list and resume, which goes on', async () => {
  const { runId, env: auditing } = await revoked();
  const odd = join(home, 'runs', '00000000-0000-4000-8000-000000000001.jsonl');
  mkdirSync(odd);
  const list = await usersession(['runs', 'list'], { env });
  expect(list.code).toBe(0);
  expect(list.out).toContain(runId);
  expect(list.err).toMatch(/^warning: .*000001\.jsonl.* is left out.*\n$/);
  const resume = await usersession(['resume'], { env: auditing });
  expect(resume.err).toMatch(/^warning: .*\nerror: No run on record is left to be finished/);
  rmSync(odd, { recursive: true });
});
