import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { cliOut } from '../../build/paths.ts';

export interface TerminalRun {
  code: number | null;
  /** Everything that stood there. */
  screen: string;
}

export interface TerminalOptions {
  env?: Record<string, string>;
  /** Instead of the command line of the source tree. */
  program?: string;
  cwd?: string;
  /** Called with all that stands there, whenever that grows. */
  watch?: (screen: string) => void;
}

/** Runs the command line on a terminal of its own, before which a person may sit. */
export function onTerminal(args: readonly string[], options: TerminalOptions = {}): Promise<TerminalRun> {
  const command = [options.program ?? cliOut, ...args].map(arg => `'${arg}'`).join(' ');
  const child = spawn('script', ['-qec', `exec ${command}`, '/dev/null'], {
    env: { ...process.env, ...options.env },
    cwd: options.cwd,
  });
  onTestFinished(() => void child.kill());
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    options.watch?.(screen);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => resolve({ code, screen }));
  });
}
