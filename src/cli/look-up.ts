import { systemClock } from '../graph/clock.ts';
import { Quotas } from '../graph/quotas.ts';
import type { Reading } from '../operations/reading.ts';
import type { UserReference } from '../protocol/reference.ts';
import type { UnresolvedUser } from '../protocol/session.ts';
import { guarded } from './command-failure.ts';
import { CommandFailure, exitCode } from './failure.ts';
import type { LookUpOptions } from './look-up-options.ts';
import { connectionFrom } from './sign-in-options.ts';
import { signedIn } from './signed-in.ts';
import { tell } from './tell.ts';
import { readUserFile } from './user-file.ts';

/** Who is named on the command line and in the file. */
export async function namedUsers(
  users: readonly string[],
  { usersFrom }: LookUpOptions,
): Promise<UserReference[]> {
  const named: UserReference[] = users.map(text => ({ text }));
  if (usersFrom === '-' && process.stdin.isTTY)
    tell('Reading users from the keyboard, one a line; Ctrl+D ends them.');
  if (usersFrom !== undefined)
    for await (const users of readUserFile(usersFrom, process.stdin)) named.push(...users);
  return named;
}

/** @throws CommandFailure when there are none */
export async function someUsers(users: readonly string[], options: LookUpOptions): Promise<UserReference[]> {
  const named = await namedUsers(users, options);
  if (named.length > 0) return named;
  throw new CommandFailure(
    exitCode.usage,
    'Nobody was named. Name users, or use --users-from; --users-from - reads standard input.',
  );
}

/** Signs in, lets `work` read, and leaves the exit code that it gives. */
export const lookUp = (
  options: LookUpOptions,
  env: NodeJS.ProcessEnv,
  work: (reading: Reading) => Promise<number>,
): Promise<void> =>
  guarded(async () => {
    process.exitCode = await signedIn(connectionFrom(options, env), tell, connection =>
      work({ connection, clock: systemClock, quotas: new Quotas(), onLog: tell }),
    );
  });

/** Tells warnings, and who leads to nobody, on standard error; gives the exit code that they ask for. */
export function tellRemarks(
  {
    warnings,
    unresolved = [],
  }: { warnings: readonly string[]; unresolved?: readonly Omit<UnresolvedUser, 'index'>[] },
  { strict }: LookUpOptions,
): number {
  for (const warning of warnings) tell(`warning: ${warning}`);
  for (const { reference, outcome, detail } of unresolved) tell(`error: ${reference}: ${outcome}. ${detail}`);
  const failed = unresolved.length > 0 || (strict && warnings.length > 0);
  return failed ? exitCode.someFailed : exitCode.done;
}
