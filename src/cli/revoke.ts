import { randomUUID } from 'node:crypto';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { Connector } from '../auth/connect.ts';
import { systemClock } from '../graph/clock.ts';
import { EndpointError } from '../graph/endpoint.ts';
import { Quotas } from '../graph/quotas.ts';
import { noJournal } from '../journal/journal.ts';
import { describeUser } from '../operations/describe-user.ts';
import { openRun } from '../operations/open-run.ts';
import type { RevocationRun } from '../operations/revoke-sessions.ts';
import type { UserReference } from '../protocol/reference.ts';
import type { RunSummary } from '../protocol/row.ts';
import { connectionFrom } from './connection.ts';
import { askOnConsole } from './console-question.ts';
import { CommandFailure, exitCode } from './failure.ts';
import { type OutputFormat, outputFormats, rowPrinter } from './output/row-printer.ts';
import { harmless } from './output/table-printer.ts';
import { readUserFile } from './user-file.ts';

interface RevokeOptions {
  usersFrom?: string;
  simulated?: boolean;
  graphUrl?: string;
  whatIf?: boolean;
  force?: boolean;
  output: OutputFormat;
  verificationTime?: number;
  skipVerification?: boolean;
}

/** More users than this are asked for (design section 5). */
const maxUsers = 200;
/** Users that may be open at a time: more than the quota's burst, so that the window never becomes the pace. */
const window = 5000;

/** `usersession revoke`. */
export function addRevoke(program: Command): void {
  program
    .command('revoke')
    .description('End every sign-in session of users, and prove it')
    .argument('[users...]', 'object ids or user principal names')
    .option(
      '--users-from <file>',
      'CSV with headings, JSON, JSON lines, or one user a line; - reads standard input',
    )
    .option('--simulated', 'rehearse on the simulated tenant: nobody is signed out')
    .option('--graph-url <url>', 'another Graph endpoint (environment: USERSESSION_GRAPH_URL)')
    .option('--what-if', 'say who would be revoked, and send nothing')
    .option('--force', `revoke more than ${maxUsers} users without asking`)
    .addOption(new Option('--output <format>', 'form of the rows').choices(outputFormats).default('table'))
    .option(
      '--verification-time <seconds>',
      'how long to wait for the proof of one user (default: 15)',
      seconds,
    )
    .option('--skip-verification', 'do not read the proof; accepted calls end as Unverified')
    .addHelpText('after', examples)
    .action(revoke);
}

async function revoke(users: string[], options: RevokeOptions): Promise<void> {
  if (users.length === 0 && !options.usersFrom) {
    throw new CommandFailure(exitCode.usage, 'Nobody was named. Name users, or a file with --users-from.');
  }
  const connector = new Connector(systemClock);
  try {
    const connection = await connector.connect(connectionFrom(options, process.env), async () => null);
    const run = openRun({
      runId: randomUUID(),
      connection,
      options: {
        verificationTime: options.verificationTime,
        skipVerification: options.skipVerification,
        maxUsers: options.force || options.whatIf ? undefined : maxUsers,
      },
      journal: noJournal,
      clock: systemClock,
      quotas: new Quotas(),
      confirm: askOnConsole,
    });
    const input = references(users, options.usersFrom);
    if (options.whatIf) await whatIf(run, input, connection.info.tenantId);
    else await carryOut(run, input, options.output);
    run.close();
  } catch (error) {
    if (error instanceof EndpointError) throw new CommandFailure(exitCode.usage, error.message);
    throw error;
  } finally {
    await connector.close();
  }
}

async function* references(users: string[], file: string | undefined): AsyncGenerator<UserReference> {
  for (const text of users) yield { text };
  if (file) yield* readUserFile(file, process.stdin);
}

