import type { Answer } from './answer.ts';
import { waitAsked } from './answer.ts';

/** A quota: so many in so many seconds. */
export interface Quota {
  limit: number;
  windowSeconds: number;
}

/** Writes of one app in one tenant (graph-facts section 3: Microsoft, "Throttling limits", identity and access). */
export const writeQuota: Quota = { limit: 3000, windowSeconds: 150 };

/**
 * Reads: the published quota in resource units of a tenant of 50 to 500 users is 5,000 per 10 s (smaller ones have less,
 * and need less); what we read costs one unit. A part is left to the writes, which cost a unit each, and to others.
 */
export const readQuota: Quota = { limit: 4000, windowSeconds: 10 };

/**
 * Reads of the audit log: 5 per 10 s for an app in a tenant. Evenly, since a burst of five and what refills meanwhile would
 * come to ten in the first ten seconds; a little slower, since the network may push two requests together.
 */
export const auditQuota: Quota = { limit: 1, windowSeconds: 2.1 };

/** How much of a quota refusals may cost: what is full does not get fuller for ever. */
const longestDebt = 0.1;

/**
 * The model of one quota: a bucket that refills evenly and may be emptied at once. It is a model only. What the tenant
 * answers overrules it: a 429 empties the bucket and stops everything until `Retry-After`, and the percentage header
 * takes out what others have used. The bucket goes on filling while it waits, so that a tenant that counts in windows
 * gets its next window's worth at once; but a refused request counts, too (graph-facts section 3), so each is a debt that
 * has to fill first. Else a wave of refusals would be followed by one of the same size that is refused again.
 */
export class Pace {
  readonly #quota: Quota;
  readonly #perMs: number;
  #level: number;
  #levelAt: number;
  #blockedUntil = 0;
  #throttles = 0;
  #throttledAt = Number.NEGATIVE_INFINITY;

  constructor(quota: Quota, now: number) {
    this.#quota = quota;
    this.#perMs = quota.limit / (quota.windowSeconds * 1000);
    this.#level = quota.limit;
    this.#levelAt = now;
  }

  /** Takes `count` from the quota and returns 0, or takes nothing and returns the milliseconds to wait before asking again. */
  take(count: number, now: number): number {
    if (now < this.#blockedUntil) return this.#blockedUntil - now;
    this.#refill(now);
    if (this.#level >= count) {
      this.#level -= count;
      return 0;
    }
    return Math.ceil((count - this.#level) / this.#perMs);
  }

  /** Learns from an answer, alone or of a batch item. */
  observe(answer: Answer, now: number): void {
    if (answer.status === 429) {
      // The twenty refusals of one batch are one refusal.
      if (now !== this.#throttledAt) this.#throttles += 1;
      this.#throttledAt = now;
      this.#refill(now);
      this.#level = Math.max(Math.min(this.#level, 0) - 1, -longestDebt * this.#quota.limit);
      const wait = waitAsked(answer, now) ?? Math.min(60_000, 1000 * 2 ** Math.min(this.#throttles - 1, 6));
      this.#blockedUntil = Math.max(this.#blockedUntil, now + wait);
      return;
    }
    if (answer.status < 300) this.#throttles = 0;
    const used = Number(answer.headers['x-ms-throttle-limit-percentage']);
    if (used > 0.8) {
      this.#refill(now);
      this.#level = Math.min(this.#level, Math.max(0, Math.round((1 - used) * this.#quota.limit)));
    }
  }

  /** Milliseconds that `count` more would take from now on; for a human's patience, not for scheduling. */
  timeFor(count: number, now: number): number {
    const blocked = Math.max(0, this.#blockedUntil - now);
    const level = Math.min(this.#quota.limit, this.#level + (now - this.#levelAt) * this.#perMs);
    return Math.max(blocked, (count - level) / this.#perMs, 0);
  }

  #refill(now: number): void {
    // A clock that was set back must not take quota away.
    const gained = Math.max(0, now - this.#levelAt) * this.#perMs;
    this.#level = Math.min(this.#quota.limit, this.#level + gained);
    this.#levelAt = now;
  }
}
