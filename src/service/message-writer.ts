import type { Writable } from 'node:stream';
import type { EngineMessage } from '../protocol/envelope.ts';

/** ConvertFrom-Json of Windows PowerShell 5.1 reads about two million characters at once; a row has less than two thousand. */
const mostInALine = 500;

/**
 * Writes messages as lines. What comes together leaves together: messages of one turn of the event loop, and all that
 * gathers while the other side does not read, travel as one array on one line.
 */
export class MessageWriter {
  readonly #stream: Writable;
  #queue: EngineMessage[] = [];
  #scheduled = false;
  #blocked = false;
  #idle: (() => void)[] = [];

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  send(message: EngineMessage): void {
    this.#queue.push(message);
    this.#schedule();
  }

  /** Resolves when everything has been handed to the operating system. */
  flushed(): Promise<void> {
    if (this.#queue.length === 0 && !this.#blocked) return Promise.resolve();
    return new Promise(resolve => this.#idle.push(resolve));
  }

  #schedule(): void {
    if (this.#scheduled || this.#blocked) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    const portion = this.#queue.splice(0, mostInALine);
    if (portion.length === 0) return;
    const line = JSON.stringify(portion.length === 1 ? portion[0] : portion);
    this.#blocked = true;
    // The callback comes when the bytes are out; until then more gathers.
    this.#stream.write(`${line}\n`, () => {
      this.#blocked = false;
      if (this.#queue.length > 0) this.#schedule();
      else for (const resolve of this.#idle.splice(0)) resolve();
    });
  }
}
