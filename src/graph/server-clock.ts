/**
 * Graph's clock, learned from `Date` headers: a proof compares Graph's stamp with the moment of sending, and the local
 * clock may be wrong by hours. The median of the recent samples: one front end whose clock is wrong must not decide, and
 * the local clock may be set meanwhile. `Date` is cut to whole seconds and stamped before the answer travels, so a sample
 * lies up to about a second before the true time, on the safe side for a proof's tolerance.
 */
export class ServerClock {
  readonly #samples: number[] = [];
  #ahead: number | null = null;

  /** Takes the `Date` header of an answer that arrived at local time `receivedAt`. */
  observe(date: number, receivedAt: number): void {
    this.#samples.push(date - receivedAt);
    if (this.#samples.length > 32) this.#samples.shift();
    // Asked for several times a user, and learned once a request.
    this.#ahead = this.#samples.toSorted((a, b) => a - b)[this.#samples.length >> 1] ?? null;
  }

  /** Graph's time at a local moment; the local time while nothing is known. */
  at(local: number): number {
    return local + (this.ahead ?? 0);
  }

  /** How far Graph's clock is ahead of the local one, in milliseconds; null while nothing is known. */
  get ahead(): number | null {
    return this.#ahead;
  }
}
