import { writeSync } from 'node:fs';

/**
 * Writes to standard output without the stream that Node makes of it when it is first used, which takes a tenth of the
 * start. What does not go at once, because nobody reads, is left to `later`, which uses that stream. ASCII only: a console
 * of Windows takes more of a stream alone.
 */
export function writeNow(text: string, later: (rest: string) => void): void {
  let written = 0;
  try {
    while (written < text.length) written += writeSync(1, text.slice(written));
  } catch {
    later(text.slice(written));
  }
}
