import { exitCode } from './failure.ts';
import type { Narrator } from './narrator.ts';

const codes = {
  SIGINT: exitCode.interrupted,
  SIGTERM: exitCode.terminated,
  SIGHUP: exitCode.hungUp,
} as const;
type StopSignal = keyof typeof codes;

/** How long the process may take to end by itself when all is told, in milliseconds. */
const graceTime = 1000;

/**
 * Ctrl+C, and what a service manager or a vanishing terminal sends instead. Before the first call the command is over at
 * once. After it, the first signal lets settle what has been sent and leaves the rest; the second leaves at once.
 */
export class StopSignals {
  readonly #narrator: Narrator;
  readonly #stopping = new AbortController();
  #first: StopSignal | null = null;
  #settle: (() => void) | null = null;

  constructor(narrator: Narrator) {
    this.#narrator = narrator;
    for (const signal of Object.keys(codes) as StopSignal[]) process.on(signal, () => this.#take(signal));
  }

  /** The exit code of the first signal; null as long as none has come. */
  get code(): number | null {
    return this.#first && codes[this.#first];
  }

  /** Aborted by the first signal. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** From here on calls are under way, which `settle` is to end. */
  settleBy(settle: () => void): void {
    this.#settle = settle;
  }

  /** To be called when all is told: a file that never ends, such as a pipe, would keep a stopped process. */
  end(): void {
    const signal = this.#first;
    if (signal) setTimeout(() => die(signal), graceTime).unref();
  }

  #take(signal: StopSignal): void {
    if (this.#first) die(signal);
    this.#first = signal;
    if (this.#settle) {
      this.#narrator.note(
        'Stopping: what has been sent is being settled. Ctrl+C or the signal again leaves at once.',
      );
      this.#settle();
      this.#stopping.abort();
    } else {
      this.#narrator.summary('Stopped before anything was sent.');
      this.#narrator.end(codes[signal]);
      process.exit(codes[signal]);
    }
  }
}

/** Ends by the signal itself, which a shell tells as the same exit code: `process.exit` would wait for a blocked read. */
function die(signal: StopSignal): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
