import type { MessageId } from '../protocol/envelope.ts';
import { RequestError } from '../protocol/errors.ts';

/** Four times the window of a command of the module. */
const mostRequests = 20_000;
/** Characters of the lines they came in; a reference has a few hundred. */
const mostCharacters = 64 * 1024 * 1024;

/** Requests that are being worked on, within bounds that no honest host meets. */
export class OpenRequests {
  readonly #open = new Map<MessageId, { abort: AbortController; length: number }>();
  #characters = 0;

  /**
   * Takes one that came in `length` characters; its signal tells that the host withdraws it.
   * @throws RequestError InvalidRequest when the id is in use, or too much is open
   */
  take(id: MessageId, length: number): AbortSignal {
    if (this.#open.has(id)) throw new RequestError('InvalidRequest', `The id ${id} is in use.`);
    if (this.#open.size >= mostRequests || this.#characters + length > mostCharacters) {
      const message = `Too much is open: at most ${mostRequests} requests at a time. Read replies first.`;
      throw new RequestError('InvalidRequest', message);
    }
    const abort = new AbortController();
    this.#open.set(id, { abort, length });
    this.#characters += length;
    return abort.signal;
  }

  /** It is answered. */
  release(id: MessageId): void {
    this.#characters -= this.#open.get(id)?.length ?? 0;
    this.#open.delete(id);
  }

  /** The host withdraws it. */
  abort(id: MessageId): void {
    this.#open.get(id)?.abort.abort();
  }
}
