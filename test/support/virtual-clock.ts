import type { Clock } from '../../src/graph/clock.ts';

interface Sleeper {
  at: number;
  order: number;
  wake: () => void;
}

/** Time that passes only when everybody sleeps: ten minutes take milliseconds, and every run goes the same way. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  #sleepers: Sleeper[] = [];
  #scheduled = false;

  constructor(start = Date.parse('2026-11-23T10:00:00Z')) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const sleeper = { at: this.#now + Math.max(0, ms), order: this.#order++, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter(s => s !== sleeper);
        reject(signal.reason);
      });
      this.#schedule();
    });
  }

  /** Goes on when the event loop has nothing else to do: two rounds of macrotasks let all chains of promises end. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() =>
      setImmediate(() => {
        this.#scheduled = false;
        this.#advance();
      }),
    );
  }

  #advance(): void {
    this.#sleepers.sort((a, b) => a.at - b.at || a.order - b.order);
    const next = this.#sleepers.shift();
    if (!next) return;
    this.#now = Math.max(this.#now, next.at);
    next.wake();
    if (this.#sleepers.length > 0) this.#schedule();
  }
}
