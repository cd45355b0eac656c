import { randomUUID } from 'node:crypto';
import { RequestError } from '../protocol/errors.ts';

/** As many as a page of Graph: a message of a size that both sides take easily. */
const usualSize = 999;
/** Lists of one run that wait to be fetched; a command fetches one to its end before it asks for another. */
const mostLists = 10;

/** A part of a list, what is said with each part, and where the next one is to be had. */
export interface Portion<Item, Head> {
  head: Head;
  items: Item[];
  /** Absent with the last part. */
  cursor?: string;
}

interface Waiting<Item, Head> {
  runId: string;
  rest: Item[];
  head: Head;
}

/** Lists that are handed out portion by portion, as fast as the host asks. */
export class Portions<Item, Head> {
  readonly #waiting = new Map<string, Waiting<Item, Head>>();
  readonly #size: number;

  constructor(size: number = usualSize) {
    this.#size = size;
  }

  /** @throws RequestError InvalidRequest when too many lists of this run wait already */
  first(runId: string, list: Item[], head: Head): Portion<Item, Head> {
    const items = list.slice(0, this.#size);
    if (list.length <= this.#size) return { head, items };
    if ([...this.#waiting.values()].filter(other => other.runId === runId).length >= mostLists) {
      const message = `More than ${mostLists} lists of this run are not fetched yet. Fetch them first.`;
      throw new RequestError('InvalidRequest', message);
    }
    const cursor = randomUUID();
    this.#waiting.set(cursor, { runId, rest: list.slice(this.#size), head });
    return { head, items, cursor };
  }

  /** @throws RequestError InvalidParams for a cursor that was never given to this run, or has been used */
  next(runId: string, cursor: string): Portion<Item, Head> {
    const waiting = this.#waiting.get(cursor);
    if (waiting?.runId !== runId) throw new RequestError('InvalidParams', 'this cursor is not known');
    this.#waiting.delete(cursor);
    return this.first(runId, waiting.rest, waiting.head);
  }

  /** A run has ended, and what it did not fetch goes with it. */
  forget(runId: string): void {
    for (const [cursor, waiting] of this.#waiting) if (waiting.runId === runId) this.#waiting.delete(cursor);
  }
}
