import { Command } from 'commander';
import { version } from '../version.ts';
import { writeNow } from '../write-now.ts';
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

const commands = {
  revoke: addRevoke,
  resume: addResume,
  runs: addRuns,
  sessions: addSessions,
  policy: addPolicy,
  watch: addWatch,
  whoami: addWhoami,
  simulate: addSimulate,
};

/**
 * What has to be declared, which takes its time: the command that is named, and for help and for what is no command all
 * of them.
 */
function asked([, , first, second]: readonly string[]): (typeof commands)[keyof typeof commands][] {
  if (first === '--version' || first === '-V') return [];
  const name = first === 'help' ? second : first;
  if (name !== undefined && Object.hasOwn(commands, name)) return [commands[name as keyof typeof commands]];
  return Object.values(commands);
}

/** Runs one command line, `env` being what it was started with; the exit code is left in `process.exitCode`. */
export async function runCommandLine(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  endWithReaders();
  const program = new Command('usersession')
    .description('Signs people out of Microsoft 365, each with a proven outcome')
    .version(version)
    .configureOutput({
      writeOut: text => writeNow(text, rest => void process.stdout.write(rest)),
      // In one line, so that the last line says what is wrong.
      outputError: (text, write) =>
        write(`${shownLine(text.trim().replaceAll('\n', ' '))} (usersession --help shows what there is)\n`),
    });
  for (const add of asked(argv)) add(program, env);
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
