import type { Command } from 'commander';
import { declareRevokeOptions, type RevokeOptions } from './revoke-options.ts';

/** `usersession revoke`. */
export function addRevoke(program: Command, env: NodeJS.ProcessEnv): void {
  declareRevokeOptions(
    program.command('revoke').description('End every sign-in session of users, and prove it'),
  )
    .addHelpText('after', examples)
    .action(async (users: string[], options: RevokeOptions) => {
      const { revoke } = await import('./acts/revoke.ts');
      await revoke(users, options, env);
    });
}

const examples = `
Examples:
  usersession revoke adele@contoso.com
  usersession revoke --users-from leavers.csv --output csv > done.csv
  usersession revoke --filter "department eq 'Sales'" --what-if
  usersession revoke --group Leavers --transitive --exclude-group "Break Glass"
  usersession revoke --users-from leavers.csv --simulated
  usersession revoke --group Leavers --force --job leavers --log leavers.jsonl

Exit codes:
  0 done    1 wrong use, or nobody named    2 some users failed    3 not signed in
  4 stopped half-way, or more users than allowed    5 the same job is still running
  129 hung up    130 interrupted    143 terminated`;
