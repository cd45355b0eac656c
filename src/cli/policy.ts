import type { Command } from 'commander';
import { declareLookUpOptions, type LookUpOptions } from './look-up-options.ts';

/** `usersession policy`. */
export function addPolicy(program: Command, env: NodeJS.ProcessEnv): void {
  const command = program
    .command('policy')
    .description('Say what this tenant does to the length of sessions, and what to change');
  declareLookUpOptions(command)
    .addHelpText('after', help)
    .action(async (users: string[], options: LookUpOptions) => {
      const { policy } = await import('./acts/policy.ts');
      await policy(users, options, env);
    });
}

const help = `
Users are named to see whom each policy covers. Nothing is written. It takes Policy.Read.All, and GroupMember.Read.All to
know who is in the groups that policies name; of a person a role such as Security Reader or Global Reader, too.

Examples:
  usersession policy
  usersession policy adele@contoso.com --output json

Exit codes:
  0 done    1 wrong use    2 some lead to no user; with --strict a warning, too    3 not signed in`;
