import type { EngineMessage, Failure, MessageId, Success } from '../protocol/envelope.ts';
import type { EngineRequests } from '../protocol/messages.ts';

/** Who waits for which reply of the host. A request has no time limit: the host answers while one of its commands runs. */
export class HostRequests {
  readonly #send: (message: EngineMessage) => void;
  readonly #waiting = new Map<MessageId, (reply: Success | Failure | null) => void>();
  #lastId = 0;

  constructor(send: (message: EngineMessage) => void) {
    this.#send = send;
  }

  /** Asks the host; null when it is gone. */
  ask<M extends keyof EngineRequests>(
    method: M,
    params: EngineRequests[M]['params'],
  ): Promise<Success | Failure | null> {
    this.#lastId += 1;
    const id = `e${this.#lastId}`;
    return new Promise(resolve => {
      this.#waiting.set(id, resolve);
      this.#send({ jsonrpc: '2.0', id, method, params } as EngineMessage);
    });
  }

  /** Takes a reply of the host; one that nobody waits for is dropped. */
  settle(reply: Success | Failure): void {
    if (reply.id === null) return;
    const resolve = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    resolve?.(reply);
  }

  /** The host is gone: nobody will answer. */
  close(): void {
    for (const resolve of this.#waiting.values()) resolve(null);
    this.#waiting.clear();
  }
}
