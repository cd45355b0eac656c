import type { Command } from 'commander';
import type { WatchOptions } from './acts/watch.ts';
import { declareLookUpOptions } from './look-up-options.ts';
import { positive } from './revoke-options.ts';

/** `usersession watch`. */
export function addWatch(program: Command, env: NodeJS.ProcessEnv): void {
  const command = program
    .command('watch')
    .description('After a revocation: show each new sign-in of users, and say who came back')
    .option('--minutes <number>', 'end after so many minutes (default: at Ctrl+C)', positive)
    .option('--count <number>', 'end after so many sign-ins that came after the revocation', positive);
  declareLookUpOptions(command)
    .addHelpText('after', help)
    .action(async (users: string[], options: WatchOptions) => {
      const { watch } = await import('./acts/watch.ts');
      await watch(users, options, env);
    });
}

const help = `
Nothing is written. It takes AuditLog.Read.All; of a person a role such as Reports Reader, Security Reader or Global Reader,
too. CameBack: succeeded after the revocation. Tried: failed after it. Enforcing: an old session, in the minutes that
enforcement takes. Late: happened before, arrived now.

Examples:
  usersession watch adele@contoso.com --minutes 60
  usersession watch --users-from leavers.csv --output jsonl >> watch.jsonl
  usersession watch adele@contoso.com --count 1 || echo "somebody came back"

Exit codes:
  0 nobody came back    1 wrong use, or nobody named    2 somebody came back, or could not be watched
  3 not signed in    129 hung up    143 terminated`;
