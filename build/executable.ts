import { join } from 'node:path';
import type { Platform } from './node-package.ts';
import { out } from './paths.ts';
import { makeExecutable } from './single-executable.ts';
import { unlessUnchanged } from './stamp.ts';

/** The engine's file name in a package. */
export const executableName = (platform: Platform): string =>
  platform === 'win-x64' ? 'usersession.exe' : 'usersession';

export interface ExecutableFolders {
  /** Where executables are kept, which take longest of all to make. */
  executables?: string;
  /** Where fetched packages of Node are kept. */
  nodes?: string;
}

/** Makes the executable for a platform unless it is there and of these sources. Resolves with its path. */
export async function buildExecutable(
  platform: Platform,
  { executables = join(out, 'executables'), nodes }: ExecutableFolders = {},
): Promise<string> {
  const file = join(executables, platform, executableName(platform));
  await unlessUnchanged(
    `executable-${platform}`,
    ['package-lock.json', 'package.json', 'build/*.ts', 'build/warm-up/*', 'src/**/*'],
    [file],
    () => makeExecutable(platform, file, nodes),
  );
  return file;
}
