import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** What a process left behind. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
  /** Milliseconds from just before it was started until it was gone. */
  ms: number;
  /** `Date.now()`, with fractions, just before it was started: comparable with marks of other processes. */
  startedAt: number;
}

/** The wall clock with fractions of a millisecond, the same in all processes of the machine. */
export const wallClock = (): number => performance.timeOrigin + performance.now();

/** Runs a program to its end. @throws when it does not end with one of `codes` */
export async function run(
  file: string,
  args: readonly string[],
  options: SpawnOptions & { input?: string; codes?: readonly number[] } = {},
): Promise<Ended> {
  const { input, codes = [0], ...rest } = options;
  const startedAt = wallClock();
  const child = spawn(file, args, {
    ...rest,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  child.stdin?.on('error', () => {}).end(input);
  const [stdout, stderr, code] = await Promise.all([
    outputOf(child, 'stdout'),
    outputOf(child, 'stderr'),
    ended,
  ]);
  const ms = wallClock() - startedAt;
  if (code === null || !codes.includes(code))
    throw new Error(
      `${file} ${args.join(' ')} ended with ${code}: ${stderr.slice(-2000)}${stdout.slice(-500)}`,
    );
  return { code, stdout, stderr, ms, startedAt };
}

const outputOf = (child: ChildProcess, name: 'stdout' | 'stderr'): Promise<string> => {
  const stream = child[name];
  return stream ? text(stream) : Promise.resolve('');
};
