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
