import { randomUUID } from 'node:crypto';
import { RequestError } from '../protocol/errors.ts';
import type { UsersFindResult } from '../protocol/messages.ts';
import type { ObjectReference } from '../protocol/reference.ts';

/** As many as a page of Graph: a message of a size that both sides take easily. */
const portionSize = 999;

/** Lists that were found and are handed out portion by portion, as fast as the host asks. */
export class Portions {
  readonly #waiting = new Map<string, { rest: ObjectReference[]; total: number }>();

  first(references: ObjectReference[], total: number): UsersFindResult {
    const users = references.slice(0, portionSize);
    if (references.length <= portionSize) return { total, users };
    const cursor = randomUUID();
    this.#waiting.set(cursor, { rest: references.slice(portionSize), total });
    return { total, users, cursor };
  }

  /** @throws RequestError InvalidParams for a cursor that was never given, or has been used */
  next(cursor: string): UsersFindResult {
    const waiting = this.#waiting.get(cursor);
    if (!waiting) throw new RequestError('InvalidParams', 'users/find: this cursor is not known');
    this.#waiting.delete(cursor);
    return this.first(waiting.rest, waiting.total);
  }
}
