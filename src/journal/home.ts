import { mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, posix, win32 } from 'node:path';

/** A folder for the product's state that can't be used; the message says which, why, and what to do. */
export class StateFolderError extends Error {
  override name = 'StateFolderError';
}

/**
 * The folder for what has to outlive a command: locks and records. `USERSESSION_HOME` where it is set, else by the
 * custom of the platform: `$XDG_STATE_HOME/usersession` or `~/.local/state/usersession`, on macOS
 * `~/Library/Application Support/UserSession`, on Windows `%LOCALAPPDATA%\UserSession`, and `%ProgramData%\UserSession`
 * for an account without a profile.
 * @throws StateFolderError when `USERSESSION_HOME` is no absolute path: a job would have another folder in each place
 */
export function stateFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const { join, isAbsolute } = platform === 'win32' ? win32 : posix;
  const said = env['USERSESSION_HOME'];
  if (said) {
    if (isAbsolute(said)) return said;
    throw new StateFolderError(`USERSESSION_HOME is "${said}", which is no absolute path. Name a whole one.`);
  }
  if (platform === 'win32') {
    return join(
      env['LOCALAPPDATA'] || env['ProgramData'] || env['PROGRAMDATA'] || 'C:\\ProgramData',
      'UserSession',
    );
  }
  const home = env['HOME'] || homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'UserSession');
  const state = env['XDG_STATE_HOME'];
  // A relative one is to be ignored (XDG Base Directory Specification).
  return join(state && isAbsolute(state) ? state : join(home, '.local', 'state'), 'usersession');
}

/**
 * Makes a folder that only its owner can read, and those above it; one that is there stays as it is. On Windows the
 * folder inherits who may read it.
 * @throws StateFolderError
 */
export function makePrivateFolder(path: string): void {
  try {
    makeEach(path);
  } catch (error) {
    throw unusable(path, error);
  }
}

/** Node's own recursive way never ends where a file system says that there is no such folder to one that it can't make. */
function makeEach(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path) makeEach(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have been first.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

export function unusable(path: string, error: unknown): StateFolderError {
  const why = error instanceof Error ? error.message : String(error);
  return new StateFolderError(
    `The folder ${path} can't be used (${why}). Set USERSESSION_HOME to a folder that this account may write.`,
  );
}
