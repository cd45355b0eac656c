import { type Command, Option } from 'commander';
import { Records } from '../journal/records.ts';
import { harmless, harmlessJson } from '../operations/harmless.ts';
import { describeRecordedRun, listRuns, showRun } from '../operations/recorded-runs.ts';
import type { RecordedRunInfo } from '../protocol/record.ts';
import { guarded } from './command-failure.ts';
import { CommandFailure, exitCode } from './failure.ts';
import { describeRun, runLines } from './output/run-printer.ts';
import { type OutputFormat, outputFormats, rowPrinter } from './output/row-printer.ts';
import { version } from '../version.ts';
import { addQuery } from './runs/query.ts';
import { addReconcile } from './runs/reconcile.ts';
import { shownLine } from './shown-line.ts';

interface RunsOptions {
  journal?: string;
  output: OutputFormat;
}

/** `usersession runs ...`: what is on record. */
export function addRuns(program: Command, env: NodeJS.ProcessEnv): void {
  const records = () => new Records(env, version);
  const runs = program.command('runs').description('Read the records of runs');
  const journal = ['--journal <folder>', 'the folder of the records, instead of the usual one'] as const;
  runs
    .command('list')
    .description('The runs on record, the latest first')
    .option(...journal)
    .option('--unfinished', 'only those that are left to be finished')
    .addOption(
      new Option('--output <format>', 'form of the list').choices(['table', 'json']).default('table'),
    )
    .action((options: RunsOptions & { unfinished?: boolean }) => guarded(() => list(records(), options)));
  runs
    .command('show')
    .description('One run, and a row for everybody in it')
    .argument('<run>', 'its run id')
    .option(...journal)
    .addOption(new Option('--output <format>', 'form of the rows').choices(outputFormats).default('table'))
    .action((run: string, options: RunsOptions) => guarded(() => show(run, records(), options)));
  runs
    .command('verify')
    .description('Say whether a record is as it was written: exit code 0, or 2 with what is wrong')
    .argument('<run>', 'its run id')
    .option(...journal)
    .option('--head <hash>', 'the head that its summary told, kept where nobody could change it')
    .action((run: string, options: RunsOptions & { head?: string }) =>
      guarded(() => verify(run, records(), options)),
    );
  addQuery(runs, env);
  addReconcile(runs, env);
}

async function list(
  records: Records,
  { journal, output, unfinished }: RunsOptions & { unfinished?: boolean },
): Promise<void> {
  const all = await listRuns(records, journal, message =>
    process.stderr.write(`warning: ${shownLine(message)}\n`),
  );
  const runs = all.filter(run => !unfinished || run.left > 0);
  process.stdout.write(
    output === 'json' ? `${harmlessJson(JSON.stringify(runs, null, 1))}\n` : runLines(runs),
  );
}

async function show(runId: string, records: Records, { journal, output }: RunsOptions): Promise<void> {
  const { run, rows } = await showRun(runId, records, journal);
  const printer = await rowPrinter(output, process.stdout, process.stdout.columns ?? 120);
  for (const row of rows) printer.row(row);
  printer.end();
  process.stderr.write(describeRun(run));
}

async function verify(
  runId: string,
  records: Records,
  { journal, head }: RunsOptions & { head?: string },
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
