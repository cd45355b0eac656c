import { type Command, Option } from 'commander';
import type { RunsListOptions, RunsOptions, RunsVerifyOptions } from './acts/runs.ts';
import { outputFormats } from './output/row-printer.ts';
import { addQuery } from './runs/query.ts';
import { addReconcile } from './runs/reconcile.ts';

const acts = () => import('./acts/runs.ts');

/** `usersession runs ...`: what is on record. */
export function addRuns(program: Command, env: NodeJS.ProcessEnv): void {
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
    .action(async (options: RunsListOptions) => (await acts()).list(options, env));
  runs
    .command('show')
    .description('One run, and a row for everybody in it')
    .argument('<run>', 'its run id')
    .option(...journal)
    .addOption(new Option('--output <format>', 'form of the rows').choices(outputFormats).default('table'))
    .action(async (run: string, options: RunsOptions) => (await acts()).show(run, options, env));
  runs
    .command('verify')
    .description('Say whether a record is as it was written: exit code 0, or 2 with what is wrong')
    .argument('<run>', 'its run id')
    .option(...journal)
    .option('--head <hash>', 'the head that its summary told, kept where nobody could change it')
    .action(async (run: string, options: RunsVerifyOptions) => (await acts()).verify(run, options, env));
  addQuery(runs, env);
  addReconcile(runs, env);
}
