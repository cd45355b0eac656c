import { type Command, InvalidArgumentError } from 'commander';
import type { SessionsOptions } from './acts/sessions.ts';
import { declareLookUpOptions } from './look-up-options.ts';

/** `usersession sessions`. */
export function addSessions(program: Command, env: NodeJS.ProcessEnv): void {
  const command = program
    .command('sessions')
    .description('Say where users are signed in, and until when that lasts if they are revoked')
    .option('--hours <number>', 'how far back the sign-in logs are read, 1 to 720 (default: 24)', hours);
  declareLookUpOptions(command)
    .addHelpText('after', help)
    .action(async (users: string[], options: SessionsOptions) => {
      const { sessions } = await import('./acts/sessions.ts');
      await sessions(users, options, env);
    });
}

function hours(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > 720)
    throw new InvalidArgumentError('It takes a whole number from 1 to 720.');
  return number;
}

const help = `
Nothing is written. It takes AuditLog.Read.All and, for policies, Policy.Read.All; of a person a role such as Reports
Reader, Security Reader or Global Reader, too. The logs need Entra ID P1 or P2. What can not be read is a warning, and the
estimate falls back to the longest that the rules allow. docs/immediately.md says what the columns mean.

Examples:
  usersession sessions adele@contoso.com
  usersession sessions --users-from leavers.csv --hours 168 --output csv > sessions.csv
  usersession sessions adele@contoso.com --output json

Exit codes:
  0 done    1 wrong use, or nobody named    2 some lead to no user; with --strict a warning, too    3 not signed in`;
