import type { RevocationRun } from '../operations/revoke-sessions.ts';
import { tenantLabel } from '../operations/row.ts';
import type { UserDescribeResult } from '../protocol/messages.ts';
import type { TenantInfo } from '../protocol/tenant.ts';
import type { Input } from './carry-out.ts';
import { CommandFailure, exitCode } from './failure.ts';
import type { Narrator } from './narrator.ts';
import { whatIfPrinter } from './output/what-if-printer.ts';
import type { RunCommandOptions } from './run-command.ts';

/** Says who would be revoked, and sends nothing. Resolves with the exit code. */
export async function whatIf(
  run: RevocationRun,
  input: Input,
  tenant: TenantInfo,
  options: RunCommandOptions,
  narrator: Narrator,
): Promise<number> {
  const printer = whatIfPrinter(
    options.output,
    process.stdout,
    tenantLabel({ ...tenant, tenantName: tenant.name }),
  );
  let unread = false;
  process.stdout.on('error', () => (unread = true));
  let users = 0;
  let ahead: Promise<UserDescribeResult>[] = [];
  const print = async () => {
    for (const described of await Promise.all(ahead)) {
      printer.row(described);
      narrator.whatIf(described);
    }
    users += ahead.length;
    ahead = [];
  };
  // In the order of the input, but looked up together: a batch of Graph holds twenty.
  for await (const references of input) {
    for (const reference of references) {
      ahead.push(run.describe(reference));
      if (ahead.length >= 200) await print();
      if (unread) throw new CommandFailure(exitCode.stopped, 'Nobody reads the rows any more.');
    }
  }
  await print();
  printer.end();
  narrator.summary(users === 0 ? 'No users were handed in.' : `What if: ${users} named, nothing was sent.`);
  return users === 0 ? exitCode.usage : exitCode.done;
}
