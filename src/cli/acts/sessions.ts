import { listSessions } from '../../operations/list-sessions.ts';
import { lookUp, someUsers, tellRemarks } from '../look-up.ts';
import type { LookUpOptions } from '../look-up-options.ts';

export interface SessionsOptions extends LookUpOptions {
  hours?: number;
}

/** What `usersession sessions` does. */
export async function sessions(
  users: string[],
  options: SessionsOptions,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await lookUp(options, env, async reading => {
    const named = await someUsers(users, options);
    const found = await listSessions({ users: named, hours: options.hours }, reading);
    const printing = await import('../output/session-printer.ts');
    if (options.output === 'table') {
      const width = process.stdout.columns || 120;
      process.stdout.write(printing.sessionsText(found.sessions, width, new Date()));
    } else {
      const { printList } = await import('../output/machine-list.ts');
      printList(options.output, process.stdout, found.sessions, printing.sessionColumns);
    }
    return tellRemarks(found, options);
  });
}
