/** The executable: `serve` is the engine behind PowerShell, anything else the command line. */
async function main(): Promise<void> {
  if (process.argv[2] === 'serve') {
    const { serve } = await import('./service/serve.ts');
    serve();
    return;
  }
  const { runCommandLine } = await import('./cli/program.ts');
  await runCommandLine(process.argv);
}

void main();
