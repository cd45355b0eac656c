import type { Quota } from './quota.ts';

/** How much of a quota refusals may cost: what is full does not get fuller for ever. */
const longestDebt = 0.1;

/** A rate that was learned goes from nothing back to the published one in this time. */
const recoveryMs = 300_000;

/** What was given in a shorter time tells little: it may have been a burst, or the twenty of a batch. */
const tellingMs = 10_000;

/** What a quota is thought to have left: it refills evenly, at the published rate or at one that was learned. */
export class Bucket {
  readonly #limit: number;
  readonly #published: number;
  /** Requests a millisecond. */
  #rate: number;
  #level: number;
  #at: number;

  constructor(quota: Quota, now: number) {
    this.#limit = quota.limit;
    this.#published = quota.limit / (quota.windowSeconds * 1000);
    this.#rate = this.#published;
    this.#level = quota.limit;
    this.#at = now;
  }

  get level(): number {
    return this.#level;
  }

  /** Requests a millisecond. */
  get rate(): number {
    return this.#rate;
  }

  /** Lets pass the time until `now`; while the tenant refuses nothing, the rate recovers. */
  refill(now: number, recovering: boolean): void {
    // A clock that was set back must not take quota away.
    const passed = Math.max(0, now - this.#at);
    this.#at = now;
    this.add(passed * this.#rate);
    if (!recovering) return;
    this.#rate = Math.min(this.#published, this.#rate + (this.#published * passed) / recoveryMs);
  }

  add(count: number): void {
    this.#level = Math.min(this.#limit, this.#level + count);
  }

  take(count: number): void {
    this.#level -= count;
  }

  /** At most `share` of the quota is left. */
  cap(share: number): void {
    this.#level = Math.min(this.#level, Math.max(0, Math.round(share * this.#limit)));
  }

  /** One was refused, which counts, too; it is a debt where there was nothing left. */
  owe(): void {
    this.#level = Math.max(this.#level - 1, -longestDebt * this.#limit);
  }

  /** The tenant is full again after it gave so many in so many milliseconds; `paced` when no trial filled it. */
  learn(given: number, passedMs: number, paced: boolean): void {
    const rate = given / Math.max(1, passedMs);
    if (passedMs >= tellingMs) this.#rate = Math.max(rate, 0.35 * this.#rate);
    else if (paced) this.#rate = Math.min(this.#rate, Math.max(rate, 0.7 * this.#rate));
    this.#rate = Math.min(this.#published, this.#rate);
  }
}
