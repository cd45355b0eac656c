import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { makePrivateFolder, StateFolderError, stateFolder } from './home.ts';

/** Where the sockets of one lock are. */
export interface LockPlace {
  folder: string;
  /** How the names of the lock's own sockets begin; a number follows. */
  prefix: string;
}

/** A Unix socket's path may have 103 bytes on macOS and 107 on Linux; a number of the lock stands behind the prefix. */
const longestPrefix = 90;

/**
 * The place of a lock's sockets, made when it is not there: the state folder, or where its path is too long for a
 * socket a folder of this account in the temporary one.
 * @throws StateFolderError
 */
export function lockPlace(name: string, env: NodeJS.ProcessEnv): LockPlace {
  const home = stateFolder(env, process.platform);
  const folder = join(home, 'locks');
  makePrivateFolder(folder);
  // Where file names know no case, two names must not meet.
  const prefixes = [`${name}-${hash(name).slice(0, 8)}.`, `${hash(name).slice(0, 16)}.`];
  const prefix = prefixes.find(p => Buffer.byteLength(join(folder, p)) <= longestPrefix);
  if (prefix !== undefined) return { folder, prefix };
  const short = join(tmpdir(), `usersession-${userInfo().uid}`);
  makePrivateFolder(short);
  if (!isOurs(short)) {
    throw new StateFolderError(
      `The folder ${short} belongs to somebody else or is open to others. Remove it, or set USERSESSION_HOME to a shorter path.`,
    );
  }
  return { folder: short, prefix: `${hash(`${home}\n${name}`).slice(0, 16)}.` };
}

/** The named pipe of a lock on Windows. */
export function lockPipe(name: string, env: NodeJS.ProcessEnv): string {
  return `\\\\.\\pipe\\usersession-${hash(`${stateFolder(env, 'win32').toLowerCase()}\n${name}`).slice(0, 32)}`;
}

/** In a folder that everybody may write to, somebody else could have been first. */
function isOurs(folder: string): boolean {
  const is = lstatSync(folder);
  return is.isDirectory() && is.uid === userInfo().uid && (is.mode & 0o077) === 0;
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
