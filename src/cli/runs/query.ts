import { type Command, Option } from 'commander';
import { Records } from '../../journal/records.ts';
import { auditQuery } from '../../operations/audit-query.ts';
import { harmlessJson } from '../../operations/harmless.ts';
import { recordedCalls } from '../../operations/recorded-calls.ts';
import { version } from '../../version.ts';
import { guarded } from '../command-failure.ts';
import { auditQueryText } from '../output/audit-query-text.ts';

interface QueryOptions {
  journal?: string;
  output: 'text' | 'json';
}

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
    .action((run: string, options: QueryOptions) => guarded(() => query(run, options, env)));
}

async function query(
  runId: string,
  { journal, output }: QueryOptions,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const found = auditQuery(await recordedCalls(runId, new Records(env, version), journal));
  process.stdout.write(
    output === 'json' ? `${harmlessJson(JSON.stringify(found, null, 1))}\n` : auditQueryText(found),
  );
}
