import { type Command, Option } from 'commander';
import type { WhoamiOptions } from './acts/whoami.ts';
import { declareSignInOptions } from './sign-in-options.ts';

/** `usersession whoami`. */
export function addWhoami(program: Command, env: NodeJS.ProcessEnv): void {
  const command = program
    .command('whoami')
    .description('Say who is signed in, in which tenant, what works, what will not, and how to get it');
  declareSignInOptions(command)
    .addOption(
      new Option('--output <format>', 'form of the answer').choices(['table', 'json']).default('table'),
    )
    .addHelpText(
      'after',
      '\nExit codes:\n  0 ready    1 wrong use    3 not signed in, or something that is needed is missing',
    )
    .action(async (options: WhoamiOptions) => {
      const { whoami } = await import('./acts/whoami.ts');
      await whoami(options, env);
    });
}
