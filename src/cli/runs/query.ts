import { type Command, Option } from 'commander';
import type { QueryOptions } from '../acts/query.ts';

/** `usersession runs query`. */
export function addQuery(runs: Command, env: NodeJS.ProcessEnv): void {
  runs
    .command('query')
    .description('Queries for the SOC that find the revocations of a run: Kusto, Microsoft Graph, PowerShell')
    .argument('<run>', 'its run id')
    .option('--journal <folder>', 'the folder of the records, instead of the usual one')
    .addOption(
      new Option('--output <format>', 'form of the answer').choices(['text', 'json']).default('text'),
    )
    .action(async (run: string, options: QueryOptions) => {
      const { query } = await import('../acts/query.ts');
      await query(run, options, env);
    });
}
