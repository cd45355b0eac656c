import { linkSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { unusable } from './home.ts';
import { type LockPlace, lockPipe, lockPlace } from './lock-place.ts';

/** Who holds a lock. */
export interface Holder {
  pid: number;
  /** ISO 8601. */
  startedAt: string;
  /** What it is doing, in a few words. */
  what: string;
}

/** A lock that this process holds. It ends with the process, however that ends, and does not keep it alive. */
export interface Lock {
  release(): Promise<void>;
}

export interface LockOptions {
  env: NodeJS.ProcessEnv;
  /** What the holder tells whoever is refused. */
  what?: string;
  /** The name is nobody else's, so nothing of it need stay. */
  once?: boolean;
}

/** How long a holder has to say who it is, in milliseconds: one that is suspended never will. */
const answerTime = 1000;

/**
 * Takes a lock by name among the processes that share a state folder; null when somebody else holds it.
 *
 * Whoever listens on the lock's socket holds it, so that nothing is left to clean when the holder dies. A dead socket
 * is not replaced, which two could do at once, but outbid: the lock's sockets are numbered, the highest number counts,
 * and it is given away by `link`, which only one can do. The highest number never goes, so that one who was slow finds
 * a higher one after his own and gives up. On Windows the system knows only one owner of a pipe's name.
 * @throws StateFolderError
 */
export async function takeLock(name: string, { env, what = '', once }: LockOptions): Promise<Lock | null> {
  const holder: Holder = { pid: process.pid, startedAt: new Date().toISOString(), what };
  const server = createServer(socket => {
    socket.on('error', () => {});
    socket.unref();
    socket.end(`${JSON.stringify(holder)}\n`);
  });
  server.unref();
  const taken =
    process.platform === 'win32'
      ? await listen(server, lockPipe(name, env))
      : await outbid(server, lockPlace(name, env));
  if (!taken) {
    server.close();
    return null;
  }
  return {
    release: async () => {
      await new Promise<void>(resolve => server.close(() => resolve()));
      if (once && process.platform !== 'win32') forget(lockPlace(name, env));
    },
  };
}

function forget(place: LockPlace): void {
  for (const number of numbersIn(place)) rmSync(pathOf(place, number), { force: true });
}

/** Who holds a lock; null when nobody does or the holder does not answer. */
export async function holderOf(name: string, { env }: LockOptions): Promise<Holder | null> {
  if (process.platform === 'win32') return (await ask(lockPipe(name, env))).holder;
  const place = lockPlace(name, env);
  const highest = numbersIn(place).at(-1);
  return highest === undefined ? null : (await ask(pathOf(place, highest))).holder;
}

/** True while somebody holds a lock, also one who is suspended and answers nothing. */
export async function isHeld(name: string, { env }: LockOptions): Promise<boolean> {
  if (process.platform === 'win32') return (await ask(lockPipe(name, env))).alive;
  const place = lockPlace(name, env);
  const highest = numbersIn(place).at(-1);
  return highest !== undefined && (await ask(pathOf(place, highest))).alive;
}

async function outbid(server: Server, place: LockPlace): Promise<boolean> {
  const own = join(place.folder, `${process.pid}-${Math.random().toString(36).slice(2, 8)}`);
  try {
    // Under a name of its own first: between bind and listen a socket looks dead.
    if (!(await listen(server, own))) return false;
    for (;;) {
      const highest = numbersIn(place).at(-1) ?? 0;
      if (highest > 0 && (await ask(pathOf(place, highest))).alive) return false;
      if (!linked(own, pathOf(place, highest + 1))) continue;
      const numbers = numbersIn(place);
      if (numbers.at(-1) === highest + 1) {
        for (const number of numbers.slice(0, -1)) rmSync(pathOf(place, number), { force: true });
        return true;
      }
      rmSync(pathOf(place, highest + 1), { force: true });
    }
  } catch (error) {
    throw unusable(place.folder, error);
  } finally {
    rmSync(own, { force: true });
  }
}

/** The numbers of a lock's sockets, ascending. */
function numbersIn({ folder, prefix }: LockPlace): number[] {
  return readdirSync(folder)
    .filter(file => file.startsWith(prefix) && /^\d+$/.test(file.slice(prefix.length)))
    .map(file => Number(file.slice(prefix.length)))
    .sort((a, b) => a - b);
}

const pathOf = ({ folder, prefix }: LockPlace, number: number): string => join(folder, `${prefix}${number}`);

/** False when the name is taken. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** False when the name is taken: on Windows a pipe of another account is refused as not accessible. */
function listen(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || (process.platform === 'win32' && error.code === 'EACCES')) {
        resolve(false);
      } else {
        reject(error);
      }
    });
    server.listen(path, () => resolve(true));
  });
}

/** Dead is only what refuses or has gone; a holder that is suspended or flooded lives. */
function ask(path: string): Promise<{ alive: boolean; holder: Holder | null }> {
  return new Promise(resolve => {
    let text = '';
    const socket = connect(path);
    const answer = (alive: boolean) => {
      socket.destroy();
      resolve({ alive, holder: alive ? holderIn(text) : null });
    };
    socket.setEncoding('utf8');
    socket.setTimeout(answerTime, () => answer(true));
    socket.on('data', (piece: string) => (text += piece));
    socket.on('end', () => answer(true));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      answer(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    );
  });
}

function holderIn(line: string): Holder | null {
  try {
    return JSON.parse(line) as Holder;
  } catch {
    return null;
  }
}
