import type { Command } from 'commander';
import type { RevocationRun } from '../operations/revoke-sessions.ts';
import type { UserReference } from '../protocol/reference.ts';
import type { Narrator } from './narrator.ts';
import {
  declareRevokeOptions,
  defaultMaxUsers,
  type RevokeOptions,
  runOptionsFrom,
  sourceFrom,
} from './revoke-options.ts';
import { runCommand } from './run-command.ts';
import { readUserFile } from './user-file.ts';

/** `usersession revoke`. */
export function addRevoke(program: Command, env: NodeJS.ProcessEnv): void {
  declareRevokeOptions(
    program.command('revoke').description('End every sign-in session of users, and prove it'),
  )
    .addHelpText('after', examples)
    .action((users: string[], options: RevokeOptions) => revoke(users, options, env));
}

async function revoke(users: string[], options: RevokeOptions, env: NodeJS.ProcessEnv): Promise<void> {
  await runCommand(
    options,
    env,
    async () => {
      sourceFrom(users, options);
      return { options: runOptionsFrom(options) };
    },
    async (run, narrator) => {
      const source = sourceFrom(users, options);
      if (!source) return { input: lookedAhead(named(users, options.usersFrom, narrator), run, options) };
      const found = await run.find(source);
      if (found.users === 0) narrator.note('There are no users in it: nothing was to be done.');
      return { input: [found.references], users: found.users };
    },
  );
}

async function* named(
  users: string[],
  file: string | undefined,
  narrator: Narrator,
): AsyncGenerator<UserReference[]> {
  if (file === '-' && process.stdin.isTTY) {
    narrator.note('Reading users from the keyboard, one a line; Ctrl+D ends them.');
  }
  if (users.length > 0) yield users.map(text => ({ text }));
  if (file) yield* readUserFile(file, process.stdin);
}

/** Looks ahead one user past the limit, so that a question comes before the first call. */
async function* lookedAhead(
  input: AsyncIterable<UserReference[]>,
  run: RevocationRun,
  { maxUsers = defaultMaxUsers }: RevokeOptions,
): AsyncGenerator<UserReference[]> {
  const ahead: UserReference[][] = [];
  let users = 0;
  const iterator = input[Symbol.asyncIterator]();
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    ahead.push(next.value);
    users += next.value.length;
    if (users > maxUsers) break;
  }
  // How many more there are nobody knows yet, except that there are more.
  await run.expect(Math.min(users, maxUsers + 1));
  yield* ahead;
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
}

const examples = `
Examples:
  usersession revoke adele@contoso.com
  usersession revoke --users-from leavers.csv --output csv > done.csv
  usersession revoke --filter "department eq 'Sales'" --what-if
  usersession revoke --group Leavers --transitive --exclude-group "Break Glass"
  usersession revoke --users-from leavers.csv --simulated
  usersession revoke --group Leavers --force --job leavers --log leavers.jsonl

Exit codes:
  0 done    1 wrong use, or nobody named    2 some users failed    3 not signed in
  4 stopped half-way, or more users than allowed    5 the same job is still running
  129 hung up    130 interrupted    143 terminated`;
