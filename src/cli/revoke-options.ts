import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DirectorySource } from '../operations/find-users.ts';
import type { RunOptions } from '../protocol/messages.ts';
import { CommandFailure, exitCode } from './failure.ts';
import { outputFormats } from './output/row-printer.ts';
import { declareRunOptions } from './run-options.ts';
import type { RunCommandOptions } from './run-command.ts';

export interface RevokeOptions extends RunCommandOptions {
  filter?: string;
  group?: string;
  transitive?: boolean;
  allUsers?: boolean;
  me?: boolean;
  excludeUser: string[];
  excludeGroup: string[];
  includeSelf?: boolean;
  maxUsers?: number;
  force?: boolean;
  verificationTime?: number;
  skipVerification?: boolean;
  explain?: boolean;
}

/** More users than this need a yes (design section 5). */
export const defaultMaxUsers = 200;

/** Declares what `revoke` understands. */
export function declareRevokeOptions(command: Command): Command {
  command
    .argument('[users...]', 'object ids or user principal names')
    .option(
      '--users-from <file>',
      'CSV with headings, JSON, JSON lines, or one user a line; - reads standard input',
    )
    .option('--filter <odata>', "everybody whom an OData filter finds, as: department eq 'Sales'")
    .option('--group <group>', 'members of a group, by object id or exact display name')
    .option('--transitive', 'with --group: members of the groups in it too')
    .option('--all-users', 'everybody in the tenant')
    .option('--me', 'yourself, everywhere')
    .option('--exclude-user <user>', 'leave this user alone (repeat for more)', collect, [])
    .option(
      '--exclude-group <group>',
      'leave the members of this group alone, nested ones too (repeat for more)',
      collect,
      [],
    )
    .option('--include-self', 'revoke your own account too when it is named, last of all')
    .option('--max-users <number>', `more than this need a yes (default: ${defaultMaxUsers})`, positive)
    .option('--force', 'revoke any number of users without asking')
    .option('--what-if', 'say who would be revoked, and send nothing')
    .addOption(new Option('--output <format>', 'form of the rows').choices(outputFormats).default('table'))
    .option(
      '--verification-time <seconds>',
      'how long to wait for the proof of one user (default: 15)',
      seconds,
    )
    .option('--skip-verification', 'do not read the proof; accepted calls end as Unverified')
    .option('--explain', 'say in each row until when access lasts, from sign-in logs and policies')
    .option('--strict', 'warnings (NoEffect, Unverified) fail the command too, with exit code 2');
  return declareRunOptions(command);
}

/** What the run is to keep to. */
export const runOptionsFrom = (options: RevokeOptions): RunOptions => ({
  verificationTime: options.verificationTime,
  skipVerification: options.skipVerification,
  maxUsers: options.force || options.whatIf ? undefined : (options.maxUsers ?? defaultMaxUsers),
  excludeUsers: options.excludeUser.map(text => ({ text })),
  excludeGroups: options.excludeGroup,
  includeSelf: options.includeSelf || options.me,
  whatIf: options.whatIf,
  explain: options.explain,
});

/**
 * The source that the tenant is asked for, or null when users are named here or in a file.
 * @throws CommandFailure unless the command says in exactly one way who is meant
 */
export function sourceFrom(users: readonly string[], options: RevokeOptions): DirectorySource | null {
  const sources: DirectorySource[] = [];
  if (options.filter !== undefined) sources.push({ kind: 'filter', filter: options.filter });
  if (options.group !== undefined)
    sources.push({ kind: 'group', group: options.group, transitive: options.transitive });
  if (options.allUsers) sources.push({ kind: 'allUsers' });
  if (options.me) sources.push({ kind: 'me' });
  const named = users.length > 0 || options.usersFrom !== undefined;
  const [source = null, ...others] = sources;
  if (!source && !named) {
    const ways = '--users-from, --filter, --group, --all-users or --me';
    throw new CommandFailure(
      exitCode.usage,
      `Nobody was named. Name users, or use ${ways}; --users-from - reads standard input.`,
    );
  }
  if (others.length > 0 || (source && named)) {
    throw new CommandFailure(
      exitCode.usage,
      'Say in one way who is meant: users, a file, a filter, a group, all users or me.',
    );
  }
  if (options.transitive && options.group === undefined) {
    throw new CommandFailure(exitCode.usage, '--transitive goes with --group.');
  }
  return source;
}

const collect = (value: string, before: string[]): string[] => [...before, value];

/** Reads a whole number from 1 up. */
export function positive(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It takes a whole number from 1 up.');
  return Number(text);
}

/** Reads seconds. */
export function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 3600)) {
    throw new InvalidArgumentError('It takes seconds from 0 to 3600.');
  }
  return value;
}
