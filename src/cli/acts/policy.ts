import { showSessionPolicy } from '../../operations/session-policy.ts';
import { lookUp, namedUsers, tellRemarks } from '../look-up.ts';
import type { LookUpOptions } from '../look-up-options.ts';

/** What `usersession policy` does. */
export async function policy(users: string[], options: LookUpOptions, env: NodeJS.ProcessEnv): Promise<void> {
  await lookUp(options, env, async reading => {
    const named = await namedUsers(users, options);
    const found = await showSessionPolicy({ ...(named.length > 0 && { users: named }) }, reading);
    const printing = await import('../output/policy-printer.ts');
    if (options.output === 'table') {
      process.stdout.write(printing.policiesText(found.policies, process.stdout.columns || 120));
    } else {
      const { printList } = await import('../output/machine-list.ts');
      printList(options.output, process.stdout, found.policies, printing.policyColumns);
    }
    return tellRemarks(found, options);
  });
}
