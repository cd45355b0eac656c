/**
 * Graph's clock, learned from `Date` headers: a proof compares Graph's stamp with the moment of sending, and the local
 * clock may be wrong by hours. `Date` is cut to whole seconds and stamped before the answer travels, so every sample is
 * at most the true time; the greatest recent one is nearest to it. "Recent", because a local clock may be set meanwhile.
 */
export class ServerClock {
  readonly #samples: number[] = [];

  /** Takes the `Date` header of an answer that arrived at local time `receivedAt`. */
  observe(date: number, receivedAt: number): void {
    this.#samples.push(date - receivedAt);
    if (this.#samples.length > 32) this.#samples.shift();
  }

  /** Graph's time at a local moment, never later than it really was there; the local time while nothing is known. */
  at(local: number): number {
    return this.#samples.length === 0 ? local : local + Math.max(...this.#samples);
  }
}
