import { type Command, Option } from 'commander';
import type { Records } from '../journal/records.ts';
import { latestUnfinished } from '../operations/recorded-runs.ts';
import { CommandFailure, exitCode } from './failure.ts';
import type { Narrator } from './narrator.ts';
import { outputFormats } from './output/row-printer.ts';
import { positive, seconds } from './revoke-options.ts';
import { declareRunOptions, everybody } from './run-options.ts';
import { runCommand, type RunCommandOptions } from './run-command.ts';

interface ResumeOptions extends RunCommandOptions {
  all?: boolean;
  maxUsers?: number;
  force?: boolean;
  verificationTime?: number;
}

/** `usersession resume`. */
export function addResume(program: Command, env: NodeJS.ProcessEnv): void {
  const command = program
    .command('resume')
    .description('Finish a run that was killed, stopped, throttled out or partly failed')
    .argument('[run]', 'its run id; without one the latest that is not finished')
    .option('--all', 'give back the rows of everybody, not only of those who were left')
    .option('--max-users <number>', 'more than this need a yes (default: as the run began)', positive)
    .option('--force', 'revoke any number of users without asking')
    .option('--what-if', 'say who is left, and send nothing')
    .addOption(new Option('--output <format>', 'form of the rows').choices(outputFormats).default('table'))
    .option(
      '--verification-time <seconds>',
      'how long to wait for the proof of one user (default: as the run began)',
      seconds,
    )
    .option('--strict', 'warnings (NoEffect, Unverified) fail the command too, with exit code 2');
  declareRunOptions(command)
    .addHelpText('after', help)
    .action((run: string | undefined, options: ResumeOptions) => resume(run, options, env));
}

async function resume(
  runId: string | undefined,
  options: ResumeOptions,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { verificationTime, whatIf, force, maxUsers, all } = options;
  if (options.journal === false) {
    throw new CommandFailure(
      exitCode.usage,
      'What is resumed is in a record: --no-journal does not go with it.',
    );
  }
  const folder = typeof options.journal === 'string' ? options.journal : undefined;
  await runCommand(
    options,
    env,
    async (records, narrator) => ({
      resume: runId ?? (await latest(records, folder, narrator)),
      options: { verificationTime, whatIf, maxUsers: force || whatIf ? everybody : maxUsers },
    }),
    async (run, narrator) => {
      const { references, users } = await run.findRecorded(all ?? false);
      if (users === 0) narrator.note(`Nothing is left to do in the run ${run.runId}.`);
      return { input: [references], users };
    },
  );
}

async function latest(records: Records, folder: string | undefined, narrator: Narrator): Promise<string> {
  const found = await latestUnfinished(records, folder, message => narrator.warning(message));
  if (!found) {
    throw new CommandFailure(
      exitCode.usage,
      `No run on record is left to be finished (${records.files(folder).folder}).`,
    );
  }
  return found.runId;
}

const help = `
The tenant is read first: whoever shows the revocation of an earlier session is not called again. To resume a run that
is finished does nothing. It is refused in another tenant, and while another process has the run in hand.

Exit codes: as of revoke.`;
