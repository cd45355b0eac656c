import { randomUUID } from 'node:crypto';
import { RequestError } from '../protocol/errors.ts';

/** As many as a page of Graph: a message of a size that both sides take easily. */
const portionSize = 999;

/** A part of a list, what is said with each part, and where the next one is to be had. */
export interface Portion<Item, Head> {
  head: Head;
  items: Item[];
  /** Absent with the last part. */
  cursor?: string;
}

/** Lists that are handed out portion by portion, as fast as the host asks. */
export class Portions<Item, Head> {
  readonly #waiting = new Map<string, { rest: Item[]; head: Head }>();

  first(list: Item[], head: Head): Portion<Item, Head> {
    const items = list.slice(0, portionSize);
    if (list.length <= portionSize) return { head, items };
    const cursor = randomUUID();
    this.#waiting.set(cursor, { rest: list.slice(portionSize), head });
    return { head, items, cursor };
  }

  /** @throws RequestError InvalidParams for a cursor that was never given, or has been used */
  next(cursor: string): Portion<Item, Head> {
    const waiting = this.#waiting.get(cursor);
    if (!waiting) throw new RequestError('InvalidParams', 'this cursor is not known');
    this.#waiting.delete(cursor);
    return this.first(waiting.rest, waiting.head);
  }
}
