import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { usersession } from '../support/command-line.ts';
import { startTenant, type TestTenant } from '../support/tenant.ts';

const folder = mkdtempSync(join(tmpdir(), 'us-job-'));
afterAll(() => rmSync(folder, { recursive: true }));
let homes = 0;
const newHome = () => ({ USERSESSION_HOME: join(folder, `home${++homes}`) });

const reached = async (t: TestTenant) => {
  while (t.tenant.requests.length === 0) await new Promise(resolve => setImmediate(resolve));
};

test('a job that is still running is not started again: exit code 5, who runs it, nothing sent; afterwards it is', async () => {
  const slow = await startTenant({ latencyMs: 700 });
  const quick = await startTenant();
  const home = newHome();
  const args = ['revoke', 'adelev@contoso.example', '--job', 'night.ly-1_a'];
  let pid: number | undefined;
  const first = usersession(args, {
    env: { ...home, ...slow.env() },
    during: child => (pid = child.pid),
  });
  await reached(slow);
  for (const more of [[], ['--what-if']]) {
    const second = await usersession([...args, ...more], { env: { ...home, ...quick.env() } });
    expect(second.code).toBe(5);
    expect(second.err).toMatch(
      new RegExp(
        `^error: The job night\\.ly-1_a is still running \\(process ${pid} since 20[-\\dT:.]+Z\\)\\. Nothing was done\\.\n$`,
      ),
    );
  }
  expect(quick.tenant.requests).toEqual([]);
  expect((await first).code).toBe(0);
  expect((await usersession(args, { env: { ...home, ...quick.env() } })).code).toBe(0);
});

test('other jobs, and commands without a job, are not held up', async () => {
  const slow = await startTenant({ latencyMs: 700 });
  const quick = await startTenant();
  const home = newHome();
  const first = usersession(['revoke', 'adelev@contoso.example', '--job', 'a'], {
    env: { ...home, ...slow.env() },
  });
  await reached(slow);
  for (const job of [[], ['--job', 'b']]) {
    const other = await usersession(['revoke', 'adelev@contoso.example', ...job], {
      env: { ...home, ...quick.env() },
    });
    expect(other.code).toBe(0);
  }
  expect((await first).code).toBe(0);
});

test('a job that was killed does not block the next one', async () => {
  const slow = await startTenant({ latencyMs: 60_000 });
  const quick = await startTenant();
  const home = newHome();
  const args = ['revoke', 'adelev@contoso.example', '--job', 'nightly'];
  let gone: Promise<unknown> = Promise.resolve();
  const killed = usersession(args, {
    env: { ...home, ...slow.env() },
    during: child => {
      gone = once(child, 'exit');
      void reached(slow).then(() => child.kill('SIGKILL'));
    },
  });
  await gone;
  expect((await killed).code).toBeNull();
  expect((await usersession(args, { env: { ...home, ...quick.env() } })).code).toBe(0);
});

test.each(['', 'a b', 'a/b', '..\\x', 'ä', 'x'.repeat(65)])('%j names no job: exit code 1', async name => {
  const t = await startTenant();
  const run = await usersession(['revoke', 'adelev@contoso.example', '--job', name], {
    env: { ...newHome(), ...t.env() },
  });
  expect(run.code).toBe(1);
  expect(run.err).toContain('up to 64 letters, digits, dashes, underscores and dots');
  expect(t.tenant.requests).toEqual([]);
});

test('a state folder that can not be made: exit code 1, which one and what to do, nothing sent', async () => {
  const t = await startTenant();
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const run = await usersession(['revoke', 'adelev@contoso.example', '--job', 'x'], {
    env: { ...t.env(), USERSESSION_HOME: join(file, 'state') },
  });
  expect(run.code).toBe(1);
  expect(run.err).toMatch(/^error: The folder .*state.locks can't be used .* Set USERSESSION_HOME .*\n$/);
  expect(t.tenant.requests).toEqual([]);
});
