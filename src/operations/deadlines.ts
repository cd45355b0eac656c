import type { Clock } from '../graph/clock.ts';

/** After a stop what is waited for gets this long, in milliseconds. */
const hurriedMs = 1000;

/** How often it is looked whether the service still holds back what is late, in milliseconds. */
const holdMs = 1000;

/** When to give up, by the local clock. */
export interface Deadline {
  end: number;
  /** ... and when to give up although the service holds it back; default the same. */
  atLast?: number;
}

interface Wait extends Required<Deadline> {
  giveUp: () => void;
}

/**
 * Gives up waiting when the time is over, unless the service holds back what is waited for; a stop leaves it a moment. One
 * timer serves everybody, because almost everything comes long before its end.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #hurry: AbortSignal;
  readonly #heldBack: () => boolean;
  readonly #waits = new Set<Wait>();
  #timer: AbortController | null = null;
  #wakesAt = Number.POSITIVE_INFINITY;

  /**
   * `hurry` is aborted by the stop; `heldBack` is true while the service makes requests wait: what has not been asked can't
   * be answered.
   */
  constructor(clock: Clock, hurry: AbortSignal, heldBack: () => boolean) {
    this.#clock = clock;
    this.#hurry = hurry;
    this.#heldBack = heldBack;
    hurry.addEventListener('abort', () => this.#hurryUp(), { once: true });
  }

  /** What `work` comes to, or null when it is not there in time. */
  within<T>({ end, atLast = end }: Deadline, work: Promise<T>): Promise<T | null> {
    return new Promise((resolve, reject) => {
      const wait: Wait = { end, atLast, giveUp: () => resolve(null) };
      if (this.#hurry.aborted) hurryUp(wait, this.#clock.now());
      this.#waits.add(wait);
      this.#wakeAt(wait.end);
      work.then(
        result => {
          this.#leave(wait);
          resolve(result);
        },
        error => {
          this.#leave(wait);
          reject(error);
        },
      );
    });
  }

  #leave(wait: Wait): void {
    this.#waits.delete(wait);
    // A timer that nobody needs would keep the process.
    if (this.#waits.size === 0) this.#sleepNoMore();
  }

  #hurryUp(): void {
    if (this.#waits.size === 0) return;
    const now = this.#clock.now();
    for (const wait of this.#waits) hurryUp(wait, now);
    this.#sleepNoMore();
    this.#wakeAt(now + hurriedMs);
  }

  #wakeAt(time: number): void {
    if (this.#timer && time >= this.#wakesAt) return;
    this.#sleepNoMore();
    const timer = new AbortController();
    this.#timer = timer;
    this.#wakesAt = time;
    void this.#clock.sleep(time - this.#clock.now(), timer.signal).then(
      () => this.#giveUpWhoIsLate(),
      () => {},
    );
  }

  #sleepNoMore(): void {
    this.#timer?.abort();
    this.#timer = null;
  }

  #giveUpWhoIsLate(): void {
    this.#timer = null;
    const now = this.#clock.now();
    const heldBack = this.#heldBack();
    let next = Number.POSITIVE_INFINITY;
    for (const wait of this.#waits) {
      if (wait.end <= now && heldBack && now < wait.atLast) wait.end = now + holdMs;
      if (wait.end <= now) {
        this.#waits.delete(wait);
        wait.giveUp();
      } else {
        next = Math.min(next, wait.end);
      }
    }
    if (this.#waits.size > 0) this.#wakeAt(next);
  }
}

function hurryUp(wait: Wait, now: number): void {
  wait.end = now + hurriedMs;
  wait.atLast = wait.end;
}
