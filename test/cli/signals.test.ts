import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { cliOut } from '../../build/paths.ts';
import type { RevocationResult } from '../../src/protocol/row.ts';
import { usersession } from '../support/command-line.ts';
import { lettingAHundredThrough, startTenant, type TestTenant } from '../support/tenant.ts';

const folder = mkdtempSync(join(tmpdir(), 'us-signals-'));
afterAll(() => rmSync(folder, { recursive: true }));
const signals = [
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGINT', 130],
] as const;

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise(resolve => setTimeout(resolve, 2));
}
const sent = (t: TestTenant) => t.tenant.record.length > 0;

test.each(signals)(
  '%s lets settle what has been sent, and leaves the rest: exit code %i',
  async (signal, code) => {
    const t = await startTenant({ latencyMs: 400, ...lettingAHundredThrough });
    const users = t.tenant.users.slice(0, 190).map(u => u.id);
    const log = join(folder, `${signal}.jsonl`);
    const run = await usersession(['revoke', ...users, '--output', 'json', '--log', log], {
      env: t.env('app'),
      during: child => void until(() => sent(t)).then(() => child.kill(signal)),
    });
    expect(run.code).toBe(code);
    const rows: RevocationResult[] = JSON.parse(run.out);
    expect(rows).toHaveLength(190);
    const reached = new Set(t.tenant.record.map(r => r.userId));
    expect(reached.size).toBeLessThan(190);
    for (const row of rows) expect(row.outcome === 'Cancelled').toBe(!reached.has(row.userId ?? ''));
    const end = JSON.parse(readFileSync(log, 'utf8').trimEnd().split('\n').at(-1)!) as object;
    expect(end).toMatchObject({ event: 'end', exitCode: code });
  },
);

test.each(signals)(
  '%s before anything was sent ends the command at once: exit code %i',
  async (signal, code) => {
    const t = await startTenant({ latencyMs: 20_000 });
    const run = await usersession(['revoke', '--group', 'Project Falcon'], {
      env: t.env('app'),
      during: child => void until(() => t.tenant.requests.length > 0).then(() => child.kill(signal)),
    });
    expect(run.code).toBe(code);
    expect(run.err).toBe('Stopped before anything was sent.\n');
  },
);

test('the second signal does not wait', async () => {
  const t = await startTenant({ latencyMs: 20_000 });
  const child = spawn(cliOut, ['revoke', t.tenant.users[0]!.id], {
    env: { ...process.env, ...t.env('app') },
  });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', text => (err += text));
  const exit = once(child, 'exit');
  await until(() => t.tenant.requests.length > 0);
  child.kill('SIGTERM');
  await until(() => err.includes('Stopping: '));
  child.kill('SIGTERM');
  const start = performance.now();
  expect(await exit).toEqual([null, 'SIGTERM']);
  expect(performance.now() - start).toBeLessThan(5000);
});

test('an input that never comes does not keep a command that is stopped', async () => {
  const t = await startTenant();
  const pipe = join(folder, 'pipe');
  spawnSync('mkfifo', [pipe]);
  // By a shell, which tells the end by a signal as exit code, too.
  const child = spawn('sh', ['-c', '"$0" revoke --users-from "$1" & echo $!; wait $!', cliOut, pipe], {
    env: { ...process.env, ...t.env('app'), USERSESSION_EXCLUDE_GROUP: 'Break Glass' },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', text => (out += text));
  child.stderr.setEncoding('utf8').on('data', text => (err += text));
  const exit = once(child, 'exit');
  // The exclusions have been read: the file is next.
  await until(() => t.tenant.requests.length > 1);
  process.kill(Number(out), 'SIGTERM');
  expect(await exit).toEqual([143, null]);
  expect(err).toMatch(/Stopped before anything was sent|No users were handed in/);
});
