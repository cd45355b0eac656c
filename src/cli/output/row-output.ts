import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Text that has come together is written at the latest when it has so many characters. */
const mostGathered = 64 * 1024;

/** Where rows go: what comes in one turn of the event loop is written at once, since a write costs more than a row. */
export class RowOutput {
  readonly #out: Writable;
  readonly #before: () => void;
  #text = '';
  #scheduled = false;

  /** `before` is called just before anything is written. */
  constructor(out: Writable, before: () => void = () => {}) {
    this.#out = out;
    this.#before = before;
  }

  write(text: string): void {
    this.#text += text;
    if (this.#text.length >= mostGathered) this.flush();
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  /** Writes what has come so far. */
  flush(): void {
    if (this.#text === '') return;
    const text = this.#text;
    this.#text = '';
    this.#before();
    this.#out.write(text);
  }

  /** True while the reader is behind, and everything that is written is kept in memory. */
  get isBehind(): boolean {
    return this.#out.writableNeedDrain;
  }

  /** Resolves when the reader has caught up or is gone, or `stopping` is aborted. */
  async caughtUp(stopping: AbortSignal): Promise<void> {
    if (!this.isBehind) return;
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, stopping]);
    const ends = ['drain', 'close', 'error'].map(event => once(this.#out, event, { signal }));
    await Promise.race(ends.map(end => end.catch(() => {})));
    over.abort();
  }
}
