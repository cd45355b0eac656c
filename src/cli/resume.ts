import { type Command, Option } from 'commander';
import type { ResumeOptions } from './acts/resume.ts';
import { outputFormats } from './output/row-printer.ts';
import { positive, seconds } from './revoke-options.ts';
import { declareRunOptions } from './run-options.ts';

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
    .action(async (run: string | undefined, options: ResumeOptions) => {
      const { resume } = await import('./acts/resume.ts');
      await resume(run, options, env);
    });
}

const help = `
The tenant is read first: whoever shows the revocation of an earlier session is not called again. To resume a run that
is finished does nothing. It is refused in another tenant, and while another process has the run in hand.

Exit codes: as of revoke.`;
