import type { Answer } from './answer.ts';
import { waitAsked } from './answer.ts';
import { Bucket } from './bucket.ts';
import { Flight } from './flight.ts';
import type { Quota } from './quota.ts';
import { longWaitMs, Refusals } from './refusals.ts';

/** How many may leave now; with 0 the milliseconds after which to ask again, or when something came back before. */
export interface Leave {
  count: number;
  waitMs: number;
}

/** The longest wait, in milliseconds, where the service names a shorter one and goes on saying no; where it names none. */
const longestInsisting = 16_000;
const longestUnasked = 60_000;

/** Graph tells how much of a quota is used only above this share (graph-facts section 3). */
const toldFrom = 0.8;

/** What is too little for a full batch leaves when this much time has brought it. */
const grainMs = 500;

/** While as many as may be are on the way, another run may make room. */
const lookAgainMs = 50;

/**
 * The pace of one quota: a bucket that refills evenly and may be emptied at once. It is a model only. Others spend the
 * same quota, the published limits are not everybody's, and nobody knows in what way Graph counts; so what the tenant
 * answers overrules it:
 *
 * - A 429 stops everything until `Retry-After`. The bucket goes on filling meanwhile, so that a tenant that counts in
 *   windows gets its next window's worth at once; but a refused request counts, too (graph-facts section 3): each is a debt.
 * - One refusal among many that are let through is chance, and the model stays as it is.
 * - Between two times that the tenant was full it gave what it has. From that the rate is learned; while nothing is
 *   refused it goes back to the published one.
 * - With the bucket empty a single request tries, about once in a window, whether the tenant is of the same mind. What is
 *   let through opens the way for more, until the tenant says no: so an opening window is found, and where there is no
 *   such limit nobody waits for it.
 * - The percentage header takes out what others have used.
 */
export class Pace {
  readonly #quota: Quota;
  readonly #bucket: Bucket;
  readonly #flight = new Flight();
  readonly #refusals = new Refusals();
  /** The last that was heard is that the quota is used up. */
  #full = false;
  #blockedUntil = 0;
  /** Since the tenant was full for the last time. */
  #since: { at: number; accepted: number };
  /** What it gave from the time before to that one. */
  #expected: number;
  #trial: 'none' | 'asked' | 'open' = 'none';
  /** When the next trial may begin. */
  #trialFrom = 0;
  /** When the last trial, or else the first burst, began to spend the quota. */
  #burstAt: number;

  constructor(quota: Quota, now: number) {
    this.#quota = quota;
    this.#bucket = new Bucket(quota, now);
    this.#since = { at: now, accepted: 0 };
    this.#expected = quota.limit;
    this.#burstAt = now;
  }

  /** Asks for `wanted` requests to leave together. Whoever gets some tells with `back` that they are answered. */
  take(wanted: number, now: number): Leave {
    if (now < this.#blockedUntil) return { count: 0, waitMs: this.#blockedUntil - now };
    const room = this.#flight.room(wanted, this.#endIsNear);
    if (room === 0) return { count: 0, waitMs: lookAgainMs };
    this.#refill(now);
    const { level, rate } = this.#bucket;
    if (level >= room) return this.#leave(room);
    const count = Math.min(room, Math.ceil(rate * grainMs));
    if (level >= count) return this.#leave(count);
    if (this.#trial === 'none' && now >= this.#trialFrom && !this.#quota.strict) {
      this.#trial = 'asked';
      this.#burstAt = now;
      return this.#leave(1);
    }
    return { count: 0, waitMs: Math.ceil((count - level) / rate) };
  }

  /** Milliseconds for which nothing may leave, whatever was taken before the tenant said so. */
  blockedFor(now: number): number {
    return Math.max(0, this.#blockedUntil - now);
  }

  /** So many that left have come back or are lost. */
  back(count: number): void {
    this.#flight.back(count);
  }

  /** Learns from an answer, alone or of a batch item. */
  observe(answer: Answer, now: number): void {
    this.#refill(now);
    if (answer.status === 429) this.#refused(answer, now);
    else if (answer.status < 500) this.#accepted(answer);
  }

  /** Milliseconds that `count` more would take from now on; for a human's patience, not for scheduling. */
  timeFor(count: number, now: number): number {
    this.#refill(now);
    return Math.max(this.blockedFor(now), (count - this.#bucket.level) / this.#bucket.rate);
  }

  #refill(now: number): void {
    this.#bucket.refill(now, !this.#full);
  }

  #leave(count: number): Leave {
    this.#bucket.take(count);
    this.#flight.left(count);
    return { count, waitMs: 0 };
  }

  /** True when about as much was let through as the tenant had to give the last time. */
  get #endIsNear(): boolean {
    const soFar = this.#since.accepted + this.#flight.out;
    return soFar > 0.9 * this.#expected && soFar < 1.15 * this.#expected;
  }

  #accepted(answer: Answer): void {
    this.#since.accepted += 1;
    this.#refusals.accepted(answer);
    const fresh = this.#refusals.isFresh(answer);
    if (fresh) this.#full = false;
    const used = Number(answer.headers['x-ms-throttle-limit-percentage']);
    if (used > toldFrom) this.#bucket.cap(1 - used);
    else if (fresh && this.#trial !== 'none' && answer.sentAt >= this.#burstAt) this.#openTrial();
    this.#flight.accepted(this.#trial === 'open');
  }

  /** One more may go for each; fewer where the tenant's end is to be expected, since all that is under way then is refused. */
  #openTrial(): void {
    this.#trial = 'open';
    const share = this.#since.accepted / this.#expected;
    this.#bucket.add(share < 0.5 || share > 1.5 ? 2 : 1.25);
  }

  #refused(answer: Answer, now: number): void {
    this.#refusals.refused(answer, now);
    const wait = this.#pauseFor(answer, now);
    const littleLeft = this.#bucket.level < 0.1 * this.#quota.limit;
    if (!this.#full && !this.#refusals.isChance(littleLeft, wait)) this.#becomeFull(wait, now);
    if (this.#full) {
      this.#bucket.cap(0);
      this.#flight.refused();
    }
    this.#bucket.owe();
    this.#blockedUntil = Math.max(this.#blockedUntil, now + wait);
  }

  /** What the tenant asks for; longer when it goes on saying no, or says no time. */
  #pauseFor(answer: Answer, now: number): number {
    const asked = waitAsked(answer, now);
    const { pauses } = this.#refusals;
    const doubling = 1000 * 2 ** Math.min(pauses - 1, 6);
    if (asked === null) return Math.min(longestUnasked, doubling);
    if (pauses < 2) return asked;
    const wait = Math.max(asked, Math.min(longestInsisting, doubling / 2));
    // At the next trial's moment what was spent last may have come back.
    const untilTrial = this.#trialFrom - now;
    return untilTrial >= asked && untilTrial < 2 * wait ? untilTrial : wait;
  }

  /** The quota is used up, by whomever. */
  #becomeFull(wait: number, now: number): void {
    const { at, accepted } = this.#since;
    this.#bucket.learn(accepted, now - at, this.#trial === 'none');
    this.#full = true;
    this.#expected = Math.max(1, accepted);
    this.#since = { at: now, accepted: 0 };
    this.#trial = 'none';
    const window = this.#quota.windowSeconds * 1000;
    const spentIsBack = this.#burstAt + window;
    this.#trialFrom = wait >= longWaitMs ? now + wait : spentIsBack > now ? spentIsBack : now + window;
  }
}
