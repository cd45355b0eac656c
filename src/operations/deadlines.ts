import type { Clock } from '../graph/clock.ts';

/** After a stop what is waited for gets this long, in milliseconds. */
const hurriedMs = 1000;

interface Wait {
  /** When to give up, by the local clock. */
  end: number;
  giveUp: () => void;
}

/**
 * Gives up waiting when the time is over; a stop leaves what is waited for a moment. One timer serves everybody, because
 * almost everything comes long before its end.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #hurry: AbortSignal;
  readonly #waits = new Set<Wait>();
  #timer: AbortController | null = null;
  #wakesAt = Number.POSITIVE_INFINITY;

  /** `hurry` is aborted by the stop. */
  constructor(clock: Clock, hurry: AbortSignal) {
    this.#clock = clock;
    this.#hurry = hurry;
    hurry.addEventListener('abort', () => this.#hurryUp(), { once: true });
  }

  /** What `work` comes to, or null when it is not there at `end`, by the local clock. */
  within<T>(end: number, work: Promise<T>): Promise<T | null> {
    return new Promise((resolve, reject) => {
      const last = this.#hurry.aborted ? this.#clock.now() + hurriedMs : end;
      const wait: Wait = { end: last, giveUp: () => resolve(null) };
      this.#waits.add(wait);
      this.#wakeAt(last);
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
    const end = this.#clock.now() + hurriedMs;
    for (const wait of this.#waits) wait.end = end;
    this.#sleepNoMore();
    this.#wakeAt(end);
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
    let next = Number.POSITIVE_INFINITY;
    for (const wait of this.#waits) {
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
