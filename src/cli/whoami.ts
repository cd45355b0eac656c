import { type Command, Option } from 'commander';
import { Connector } from '../auth/connect.ts';
import { systemClock } from '../graph/clock.ts';
import { harmlessJson } from '../operations/harmless.ts';
import { testAccess } from '../operations/test-access.ts';
import { commandFailure } from './command-failure.ts';
import { exitCode } from './failure.ts';
import { personAtTerminal } from './person.ts';
import { shownLine } from './shown-line.ts';
import { connectionFrom, declareSignInOptions, type SignInOptions } from './sign-in-options.ts';

interface WhoamiOptions extends SignInOptions {
  output: 'table' | 'json';
}

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
    .action((options: WhoamiOptions) => whoami(options, env));
}

async function whoami(options: WhoamiOptions, env: NodeJS.ProcessEnv): Promise<void> {
  const connector = new Connector(systemClock);
  try {
    const connection = await connector.connect(
      connectionFrom(options, env),
      async () => null,
      personAtTerminal(text => process.stderr.write(`${shownLine(text)}\n`)),
    );
    const report = await testAccess(connection, systemClock);
    if (options.output === 'json') {
      process.stdout.write(`${harmlessJson(JSON.stringify(report, null, 1))}\n`);
    } else {
      const { described } = await import('./output/access-printer.ts');
      process.stdout.write(described(report, process.stdout.columns || 120));
    }
    process.exitCode = report.ready ? exitCode.done : exitCode.notSignedIn;
  } catch (error) {
    throw commandFailure(error);
  } finally {
    await connector.close();
  }
}
