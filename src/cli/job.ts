import { InvalidArgumentError } from 'commander';
import { holderOf, type Lock, takeLock } from '../journal/lock.ts';
import { CommandFailure, exitCode } from './failure.ts';

/** Takes a job for this command alone. @throws CommandFailure when another command has it */
export async function takeJob(name: string, env: NodeJS.ProcessEnv): Promise<Lock> {
  const lock = await takeLock(name, { env, what: 'usersession revoke' });
  if (lock) return lock;
  const holder = await holderOf(name, { env });
  const who = holder ? ` (process ${holder.pid} since ${holder.startedAt})` : '';
  throw new CommandFailure(
    exitCode.stillRunning,
    `The job ${name} is still running${who}. Nothing was done.`,
  );
}

/** Reads the name of a job. */
export function jobName(text: string): string {
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(text)) {
    throw new InvalidArgumentError(
      'A job is named with up to 64 letters, digits, dashes, underscores and dots.',
    );
  }
  return text;
}
