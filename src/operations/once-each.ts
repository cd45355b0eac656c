import type { RevocationResult } from '../protocol/row.ts';
import type { Subject } from './row.ts';
import { SettledUsers } from './settled-users.ts';

/** Sees that a user who is named more than once in a run is called once: later references join the first. */
export class OnceEach {
  /** Users who are not settled yet. */
  readonly #open = new Map<string, Promise<RevocationResult>>();
  readonly #settled = new SettledUsers();
  readonly #repeated = new WeakSet<RevocationResult>();

  /** Does `work` for a user who is named for the first time; for anybody else the row of the first, told as that. */
  take(
    subject: Subject,
    signal: AbortSignal,
    work: () => RevocationResult | Promise<RevocationResult>,
  ): Promise<RevocationResult> {
    const key = subject.id ?? subject.reference.toLowerCase();
    if (this.#open.has(key) || this.#settled.has(key)) return this.#again(key, subject, signal, work);
    return this.#first(key, work);
  }

  #first(key: string, work: () => RevocationResult | Promise<RevocationResult>): Promise<RevocationResult> {
    const first = Promise.resolve(work()).then(row => {
      this.#settled.set(key, row);
      this.#open.delete(key);
      return row;
    });
    this.#open.set(key, first);
    return first;
  }

  async #again(
    key: string,
    subject: Subject,
    signal: AbortSignal,
    work: () => RevocationResult | Promise<RevocationResult>,
  ): Promise<RevocationResult> {
    const standsFor = (row: RevocationResult) => row.outcome !== 'Cancelled' || signal.aborted;
    for (let earlier = this.#open.get(key); earlier; earlier = this.#open.get(key)) {
      const row = await earlier;
      // The earlier request alone may have been withdrawn; then this one stands for itself.
      if (standsFor(row)) return this.joined(row, subject);
    }
    const settled = this.#settled.get(key);
    if (settled && standsFor(settled)) return this.joined(settled, subject);
    return this.#first(key, work);
  }

  /** True for the row of somebody who was named again. */
  isRepeated(row: RevocationResult): boolean {
    return this.#repeated.has(row);
  }

  /** The row of somebody who was called already, for another reference to them. */
  joined(row: RevocationResult, subject: Subject): RevocationResult {
    const detail = ['Named more than once in this run; revoked once.', row.detail].filter(Boolean).join(' ');
    const again = { ...row, reference: subject.reference, attempts: 0, detail };
    this.#repeated.add(again);
    return again;
  }
}
