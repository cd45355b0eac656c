import type { Answer } from './answer.ts';

/** A refusal that asks for so long, in milliseconds, names the moment at which a window of the quota opens. */
export const longWaitMs = 10_000;

/** Where less than this share of the last answers are refusals they are chance: some front end, not the quota. */
const byChance = 0.5;
/** How much the last answer counts for that share: the last eight or so decide. */
const lastCounts = 1 / 8;

/** What the last answers tell about the quota: whether refusals are chance, and whether they come one after the other. */
export class Refusals {
  /** Of the last answers, 0 to 1. */
  #share = 0;
  #inRow = 0;
  #lastAt = Number.NEGATIVE_INFINITY;
  #pauses = 0;
  /** When that left which caused the last pause, and whether anything was let through that left with it or later. */
  #pause = { sentAt: Number.NEGATIVE_INFINITY, through: true };

  /** Waits that were caused one after the other, with nobody let through in between. */
  get pauses(): number {
    return this.#pauses;
  }

  /** True when `answer` is to what was sent after the last refusal: anything older says nothing about the time since. */
  isFresh(answer: Answer): boolean {
    return answer.sentAt > this.#lastAt;
  }

  accepted(answer: Answer): void {
    this.#share *= 1 - lastCounts;
    this.#inRow = 0;
    if (answer.sentAt >= this.#pause.sentAt) this.#pause.through = true;
  }

  refused(answer: Answer, now: number): void {
    if (this.isFresh(answer)) {
      this.#pauses = this.#pause.through ? 1 : this.#pauses + 1;
      this.#pause = { sentAt: answer.sentAt, through: false };
    }
    this.#lastAt = now;
    this.#share += (1 - this.#share) * lastCounts;
    this.#inRow += 1;
  }

  /** True for a refusal that the quota need not have caused; `wait` is what it asks for, in milliseconds. */
  isChance(littleLeft: boolean, wait: number): boolean {
    if (littleLeft && (wait >= longWaitMs || this.#inRow >= 2)) return false;
    return this.#share < byChance && this.#pauses < 2;
  }
}