async function whatIf(
  run: RevocationRun,
  input: AsyncIterable<UserReference>,
  tenantId: string | null,
): Promise<void> {
  const where = `in tenant ${tenantId ?? '(unknown)'}`;
  let ahead: Promise<{ text: string }>[] = [];
  const print = async () => {
    for (const { text } of await Promise.all(ahead)) {
      process.stdout.write(`What if: Revoke all sign-in sessions of ${harmless(text)} ${where}\n`);
    }
    ahead = [];
  };
  // In the order of the input, but looked up together: a batch of Graph holds twenty.
  for await (const reference of input) {
    ahead.push(describeUser(reference, run.directory));
    if (ahead.length >= 200) await print();
  }
  await print();
}

async function carryOut(
  run: RevocationRun,
  input: AsyncIterable<UserReference>,
  format: OutputFormat,
): Promise<void> {
  const printer = await rowPrinter(format, process.stdout, process.stdout.columns ?? 120);
  const interrupted = stopOnInterrupt(run);
  const open = new Set<Promise<void>>();
  let inputFailure: unknown;
  try {
    for await (const reference of counted(input, run)) {
      const work = run.revoke(reference).then(row => {
        printer.row(row);
        if (row.severity !== 'none') {
          const who = harmless(row.userPrincipalName ?? row.reference);
          note(`${row.severity}: ${who}: ${row.outcome}. ${harmless(row.detail ?? '')}`);
        }
        open.delete(work);
      });
      open.add(work);
      if (open.size >= window) await Promise.race(open);
      if (interrupted()) break;
    }
  } catch (error) {
    // The file broke in the middle: who was handed over before is settled and told first.
    inputFailure = error;
  }
  const summary = await run.end();
  await Promise.all(open);
  printer.end();
  if (inputFailure) throw inputFailure;
  note(summary.text);
  if (summary.stopped && !interrupted()) note(`error: ${summary.stopped.message}`);
  process.exitCode = interrupted() ? exitCode.interrupted : exitCodeOf(summary);
}

/** Looks ahead one user past the limit, so that a question comes before the first call. */
async function* counted(
  input: AsyncIterable<UserReference>,
  run: RevocationRun,
): AsyncGenerator<UserReference> {
  const ahead: UserReference[] = [];
  const iterator = input[Symbol.asyncIterator]();
  for (
    let next = await iterator.next();
    !next.done && ahead.length <= maxUsers;
    next = await iterator.next()
  ) {
    ahead.push(next.value);
    if (ahead.length > maxUsers) break;
  }
  if (ahead.length > maxUsers) await run.expect(ahead.length);
  yield* ahead;
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
}

/** First Ctrl+C: what has been sent is settled, the rest is left. Second: away at once. */
function stopOnInterrupt(run: RevocationRun): () => boolean {
  let interrupted = false;
  process.on('SIGINT', () => {
    if (interrupted) process.exit(exitCode.interrupted);
    interrupted = true;
    note('Stopping: what has been sent is being settled. Ctrl+C again leaves at once.');
    run.stop({ code: 'Stopped', message: 'Interrupted.' });
  });
  return () => interrupted;
}

function exitCodeOf(summary: RunSummary): number {
  if (summary.stopped?.code === 'NotSignedIn') return exitCode.notSignedIn;
  if (summary.stopped) return exitCode.stopped;
  if (summary.users === 0) return exitCode.usage;
  const { NotFound, InvalidReference, Denied, Cancelled, Failed, Unknown } = summary.outcomes;
  const failed = NotFound || InvalidReference || Denied || Cancelled || Failed || Unknown;
  return failed ? exitCode.someFailed : exitCode.done;
}

/** For the human; standard output carries the rows alone. */
const note = (text: string): boolean => process.stderr.write(`${text}\n`);

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 3600)) {
    throw new InvalidArgumentError('It takes seconds from 0 to 3600.');
  }
  return value;
}

const examples = `
Examples:
  usersession revoke adele@contoso.com
  usersession revoke --users-from leavers.csv --output csv > done.csv
  usersession revoke --users-from leavers.csv --what-if
  usersession revoke --users-from leavers.csv --simulated

Exit codes:
  0 done    1 wrong use, or nobody named    2 some users failed    3 not signed in
  4 stopped half-way, or more users than allowed    130 interrupted`;
