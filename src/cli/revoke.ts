import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { Connector } from '../auth/connect.ts';
import { systemClock } from '../graph/clock.ts';
import { Quotas } from '../graph/quotas.ts';
import { noJournal } from '../journal/journal.ts';
import type { Lock } from '../journal/lock.ts';
import { openRun } from '../operations/open-run.ts';
import type { RevocationRun } from '../operations/revoke-sessions.ts';
import type { UserReference } from '../protocol/reference.ts';
import { carryOut } from './carry-out.ts';
import { commandFailure } from './command-failure.ts';
import { EventLog } from './event-log.ts';
import { exitCode } from './failure.ts';
import { takeJob } from './job.ts';
import { Narrator } from './narrator.ts';
import {
  declareRevokeOptions,
  defaultMaxUsers,
  type RevokeOptions,
  runOptionsFrom,
  sourceFrom,
} from './revoke-options.ts';
import { personAtTerminal } from './person.ts';
import { connectionFrom } from './sign-in-options.ts';
import { StopSignals } from './stop-signals.ts';
import { readUserFile } from './user-file.ts';
import { whatIf } from './what-if.ts';

/** `usersession revoke`. */
export function addRevoke(program: Command, env: NodeJS.ProcessEnv): void {
  declareRevokeOptions(
    program.command('revoke').description('End every sign-in session of users, and prove it'),
  )
    .addHelpText('after', examples)
    .action((users: string[], options: RevokeOptions) => revoke(users, options, env));
}

async function revoke(users: string[], options: RevokeOptions, env: NodeJS.ProcessEnv): Promise<void> {
  const log = options.log === undefined ? null : new EventLog(options.log, env, options.job);
  const narrator = new Narrator(log, process.argv.slice(2));
  const signals = new StopSignals(narrator);
  const connector = new Connector(systemClock);
  let job: Lock | null = null;
  try {
    const source = sourceFrom(users, options);
    if (options.job !== undefined) job = await takeJob(options.job, env);
    const runId = randomUUID();
    const tenant = connectionFrom(options, env);
    const person = personAtTerminal(text => narrator.note(text));
    const connection = await connector.connect(tenant, async () => null, person);
    narrator.signedIn(runId, connection.info);
    const run = await openRun({
      runId,
      connection,
      options: runOptionsFrom(options),
      journal: noJournal,
      clock: systemClock,
      quotas: new Quotas(),
      confirm: question => narrator.ask(question, signals.stopping),
      onWarning: message => narrator.warning(message),
      env,
    });
    const found = source && (await run.find(source));
    if (found?.users === 0) narrator.note('There are no users in it: nothing was to be done.');
    const input = found
      ? found.references
      : lookedAhead(named(users, options.usersFrom, narrator), run, options);
    const code = options.whatIf
      ? await whatIf(run, input, connection.info, options, narrator)
      : await carryOut(run, input, options, narrator, signals);
    // A group without users is no mistake of the schedule that runs every night.
    process.exitCode = found?.users === 0 && code === exitCode.usage ? exitCode.done : code;
    run.close();
    narrator.end(process.exitCode);
  } catch (error) {
    const failure = commandFailure(error);
    narrator.failed(failure);
    throw failure;
  } finally {
    await connector.close();
    await job?.release();
    signals.end();
  }
}

async function* named(
  users: string[],
  file: string | undefined,
  narrator: Narrator,
): AsyncGenerator<UserReference> {
  if (file === '-' && process.stdin.isTTY) {
    narrator.note('Reading users from the keyboard, one a line; Ctrl+D ends them.');
  }
  for (const text of users) yield { text };
  if (file) yield* readUserFile(file, process.stdin);
}

/** Looks ahead one user past the limit, so that a question comes before the first call. */
async function* lookedAhead(
  input: AsyncIterable<UserReference>,
  run: RevocationRun,
  { maxUsers = defaultMaxUsers }: RevokeOptions,
): AsyncGenerator<UserReference> {
  const ahead: UserReference[] = [];
  const iterator = input[Symbol.asyncIterator]();
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    ahead.push(next.value);
    if (ahead.length > maxUsers) break;
  }
  await run.expect(ahead.length);
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
