import { exitCode } from './failure.ts';
import { shownLine } from './shown-line.ts';

/**
 * What becomes of a command when nobody reads what it says (`| head`): it ends without a word, and as it would have. A run
 * sees to its own rows, and goes on to settle what was sent. Node makes these streams when they are first used, which
 * takes a tenth of the start, so they are looked after from then on.
 */
export function endWithReaders(): void {
  onceMade('stderr', stream => stream.on('error', () => {}));
  onceMade('stdout', stream =>
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (stream.listenerCount('error') > 1) return;
      if (error.code === 'EPIPE') process.exit();
      process.stderr.write(`error: Standard output can not be written: ${shownLine(error.message)}\n`);
      process.exit(exitCode.usage);
    }),
  );
}

function onceMade(name: 'stdout' | 'stderr', work: (stream: NodeJS.WriteStream) => void): void {
  const before = Object.getOwnPropertyDescriptor(process, name);
  Object.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    get() {
      Object.defineProperty(process, name, before ?? {});
      const stream = process[name];
      work(stream);
      return stream;
    },
  });
}
