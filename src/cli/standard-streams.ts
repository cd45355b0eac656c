import { exitCode } from './failure.ts';
import { shownLine } from './shown-line.ts';

/**
 * What becomes of a command when nobody reads what it says (`| head`): it ends without a word, and as it would have. A run
 * sees to its own rows, and goes on to settle what was sent.
 */
export function endWithReaders(): void {
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (process.stdout.listenerCount('error') > 1) return;
    if (error.code === 'EPIPE') process.exit();
    process.stderr.write(`error: Standard output can not be written: ${shownLine(error.message)}\n`);
    process.exit(exitCode.usage);
  });
}
