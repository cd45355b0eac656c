import { type Command, Option } from 'commander';
import { type OutputFormat, outputFormats } from './output/row-printer.ts';
import { declareSignInOptions, type SignInOptions } from './sign-in-options.ts';

/** What commands have in common that look at a tenant and change nothing. */
export interface LookUpOptions extends SignInOptions {
  usersFrom?: string;
  strict?: boolean;
  output: OutputFormat;
}

/** Declares it. */
export function declareLookUpOptions(command: Command): Command {
  command
    .argument('[users...]', 'object ids or user principal names')
    .option(
      '--users-from <file>',
      'CSV with headings, JSON, JSON lines, or one user a line; - reads standard input',
    )
    .addOption(new Option('--output <format>', 'form of the rows').choices(outputFormats).default('table'))
    .option('--strict', 'warnings fail the command too, with exit code 2');
  return declareSignInOptions(command);
}
