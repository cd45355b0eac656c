import { hashOf } from './chain.ts';
import type { JournalEntry } from './entry.ts';
import { isEntry } from './entry-form.ts';

/** So much damage is listed; a file that is none of ours has it on each line. */
const mostDamage = 100;

/** What is wrong with a record, and where. */
export interface Damage {
  /** Counted from 1. */
  line: number;
  what: string;
}

/** A record as it was read: what its lines say, and what does not fit together. */
export interface ReadRecord {
  entries: JournalEntry[];
  damage: Damage[];
  /** The hash of the last line; null for an empty record. */
  head: string | null;
  /** True when the last line has no end, as after a crash in the middle of writing. */
  torn: boolean;
}

/**
 * Checks a record line by line as it goes by: each has to be whole, to have what its type needs, to follow the one before
 * in number, and to carry its hash. A half line is no damage when it is the last, or when a later session found it and went on behind it: it is what a
 * crash leaves, and nothing was sent on its word.
 */
export class RecordReader {
  readonly entries: JournalEntry[] = [];
  readonly damage: Damage[] = [];
  #line = 0;
  #seq = 0;
  #hash: string | null = null;
  #torn = false;

  /** Takes the next line, without its line break. */
  take(line: string): void {
    this.#line += 1;
    const value = valueOf(line);
    if (value === undefined) {
      if (this.#torn) this.#complain('this line can not be read');
      this.#torn = true;
      this.#hash = hashOf(line);
      return;
    }
    const entry = isEntry(value) ? value : null;
    if (this.#torn && entry?.type !== 'resume') this.#complain('this line can not be read', this.#line - 1);
    if (!entry) {
      // Half a line is never JSON: somebody wrote this one. The number that it has, or should have, is taken.
      this.#complain('this line can not be read');
      this.#torn = false;
      this.#seq += 1;
      this.#hash = hashOf(line);
      return;
    }
    if (entry.seq !== this.#seq) {
      this.#complain(
        entry.seq > this.#seq
          ? `${entry.seq - this.#seq} ${entry.seq - this.#seq === 1 ? 'line is' : 'lines are'} missing before this one`
          : `this line is number ${entry.seq} and stands where number ${this.#seq} belongs`,
      );
    } else if (entry.prev !== this.#hash) {
      this.#complain('the line before this one was changed');
    }
    this.#torn = false;
    this.#seq = entry.seq + 1;
    this.#hash = hashOf(line);
    this.entries.push(entry);
  }

  /** What was read, after the last line; `torn` tells that this one has no line break. */
  end(torn: boolean): ReadRecord {
    const { entries, damage } = this;
    // With a line break behind it a line was whole once.
    if (this.#torn && !torn) this.#complain('this line can not be read');
    return { entries, damage, head: this.#hash, torn };
  }

  #complain(what: string, line = this.#line): void {
    if (this.damage.length > mostDamage) return;
    const more = this.damage.length === mostDamage;
    this.damage.push({ line, what: more ? 'here and behind it more is wrong than is listed' : what });
  }
}

/** What the line says as JSON; undefined when it is none. */
function valueOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
