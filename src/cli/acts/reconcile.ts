import { systemClock } from '../../graph/clock.ts';
import { Quotas } from '../../graph/quotas.ts';
import { Records } from '../../journal/records.ts';
import { recordedCalls } from '../../operations/recorded-calls.ts';
import { reconcileRun } from '../../operations/reconcile-run.ts';
import { version } from '../../version.ts';
import { guarded } from '../command-failure.ts';
import { CommandFailure, exitCode } from '../failure.ts';
import type { ReconcileFormat } from '../output/reconcile-formats.ts';
import { printReconciled } from '../output/reconcile-printer.ts';
import { connectionFrom, type SignInOptions } from '../sign-in-options.ts';
import { signedIn } from '../signed-in.ts';

export interface ReconcileOptions extends SignInOptions {
  journal?: string;
  output: ReconcileFormat;
}

/** What `usersession runs reconcile` does. */
export const reconcile = (runId: string, options: ReconcileOptions, env: NodeJS.ProcessEnv): Promise<void> =>
  guarded(() => reconciled(runId, options, env));

async function reconciled(runId: string, options: ReconcileOptions, env: NodeJS.ProcessEnv): Promise<void> {
  const calls = await recordedCalls(runId, new Records(env, version), options.journal);
  const tenant = connectionFrom(options, env);
  if (tenant.kind === 'simulated') {
    throw new CommandFailure(
      exitCode.usage,
      'The simulated tenant of --simulated is a new one each time, and its audit log empty. Rehearse this with usersession simulate.',
    );
  }
  const note = (text: string) => void process.stderr.write(`${text}\n`);
  const found = await signedIn(tenant, note, connection =>
    reconcileRun({ calls, connection, clock: systemClock, quotas: new Quotas(), onLog: note }),
  );
  printReconciled(found, options.output);
  const { NotFoundYet, SomebodyElse } = found.counts;
  process.exitCode = NotFoundYet + SomebodyElse > 0 ? exitCode.someFailed : exitCode.done;
}
