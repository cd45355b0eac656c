import { randomUUID } from 'node:crypto';
import { RequestError } from '../protocol/errors.ts';
import type { UsersFindResult } from '../protocol/messages.ts';
import type { ObjectReference } from '../protocol/reference.ts';

/** As many as a page of Graph: a message of a size that both sides take easily. */
const portionSize = 999;
/** Lists of one run that wait to be fetched; a command fetches one to its end before it asks for another. */
const mostLists = 10;

interface Waiting {
  runId: string;
  rest: ObjectReference[];
  total: number;
}

/** Lists that were found and are handed out portion by portion, as fast as the host asks. */
export class Portions {
  readonly #waiting = new Map<string, Waiting>();

  /** @throws RequestError InvalidRequest when too many lists of this run wait already */
  first(runId: string, references: ObjectReference[], total: number): UsersFindResult {
    const users = references.slice(0, portionSize);
    if (references.length <= portionSize) return { total, users };
    if ([...this.#waiting.values()].filter(list => list.runId === runId).length >= mostLists) {
      const message = `More than ${mostLists} lists of this run are not fetched yet. Fetch them first.`;
      throw new RequestError('InvalidRequest', message);
    }
    const cursor = randomUUID();
    this.#waiting.set(cursor, { runId, rest: references.slice(portionSize), total });
    return { total, users, cursor };
  }

  /** @throws RequestError InvalidParams for a cursor that was never given to this run, or has been used */
  next(runId: string, cursor: string): UsersFindResult {
    const waiting = this.#waiting.get(cursor);
    if (waiting?.runId !== runId)
      throw new RequestError('InvalidParams', 'users/find: this cursor is not known');
    this.#waiting.delete(cursor);
    return this.first(runId, waiting.rest, waiting.total);
  }

  /** A run has ended, and what it did not fetch goes with it. */
  forget(runId: string): void {
    for (const [cursor, waiting] of this.#waiting) if (waiting.runId === runId) this.#waiting.delete(cursor);
  }
}
