import { type Command, InvalidArgumentError } from 'commander';
import type { SimulateOptions } from './acts/simulate.ts';

/** `usersession simulate`. */
export function addSimulate(program: Command): void {
  program
    .command('simulate')
    .description('Serve the simulated tenant on loopback until Ctrl+C, to rehearse and to test against')
    .option('--port <number>', 'port to listen on; 0 is one that is free', whole, 0)
    .option('--users <number>', 'how many people it has', whole)
    .option('--seed <number>', 'another seed makes another tenant; the same seed always the same one', whole)
    .option('--tls', 'https instead of http, which client libraries want for signing in')
    .option('--ca-file <path>', 'write the certificate that clients have to trust there (with --tls)')
    .option('--token-lifetime <seconds>', 'how long tokens of its login endpoint live', whole)
    .option('--json', 'print addresses, apps and tokens as one line of JSON')
    .action(async (options: SimulateOptions) => {
      const { simulate } = await import('./acts/simulate.ts');
      await simulate(options);
    });
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It takes a whole number.');
  return Number(text);
}
