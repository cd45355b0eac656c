import { Records } from '../../journal/records.ts';
import { harmless, harmlessJson } from '../../operations/harmless.ts';
import { describeRecordedRun, listRuns, showRun } from '../../operations/recorded-runs.ts';
import type { RecordedRunInfo } from '../../protocol/record.ts';
import { version } from '../../version.ts';
import { guarded } from '../command-failure.ts';
import { CommandFailure, exitCode } from '../failure.ts';
import { describeRun, runLines } from '../output/run-printer.ts';
import { type OutputFormat, rowPrinter } from '../output/row-printer.ts';
import { shownLine } from '../shown-line.ts';

export interface RunsOptions {
  journal?: string;
  output: OutputFormat;
}

export interface RunsListOptions extends RunsOptions {
  unfinished?: boolean;
}

export interface RunsVerifyOptions extends RunsOptions {
  head?: string;
}

/** What `usersession runs list` does. */
export const list = (options: RunsListOptions, env: NodeJS.ProcessEnv): Promise<void> =>
  guarded(() => listed(options, new Records(env, version)));

/** What `usersession runs show` does. */
export const show = (runId: string, options: RunsOptions, env: NodeJS.ProcessEnv): Promise<void> =>
  guarded(() => shown(runId, options, new Records(env, version)));

/** What `usersession runs verify` does. */
export const verify = (runId: string, options: RunsVerifyOptions, env: NodeJS.ProcessEnv): Promise<void> =>
  guarded(() => verified(runId, options, new Records(env, version)));

async function listed({ journal, output, unfinished }: RunsListOptions, records: Records): Promise<void> {
  const all = await listRuns(records, journal, message =>
    process.stderr.write(`warning: ${shownLine(message)}\n`),
  );
  const runs = all.filter(run => !unfinished || run.left > 0);
  process.stdout.write(
    output === 'json' ? `${harmlessJson(JSON.stringify(runs, null, 1))}\n` : runLines(runs),
  );
}

async function shown(runId: string, { journal, output }: RunsOptions, records: Records): Promise<void> {
  const { run, rows } = await showRun(runId, records, journal);
  const printer = await rowPrinter(output, process.stdout, process.stdout.columns ?? 120);
  for (const row of rows) printer.row(row);
  await printer.end();
  process.stderr.write(describeRun(run));
}

async function verified(
  runId: string,
  { journal, head }: RunsVerifyOptions,
  records: Records,
): Promise<void> {
  const run = await describeRecordedRun(runId, records, journal);
  const wrong = [
    ...run.damage.map(({ line, what }) => `line ${line}: ${what}`),
    ...(head !== undefined && !sameHead(head, run)
      ? [`the head is ${run.head}, not ${harmless(head)}: lines were added, taken away or changed since`]
      : []),
  ];
  if (wrong.length > 0) {
    for (const what of wrong) process.stdout.write(`${what}\n`);
    throw new CommandFailure(exitCode.someFailed, `The record ${run.path} is not as it was written.`);
  }
  const anchored =
    head === undefined
      ? 'Each line fits the one before. That shows damage; only a head that was kept elsewhere (--head) shows forgery.'
      : 'Each line fits the one before, and the head is the one given.';
  process.stdout.write(`${anchored}\nHead: ${run.head}\n`);
}

const sameHead = (head: string, run: RecordedRunInfo): boolean => head.trim().toLowerCase() === run.head;
