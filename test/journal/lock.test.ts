import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { root } from '../../build/paths.ts';
import { holderOf, takeLock } from '../../src/journal/lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'us-lock-'));
afterAll(() => rmSync(folder, { recursive: true }));
let homes = 0;
const newHome = () => ({ USERSESSION_HOME: join(folder, `home${++homes}`) });

/** A process that takes a lock when it is told to, says what came of it, and holds on until it is told to leave. */
class Contender {
  readonly child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor(name: string, env: Record<string, string>) {
    const script = `
      const { takeLock } = await import(${JSON.stringify(join(root, 'src', 'journal', 'lock.ts'))});
      const { once } = await import('node:events');
      console.log('ready');
      await once(process.stdin, 'data');
      const lock = await takeLock(${JSON.stringify(name)}, { env: process.env, what: 'a test' });
      console.log(lock ? 'held' : 'refused');
      await once(process.stdin, 'data');
      await lock?.release();
      process.exit();`;
    this.child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, ...env },
    });
    onTestFinished(() => void this.child.kill('SIGKILL'));
    this.#lines = createInterface(this.child.stdout)[Symbol.asyncIterator]();
  }

  async says(): Promise<string> {
    return (await this.#lines.next()).value as string;
  }

  go(): void {
    this.child.stdin.write('go\n');
  }

  async ends(signal?: NodeJS.Signals): Promise<void> {
    const exit = once(this.child, 'exit');
    if (signal) this.child.kill(signal);
    else this.go();
    await exit;
  }
}

async function contend(count: number, name: string, env: Record<string, string>) {
  const all = Array.from({ length: count }, () => new Contender(name, env));
  for (const one of all) expect(await one.says()).toBe('ready');
  for (const one of all) one.go();
  const answers = await Promise.all(all.map(one => one.says()));
  return { all, answers, winner: all[answers.indexOf('held')]! };
}

function useTemporary(path: string): void {
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = path;
  onTestFinished(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });
}

test('a second process is refused and can say who holds the lock; after its release the lock is free', async () => {
  const env = newHome();
  const { winner } = await contend(1, 'nightly', env);
  expect(await takeLock('nightly', { env })).toBeNull();
  const holder = await holderOf('nightly', { env });
  expect(holder).toMatchObject({ pid: winner.child.pid, what: 'a test' });
  expect(Math.abs(Date.parse(holder!.startedAt) - Date.now())).toBeLessThan(60_000);
  await winner.ends();
  expect(await holderOf('nightly', { env })).toBeNull();
  const lock = await takeLock('nightly', { env });
  expect(lock).not.toBeNull();
  await lock!.release();
});

test('a lock ends with its holder, even when that is killed', async () => {
  const env = newHome();
  const { winner } = await contend(1, 'nightly', env);
  await winner.ends('SIGKILL');
  const lock = await takeLock('nightly', { env });
  expect(lock).not.toBeNull();
  await lock!.release();
});

test('a holder that is suspended still holds', async () => {
  const env = newHome();
  const { winner } = await contend(1, 'nightly', env);
  winner.child.kill('SIGSTOP');
  expect(await takeLock('nightly', { env })).toBeNull();
  expect(await holderOf('nightly', { env })).toBeNull();
});

test('of ten contenders exactly one wins, also over and over after the winner was killed', async () => {
  const env = newHome();
  for (let round = 0; round < 4; round++) {
    const { all, answers, winner } = await contend(10, 'nightly', env);
    expect(answers.filter(answer => answer === 'held')).toHaveLength(1);
    await Promise.all(all.map(one => one.ends(one === winner ? 'SIGKILL' : undefined)));
  }
  // One dead socket stays, that of the last winner; it is in nobody's way.
  expect(readdirSync(join(env.USERSESSION_HOME, 'locks'))).toHaveLength(1);
}, 120_000);

test('within one process, too: many at once, one wins, time after time', async () => {
  const env = newHome();
  for (let round = 0; round < 30; round++) {
    const locks = await Promise.all(Array.from({ length: 20 }, () => takeLock('x', { env })));
    const held = locks.filter(lock => lock !== null);
    expect(held).toHaveLength(1);
    await held[0]!.release();
  }
});

test('locks of different names, or of different state folders, have nothing to do with each other', async () => {
  const env = newHome();
  const locks = [
    await takeLock('a', { env }),
    await takeLock('A', { env }),
    await takeLock('a.1', { env }),
    await takeLock('a', { env: newHome() }),
  ];
  expect(locks).not.toContain(null);
  for (const lock of locks) await lock!.release();
});

test('a lock does not keep its process alive', async () => {
  const env = newHome();
  const script = `
    const { takeLock } = await import(${JSON.stringify(join(root, 'src', 'journal', 'lock.ts'))});
    console.log((await takeLock('x', { env: process.env })) !== null);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, ...env },
  });
  let out = '';
  child.stdout.on('data', text => (out += text));
  const [code] = await once(child, 'close');
  expect([code, out]).toEqual([0, 'true\n']);
});

test('the sockets are in a folder for the owner alone', async () => {
  const env = newHome();
  const lock = await takeLock('x', { env });
  expect(statSync(join(env.USERSESSION_HOME, 'locks')).mode & 0o777).toBe(0o700);
  await lock!.release();
});

test('a state folder with a path as long as usual keeps its locks to itself', async () => {
  const home = join(folder, 'administrator'.repeat(5).slice(0, 60 - folder.length));
  const env = { USERSESSION_HOME: home };
  const lock = await takeLock(`session-${'0'.repeat(36)}`, { env });
  expect(readdirSync(join(home, 'locks'))).toHaveLength(1);
  await lock!.release();
});

test('a state folder whose path is too long for a socket has its locks in the temporary folder', async () => {
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  useTemporary(temporary);
  const env = { USERSESSION_HOME: join(folder, 'long'.repeat(40)) };
  const { winner } = await contend(1, 'nightly', env);
  expect(await takeLock('nightly', { env })).toBeNull();
  expect((await holderOf('nightly', { env }))?.pid).toBe(winner.child.pid);
  const own = join(temporary, `usersession-${userInfo().uid}`);
  expect(statSync(own).mode & 0o777).toBe(0o700);
  expect(readdirSync(own)).toHaveLength(1);
  await winner.ends('SIGKILL');
  const lock = await takeLock('nightly', { env });
  expect(lock).not.toBeNull();
  await lock!.release();
});

test('a temporary folder that is open to others is refused', async () => {
  const temporary = join(folder, 'tmp2');
  mkdirSync(join(temporary, `usersession-${userInfo().uid}`), { recursive: true, mode: 0o755 });
  useTemporary(temporary);
  const env = { USERSESSION_HOME: join(folder, 'long'.repeat(40)) };
  await expect(takeLock('x', { env })).rejects.toThrow('open to others');
});
