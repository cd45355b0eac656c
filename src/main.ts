import { takeSecrets } from './cli/secret-variables.ts';

/** The executable: `serve` is the engine behind PowerShell, anything else the command line. */
async function main(): Promise<void> {
  // A token goes to nobody whose certificate is not trusted, whatever some other program's trouble was solved with.
  delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  const env = takeSecrets(process.env);
  if (process.argv[2] === 'serve') {
    const { serve } = await import('./service/serve.ts');
    await serve();
    return;
  }
  const { runCommandLine } = await import('./cli/program.ts');
  await runCommandLine(process.argv, env);
}

void main();
