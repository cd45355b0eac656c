import { type Command, Option } from 'commander';
import { Connector } from '../auth/connect.ts';
import { systemClock } from '../graph/clock.ts';
import { Quotas } from '../graph/quotas.ts';
import type { Reading } from '../operations/reading.ts';
import type { UserReference } from '../protocol/reference.ts';
import type { UnresolvedUser } from '../protocol/session.ts';
import { guarded } from './command-failure.ts';
import { CommandFailure, exitCode } from './failure.ts';
import { type OutputFormat, outputFormats } from './output/row-printer.ts';
import { personAtTerminal } from './person.ts';
import { shownLine } from './shown-line.ts';
import { connectionFrom, declareSignInOptions, type SignInOptions } from './sign-in-options.ts';
import { readUserFile } from './user-file.ts';

/** What commands have in common that look at a tenant and change nothing. */
export interface LookUpOptions extends SignInOptions {
  usersFrom?: string;
  strict?: boolean;
  output: OutputFormat;
}

/** Declares it. */
export function declareLookUpOptions(command: Command): Command {
  command
    .argument('[users...]', 'object ids or user principal names')
    .option(
      '--users-from <file>',
      'CSV with headings, JSON, JSON lines, or one user a line; - reads standard input',
    )
    .addOption(new Option('--output <format>', 'form of the rows').choices(outputFormats).default('table'))
    .option('--strict', 'warnings fail the command too, with exit code 2');
  return declareSignInOptions(command);
}

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
    const connector = new Connector(systemClock);
    try {
      const tenant = connectionFrom(options, env);
      const connection = await connector.connect(tenant, async () => null, personAtTerminal(tell));
      const quotas = new Quotas();
      process.exitCode = await work({ connection, clock: systemClock, quotas, onLog: tell });
    } finally {
      await connector.close();
    }
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

/** A line on standard error. */
export const tell = (text: string): void => void process.stderr.write(`${shownLine(text)}\n`);
