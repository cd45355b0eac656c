import { type Command, Option } from 'commander';
import { Connector } from '../../auth/connect.ts';
import { systemClock } from '../../graph/clock.ts';
import { Quotas } from '../../graph/quotas.ts';
import { Records } from '../../journal/records.ts';
import { recordedCalls } from '../../operations/recorded-calls.ts';
import { reconcileRun } from '../../operations/reconcile-run.ts';
import { version } from '../../version.ts';
import { guarded } from '../command-failure.ts';
import { CommandFailure, exitCode } from '../failure.ts';
import { printReconciled, reconcileFormats, type ReconcileFormat } from '../output/reconcile-printer.ts';
import { personAtTerminal } from '../person.ts';
import { connectionFrom, declareSignInOptions, type SignInOptions } from '../sign-in-options.ts';

interface ReconcileOptions extends SignInOptions {
  journal?: string;
  output: ReconcileFormat;
}

/** `usersession runs reconcile`. */
export function addReconcile(runs: Command, env: NodeJS.ProcessEnv): void {
  const command = runs
    .command('reconcile')
    .description("Look each revocation of a run up in the tenant's audit log")
    .argument('<run>', 'its run id')
    .option('--journal <folder>', 'the folder of the records, instead of the usual one')
    .addOption(
      new Option('--output <format>', 'form of the rows').choices(reconcileFormats).default('table'),
    );
  declareSignInOptions(command)
    .addHelpText('after', help)
    .action((run: string, options: ReconcileOptions) => guarded(() => reconcile(run, options, env)));
}

async function reconcile(runId: string, options: ReconcileOptions, env: NodeJS.ProcessEnv): Promise<void> {
  const calls = await recordedCalls(runId, new Records(env, version), options.journal);
  const tenant = connectionFrom(options, env);
  if (tenant.kind === 'simulated') {
    throw new CommandFailure(
      exitCode.usage,
      'The simulated tenant of --simulated is a new one each time, and its audit log empty. Rehearse this with usersession simulate.',
    );
  }
  const connector = new Connector(systemClock);
  const note = (text: string) => void process.stderr.write(`${text}\n`);
  try {
    const connection = await connector.connect(tenant, async () => null, personAtTerminal(note));
    const quotas = new Quotas();
    const found = await reconcileRun({ calls, connection, clock: systemClock, quotas, onLog: note });
    printReconciled(found, options.output);
    const { NotFoundYet, SomebodyElse } = found.counts;
    process.exitCode = NotFoundYet + SomebodyElse > 0 ? exitCode.someFailed : exitCode.done;
  } finally {
    await connector.close();
  }
}

const help = `
Nothing is written, neither to the tenant nor to the record. It takes the permission AuditLog.Read.All, and of a person a
role such as Reports Reader, Security Reader or Global Reader. The log lags by some minutes, at times by hours: what is
NotFoundYet may be there later.

Exit codes:
  0 all are in the log (external users, and those whom Graph refused, need not be)
  1 wrong use, no such run, another tenant, or a log that can not be read
  2 some are not found yet, or only by somebody else
  3 not signed in, or not allowed to read the log`;
