import type { Writable } from 'node:stream';
import type { EngineMessage } from '../protocol/envelope.ts';

/** ConvertFrom-Json of Windows PowerShell 5.1 reads about two million characters at once; a row has less than two thousand. */
const mostInALine = 500;
const longestLine = 1_500_000;

interface Queued {
  text: string;
  /** A later one with the same key takes its place: of what only tells how far a run is, nobody needs the past. */
  key: string | null;
}

/**
 * Writes messages as lines. What comes together leaves together: messages of one turn of the event loop, and all that
 * gathers while the other side does not read, travel as one array on one line.
 */
export class MessageWriter {
  readonly #stream: Writable;
  #queue: Queued[] = [];
  #length = 0;
  #scheduled = false;
  #blocked = false;
  #idle: (() => void)[] = [];

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  send(message: EngineMessage): void {
    const text = JSON.stringify(message);
    const key = 'method' in message && message.method === 'run/progress' ? message.params.runId : null;
    // Only while nobody reads is there more than a handful to look through.
    const outdated = key === null ? -1 : this.#queue.findLastIndex(queued => queued.key === key);
    if (outdated >= 0) this.#length -= this.#queue.splice(outdated, 1)[0]?.text.length ?? 0;
    this.#queue.push({ text, key });
    this.#length += text.length;
    this.#schedule();
  }

  /** Characters that the other side has not read yet, without what is on its way. */
  get waiting(): number {
    return this.#length;
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
    const portion = this.#portion();
    if (portion.length === 0) return;
    const line = portion.length === 1 ? portion[0] : `[${portion.join(',')}]`;
    this.#blocked = true;
    // The callback comes when the bytes are out; until then more gathers.
    this.#stream.write(`${line}\n`, () => {
      this.#blocked = false;
      if (this.#queue.length > 0) this.#schedule();
      else for (const resolve of this.#idle.splice(0)) resolve();
    });
  }

  #portion(): string[] {
    let count = 0;
    let length = 0;
    for (const { text } of this.#queue.slice(0, mostInALine)) {
      if (count > 0 && length + text.length > longestLine) break;
      count += 1;
      length += text.length;
    }
    this.#length -= length;
    return this.#queue.splice(0, count).map(queued => queued.text);
  }
}
