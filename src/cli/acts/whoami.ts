import { Connector } from '../../auth/connect.ts';
import { systemClock } from '../../graph/clock.ts';
import { harmlessJson } from '../../operations/harmless.ts';
import { testAccess } from '../../operations/test-access.ts';
import { commandFailure } from '../command-failure.ts';
import { exitCode } from '../failure.ts';
import { described } from '../output/access-printer.ts';
import { personAtTerminal } from '../person.ts';
import { shownLine } from '../shown-line.ts';
import { connectionFrom, type SignInOptions } from '../sign-in-options.ts';

export interface WhoamiOptions extends SignInOptions {
  output: 'table' | 'json';
}

/** What `usersession whoami` does. */
export async function whoami(options: WhoamiOptions, env: NodeJS.ProcessEnv): Promise<void> {
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
      process.stdout.write(described(report, process.stdout.columns || 120));
    }
    process.exitCode = report.ready ? exitCode.done : exitCode.notSignedIn;
  } catch (error) {
    throw commandFailure(error);
  } finally {
    await connector.close();
  }
}
