import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { certificateStoreParts, root } from './paths.ts';

/** Runs a noisy tool with its output in a log. @throws an error that names the log when it fails */
export async function runLogged(
  file: string,
  args: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<void> {
  mkdirSync(certificateStoreParts, { recursive: true });
  const tool = basename(args[0] ?? file, '.js');
  const log = join(certificateStoreParts, `${tool}-${basename(options.cwd)}.log`);
  const handle = openSync(log, 'w');
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      spawn(file, args, { ...options, stdio: ['ignore', handle, handle] })
        .once('error', reject)
        .once('exit', resolve);
    });
    if (code !== 0) throw new Error(`${tool} failed, see ${relative(root, log)}`);
  } finally {
    closeSync(handle);
  }
}
