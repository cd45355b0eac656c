import { Records } from '../../journal/records.ts';
import { auditQuery } from '../../operations/audit-query.ts';
import { harmlessJson } from '../../operations/harmless.ts';
import { recordedCalls } from '../../operations/recorded-calls.ts';
import { version } from '../../version.ts';
import { guarded } from '../command-failure.ts';
import { auditQueryText } from '../output/audit-query-text.ts';

export interface QueryOptions {
  journal?: string;
  output: 'text' | 'json';
}

/** What `usersession runs query` does. */
export const query = (runId: string, options: QueryOptions, env: NodeJS.ProcessEnv): Promise<void> =>
  guarded(() => queried(runId, options, env));

async function queried(
  runId: string,
  { journal, output }: QueryOptions,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const found = auditQuery(await recordedCalls(runId, new Records(env, version), journal));
  process.stdout.write(
    output === 'json' ? `${harmlessJson(JSON.stringify(found, null, 1))}\n` : auditQueryText(found),
  );
}
