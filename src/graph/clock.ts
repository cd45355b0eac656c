import { setTimeout as wait } from 'node:timers/promises';

/** Time as a parameter: everything that waits or stamps takes one of these, so that tests of ten minutes take none. */
export interface Clock {
  /** Milliseconds since 1970, by the local clock. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when aborted before. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => wait(Math.max(0, ms), undefined, { signal }),
};
