import type { Command } from 'commander';
import { showSessionPolicy } from '../operations/session-policy.ts';
import { declareLookUpOptions, lookUp, type LookUpOptions, namedUsers, tellRemarks } from './look-up.ts';

/** `usersession policy`. */
export function addPolicy(program: Command, env: NodeJS.ProcessEnv): void {
  const command = program
    .command('policy')
    .description('Say what this tenant does to the length of sessions, and what to change');
  declareLookUpOptions(command)
    .addHelpText('after', help)
    .action((users: string[], options: LookUpOptions) => policy(users, options, env));
}

async function policy(users: string[], options: LookUpOptions, env: NodeJS.ProcessEnv): Promise<void> {
  await lookUp(options, env, async reading => {
    const named = await namedUsers(users, options);
    const found = await showSessionPolicy({ ...(named.length > 0 && { users: named }) }, reading);
    const printing = await import('./output/policy-printer.ts');
    if (options.output === 'table') {
      process.stdout.write(printing.policiesText(found.policies, process.stdout.columns || 120));
    } else {
      const { printList } = await import('./output/machine-list.ts');
      printList(options.output, process.stdout, found.policies, printing.policyColumns);
    }
    return tellRemarks(found, options);
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
