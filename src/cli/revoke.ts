import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { Connector } from '../auth/connect.ts';
import { systemClock } from '../graph/clock.ts';
import { Quotas } from '../graph/quotas.ts';
import { noJournal } from '../journal/journal.ts';
import { openRun } from '../operations/open-run.ts';
import { tenantLabel } from '../operations/row.ts';
import type { RevocationRun } from '../operations/revoke-sessions.ts';
import type { UserDescribeResult } from '../protocol/messages.ts';
import type { TenantInfo } from '../protocol/tenant.ts';
import type { UserReference } from '../protocol/reference.ts';
import type { RunSummary } from '../protocol/row.ts';
import { askOnConsole } from './console-question.ts';
import { CommandFailure, commandFailure, exitCode } from './failure.ts';
import { harmless } from '../operations/harmless.ts';
import { rowPrinter } from './output/row-printer.ts';
import { whatIfPrinter } from './output/what-if-printer.ts';
import { ProgressLine } from './output/progress-line.ts';
import {
  declareRevokeOptions,
  defaultMaxUsers,
  type RevokeOptions,
  runOptionsFrom,
  sourceFrom,
} from './revoke-options.ts';
import { personAtTerminal } from './person.ts';
import { connectionFrom } from './sign-in-options.ts';
import { readUserFile } from './user-file.ts';

/** Users that may be open at a time: more than the quota's burst, so that the window never becomes the pace. */
const window = 5000;

/** `usersession revoke`. */
export function addRevoke(program: Command): void {
  declareRevokeOptions(
    program.command('revoke').description('End every sign-in session of users, and prove it'),
  )
    .addHelpText('after', examples)
    .action(revoke);
}

async function revoke(users: string[], options: RevokeOptions): Promise<void> {
  const source = sourceFrom(users, options);
  const connector = new Connector(systemClock);
  try {
    const tenant = connectionFrom(options, process.env);
    const connection = await connector.connect(tenant, async () => null, personAtTerminal());
    const run = await openRun({
      runId: randomUUID(),
      connection,
      options: runOptionsFrom(options),
      journal: noJournal,
      clock: systemClock,
      quotas: new Quotas(),
      confirm: askOnConsole,
      onWarning: message => note(`warning: ${message}`),
      env: process.env,
    });
    const found = source && (await run.find(source));
    const input = found ? found.references : lookedAhead(named(users, options.usersFrom), run, options);
    if (options.whatIf) await whatIf(run, input, connection.info, options);
    else await carryOut(run, input, options);
    if (found?.users === 0) emptySource();
    run.close();
  } catch (error) {
    throw commandFailure(error);
  } finally {
    await connector.close();
  }
}

async function* named(users: string[], file: string | undefined): AsyncGenerator<UserReference> {
  if (file === '-' && process.stdin.isTTY)
    note('Reading users from the keyboard, one a line; Ctrl+D ends them.');
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

type Input = Iterable<UserReference> | AsyncIterable<UserReference>;

async function whatIf(
  run: RevocationRun,
  input: Input,
  tenant: TenantInfo,
  options: RevokeOptions,
): Promise<void> {
  const printer = whatIfPrinter(
    options.output,
    process.stdout,
    tenantLabel({ ...tenant, tenantName: tenant.name }),
  );
  let users = 0;
  let ahead: Promise<UserDescribeResult>[] = [];
  const print = async () => {
    for (const described of await Promise.all(ahead)) printer.row(described);
    users += ahead.length;
    ahead = [];
  };
  // In the order of the input, but looked up together: a batch of Graph holds twenty.
  for await (const reference of input) {
    ahead.push(run.describe(reference));
    if (ahead.length >= 200) await print();
  }
  await print();
  printer.end();
  note(users === 0 ? 'No users were handed in.' : `What if: ${users} named, nothing was sent.`);
  if (users === 0) process.exitCode = exitCode.usage;
}

async function carryOut(run: RevocationRun, input: Input, options: RevokeOptions): Promise<void> {
  const printer = await rowPrinter(options.output, process.stdout, process.stdout.columns ?? 120);
  const progress = new ProgressLine(process.stderr, () => run.progress);
  const interrupted = stopOnInterrupt(run, options.usersFrom === '-');
  // Whoever read the rows is gone: go on would be to revoke unseen.
  process.stdout.on('error', () => run.stop({ code: 'Stopped', message: 'Nobody reads the rows any more.' }));
  const open = new Set<Promise<void>>();
  let inputFailure: unknown;
  try {
    for await (const reference of input) {
      const work = run.revoke(reference).then(row => {
        progress.clear();
        printer.row(row);
        // A run that is stopped would fill the screen with everybody whom it did not reach; the summary counts them.
        if (row.severity !== 'none' && row.outcome !== 'Cancelled') {
          const who = harmless(row.userPrincipalName ?? row.reference);
          note(`${row.severity}: ${who}: ${row.outcome}. ${harmless(row.detail ?? '')}`);
        }
        open.delete(work);
      });
      open.add(work);
      if (open.size >= window) await Promise.race(open);
    }
  } catch (error) {
    // The file broke in the middle: who was handed over before is settled and told first.
    inputFailure = error;
  }
  const summary = await run.end();
  await Promise.all(open);
  progress.end();
  printer.end();
  note(summary.text);
  if (inputFailure && !interrupted()) {
    const failure = commandFailure(inputFailure);
    if (summary.users > 0 && failure instanceof CommandFailure)
      throw new CommandFailure(exitCode.stopped, `${failure.message} What came before it was done.`);
    throw failure;
  }
  if (summary.stopped && !interrupted()) note(`error: ${summary.stopped.message}`);
  process.exitCode = interrupted() ? exitCode.interrupted : exitCodeOf(summary, options.strict ?? false);
}

/** A group without users is no mistake of the schedule that runs every night. */
function emptySource(): void {
  note('There are no users in it: nothing was to be done.');
  if (process.exitCode === exitCode.usage) process.exitCode = exitCode.done;
}

/** First Ctrl+C: what has been sent is settled, the rest is left. Second: away at once. */
function stopOnInterrupt(run: RevocationRun, readsStdin: boolean): () => boolean {
  let interrupted = false;
  process.on('SIGINT', () => {
    if (interrupted) process.exit(exitCode.interrupted);
    interrupted = true;
    note('Stopping: what has been sent is being settled. Ctrl+C again leaves at once.');
    run.stop({ code: 'Stopped', message: 'Interrupted.' });
    // Nobody waits for more input; who is named in what was read has a row.
    if (readsStdin) process.stdin.destroy();
  });
  return () => interrupted;
}

function exitCodeOf(summary: RunSummary, strict: boolean): number {
  if (summary.stopped?.code === 'NotSignedIn') return exitCode.notSignedIn;
  if (summary.stopped) return exitCode.stopped;
  if (summary.users === 0) return exitCode.usage;
  const { errors, warnings } = summary.severities;
  return errors > 0 || (strict && warnings > 0) ? exitCode.someFailed : exitCode.done;
}

/** For the human; standard output carries the rows alone. */
const note = (text: string): boolean => process.stderr.write(`${text}\n`);

const examples = `
Examples:
  usersession revoke adele@contoso.com
  usersession revoke --users-from leavers.csv --output csv > done.csv
  usersession revoke --filter "department eq 'Sales'" --what-if
  usersession revoke --group Leavers --transitive --exclude-group "Break Glass"
  usersession revoke --users-from leavers.csv --simulated

Exit codes:
  0 done    1 wrong use, or nobody named    2 some users failed    3 not signed in
  4 stopped half-way, or more users than allowed    130 interrupted`;
