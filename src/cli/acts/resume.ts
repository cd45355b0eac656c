import type { Records } from '../../journal/records.ts';
import { latestUnfinished } from '../../operations/recorded-runs.ts';
import { CommandFailure, exitCode } from '../failure.ts';
import type { Narrator } from '../narrator.ts';
import { runCommand, type RunCommandOptions } from '../run-command.ts';
import { everybody } from '../run-options.ts';

export interface ResumeOptions extends RunCommandOptions {
  all?: boolean;
  maxUsers?: number;
  force?: boolean;
  verificationTime?: number;
}

/** What `usersession resume` does. */
export async function resume(
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
