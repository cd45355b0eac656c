import { Random } from '../random.ts';
import type { SignInEntry } from './sign-in-entry.ts';

export interface SignInLogOptions {
  /** How long entries take to appear, drawn for each between the two, in milliseconds. */
  lateMs: { from: number; to: number };
  /** How many of the entries appear twice, 0 to 1. */
  duplicates: number;
}

/** The tenant keeps its log for 30 days (graph-facts 5.4). */
const keptMs = 30 * 86_400_000;

interface Written {
  readonly at: number;
  readonly visibleFrom: number;
  readonly entry: SignInEntry;
}

/** Remembers who signed in, and shows it some time later. */
export class SignInLog {
  readonly #options: SignInLogOptions;
  readonly #random: Random;
  #entries: Written[] = [];
  #sorted = true;

  constructor(seed: number, options: SignInLogOptions) {
    this.#options = options;
    this.#random = new Random(seed, 'sign-in log');
  }

  /** Puts an entry down. `lateMs` is how long it takes to appear, drawn from the options when left out. */
  add(entry: SignInEntry, lateMs?: number, twice?: boolean): void {
    const { from, to } = this.#options.lateMs;
    const [delay, second] = [this.#random.next(), this.#random.next()];
    const at = Date.parse(entry.createdDateTime);
    const written = { at, visibleFrom: at + (lateMs ?? from + (to - from) * delay), entry };
    this.#entries.push(written);
    if (twice ?? second < this.#options.duplicates) this.#entries.push(written);
    this.#sorted = false;
  }

  /** What a reader sees at `now`, the newest first. */
  seenAt(now: number): SignInEntry[] {
    // What came later of one second stays behind in this order, so that it comes first when it is turned round.
    if (!this.#sorted) this.#entries = this.#entries.toSorted((a, b) => a.at - b.at);
    this.#sorted = true;
    return this.#entries
      .filter(({ at, visibleFrom }) => visibleFrom <= now && at > now - keptMs)
      .map(({ entry }) => entry)
      .reverse();
  }
}
