import { type Command, Option } from 'commander';
import type { ReconcileOptions } from '../acts/reconcile.ts';
import { reconcileFormats } from '../output/reconcile-formats.ts';
import { declareSignInOptions } from '../sign-in-options.ts';

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
    .action(async (run: string, options: ReconcileOptions) => {
      const { reconcile } = await import('../acts/reconcile.ts');
      await reconcile(run, options, env);
    });
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
