import { type Command, InvalidArgumentError } from 'commander';
import { declareSignInOptions } from './sign-in-options.ts';

/** So many users are never reached: the word for no limit where a run has one of its own. */
export const everybody = 2 ** 31 - 1;

/** Declares what every command that makes a run understands. */
export function declareRunOptions(command: Command): Command {
  command
    .optionsGroup('Record and schedule:')
    .option('--reason <text>', 'why it is done, as a ticket or an incident; it stands in the record')
    .option('--journal <folder>', 'keep the record in this folder')
    .option('--no-journal', 'keep no record')
    .option('--log <file>', 'append what happens to a file, one JSON object a line')
    .option(
      '--job <name>',
      'do nothing, with exit code 5, while a command with the same name is running',
      jobName,
    );
  return declareSignInOptions(command);
}

/** Reads the name of a job. */
function jobName(text: string): string {
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(text)) {
    throw new InvalidArgumentError(
      'A job is named with up to 64 letters, digits, dashes, underscores and dots.',
    );
  }
  return text;
}
