import { systemClock } from '../../graph/clock.ts';
import { harmlessJson } from '../../operations/harmless.ts';
import { testAccess } from '../../operations/test-access.ts';
import { guarded } from '../command-failure.ts';
import { exitCode } from '../failure.ts';
import { described } from '../output/access-printer.ts';
import { connectionFrom, type SignInOptions } from '../sign-in-options.ts';
import { signedIn } from '../signed-in.ts';
import { tell } from '../tell.ts';

export interface WhoamiOptions extends SignInOptions {
  output: 'table' | 'json';
}

/** What `usersession whoami` does. */
export const whoami = (options: WhoamiOptions, env: NodeJS.ProcessEnv): Promise<void> =>
  guarded(async () => {
    const report = await signedIn(connectionFrom(options, env), tell, connection =>
      testAccess(connection, systemClock),
    );
    if (options.output === 'json') {
      process.stdout.write(`${harmlessJson(JSON.stringify(report, null, 1))}\n`);
    } else {
      process.stdout.write(described(report, process.stdout.columns || 120));
    }
    process.exitCode = report.ready ? exitCode.done : exitCode.notSignedIn;
  });
