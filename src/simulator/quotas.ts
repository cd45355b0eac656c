/** What a quota says to a request. */
export interface Verdict {
  allowed: boolean;
  /** Demand as a share of the limit: 1 is full, above 1 means that callers keep trying. */
  used: number;
  /** How long until the same request could pass, in milliseconds; 0 when allowed. */
  waitMs: number;
}

/** Counts what callers take. Refused requests count too (graph-facts 3), up to a tenth of the limit. */
export interface Quota {
  take(amount: number, now: number): Verdict;
}

const accrual = 0.1;

/** Refills steadily; a full one can be emptied at once. */
export class Bucket implements Quota {
  readonly #limit: number;
  readonly #perMs: number;
  #level: number;
  #at: number | undefined;

  constructor(limit: number, windowMs: number) {
    this.#limit = limit;
    this.#perMs = limit / windowMs;
    this.#level = limit;
  }

  take(amount: number, now: number): Verdict {
    const passed = Math.max(0, now - (this.#at ?? now));
    this.#at = now;
    this.#level = Math.min(this.#limit, this.#level + passed * this.#perMs);
    const allowed = this.#level >= amount;
    this.#level = allowed ? this.#level - amount : Math.max(this.#level - amount, -this.#limit * accrual);
    const waitMs = allowed ? 0 : (amount - this.#level) / this.#perMs;
    return { allowed, used: 1 - this.#level / this.#limit, waitMs };
  }
}

/** At most `limit` within any stretch of the window's length. */
export class SlidingWindow implements Quota {
  readonly #limit: number;
  readonly #windowMs: number;
  /** Counts are kept in slices, so that a hundred thousand refusals cost nothing to look through. */
  readonly #sliceMs: number;
  #slices: { at: number; amount: number }[] = [];
  #total = 0;

  constructor(limit: number, windowMs: number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
    this.#sliceMs = windowMs / 1000;
  }

  take(amount: number, now: number): Verdict {
    this.#forget(now);
    const allowed = this.#total + amount <= this.#limit;
    if (allowed || this.#total < this.#limit * (1 + accrual)) this.#count(amount, now);
    const waitMs = allowed ? 0 : this.#waitFor(amount, now);
    return { allowed, used: this.#total / this.#limit, waitMs };
  }

  #forget(now: number): void {
    let gone = 0;
    for (const slice of this.#slices) {
      if (slice.at + this.#windowMs > now) break;
      this.#total -= slice.amount;
      gone++;
    }
    if (gone > 0) this.#slices = this.#slices.slice(gone);
  }

  #count(amount: number, now: number): void {
    const last = this.#slices.at(-1);
    if (last && now - last.at < this.#sliceMs) last.amount += amount;
    else this.#slices.push({ at: now, amount });
    this.#total += amount;
  }

  #waitFor(amount: number, now: number): number {
    let left = this.#total;
    for (const slice of this.#slices) {
      left -= slice.amount;
      if (left + amount <= this.#limit) return slice.at + this.#windowMs - now;
    }
    return this.#windowMs;
  }
}

/** Starts from nothing at each full window of the clock. */
export class FixedWindow implements Quota {
  readonly #limit: number;
  readonly #windowMs: number;
  #window = Number.NaN;
  #total = 0;

  constructor(limit: number, windowMs: number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  take(amount: number, now: number): Verdict {
    const window = Math.floor(now / this.#windowMs);
    if (window !== this.#window) this.#total = 0;
    this.#window = window;
    const allowed = this.#total + amount <= this.#limit;
    this.#total = Math.min(this.#total + amount, this.#limit * (1 + accrual));
    const waitMs = allowed ? 0 : (window + 1) * this.#windowMs - now;
    return { allowed, used: this.#total / this.#limit, waitMs };
  }
}
