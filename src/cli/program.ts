import { Command } from 'commander';
import { version } from '../version.ts';
import { CommandFailure } from './failure.ts';
import { addPolicy } from './policy.ts';
import { addResume } from './resume.ts';
import { addRevoke } from './revoke.ts';
import { addRuns } from './runs.ts';
import { addSessions } from './sessions.ts';
import { addSimulate } from './simulate.ts';
import { shownLine } from './shown-line.ts';
import { endWithReaders } from './standard-streams.ts';
import { addWatch } from './watch.ts';
import { addWhoami } from './whoami.ts';

/** Runs one command line, `env` being what it was started with; the exit code is left in `process.exitCode`. */
export async function runCommandLine(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  endWithReaders();
  const program = new Command('usersession')
    .description('Signs people out of Microsoft 365, each with a proven outcome')
    .version(version)
    .configureOutput({
      // In one line, so that the last line says what is wrong.
      outputError: (text, write) =>
        write(`${shownLine(text.trim().replaceAll('\n', ' '))} (usersession --help shows what there is)\n`),
    });
  addRevoke(program, env);
  addResume(program, env);
  addRuns(program, env);
  addSessions(program, env);
  addPolicy(program, env);
  addWatch(program, env);
  addWhoami(program, env);
  addSimulate(program);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    const known = error instanceof CommandFailure;
    const stack = error instanceof Error && !known ? (error.stack ?? '').split('\n') : [];
    for (const line of stack) process.stderr.write(`${shownLine(line)}\n`);
    process.stderr.write(`error: ${shownLine(error instanceof Error ? error.message : String(error))}\n`);
    process.exitCode = known ? error.exitCode : 1;
  }
}
