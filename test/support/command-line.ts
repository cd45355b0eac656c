import { spawn } from 'node:child_process';
import { cliOut } from '../../build/paths.ts';

export interface CommandRun {
  code: number | null;
  out: string;
  err: string;
}

export interface CommandOptions {
  env?: Record<string, string>;
  /** Given on standard input, which then ends; nothing otherwise. */
  input?: string | Buffer;
  /** Leaves standard input open after `input`, as a service manager may. */
  openInput?: boolean;
  cwd?: string;
  /** Called with the running process, to press keys. */
  during?: (child: ReturnType<typeof spawn>) => void;
}

/** Runs the built command line as a shell would. */
export function usersession(args: readonly string[], options: CommandOptions = {}): Promise<CommandRun> {
  const env: NodeJS.ProcessEnv = { ...process.env, ...options.env };
  if (!options.env?.['USERSESSION_ACCESS_TOKEN']) delete env['USERSESSION_ACCESS_TOKEN'];
  const child = spawn(cliOut, args, { env, cwd: options.cwd });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', text => (out += text));
  child.stderr.setEncoding('utf8').on('data', text => (err += text));
  child.stdin.on('error', () => {});
  if (options.openInput) child.stdin.write(options.input ?? '');
  else child.stdin.end(options.input ?? '');
  options.during?.(child);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => resolve({ code, out, err }));
  });
}
