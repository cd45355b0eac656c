import type { RevocationRun } from '../../operations/revoke-sessions.ts';
import type { UserReference } from '../../protocol/reference.ts';
import type { Narrator } from '../narrator.ts';
import { runCommand } from '../run-command.ts';
import { defaultMaxUsers, type RevokeOptions, runOptionsFrom, sourceFrom } from '../revoke-options.ts';
import { readUserFile } from '../user-file.ts';

/** What `usersession revoke` does. */
export async function revoke(users: string[], options: RevokeOptions, env: NodeJS.ProcessEnv): Promise<void> {
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
