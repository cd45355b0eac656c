import type { RevocationResult } from '../protocol/row.ts';
import type { Subject } from './row.ts';

/** Sees that a user who is named more than once in a run is called once: later references join the first. */
export class OnceEach {
  readonly #byUser = new Map<string, Promise<RevocationResult>>();
  readonly #repeated = new WeakSet<RevocationResult>();

  /** Does `work` for a user who is named for the first time; for anybody else the row of the first, told as that. */
  async take(
    subject: Subject,
    signal: AbortSignal,
    work: () => Promise<RevocationResult>,
  ): Promise<RevocationResult> {
    const key = subject.id ?? subject.reference.toLowerCase();
    for (let earlier = this.#byUser.get(key); earlier; earlier = this.#byUser.get(key)) {
      const row = await earlier;
      // The earlier request alone may have been withdrawn; then this one stands for itself.
      if (row.outcome !== 'Cancelled' || signal.aborted) return this.joined(row, subject);
      if (this.#byUser.get(key) === earlier) this.#byUser.delete(key);
    }
    const first = work();
    this.#byUser.set(key, first);
    return first;
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
