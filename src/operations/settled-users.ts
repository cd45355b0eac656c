import { rowFields } from '../protocol/row-fields.ts';
import type { RevocationResult } from '../protocol/row.ts';
import { TextArchive } from './text-archive.ts';

/** Words of one place: the hash of the key, and the number of the row and one; 0 for an empty place. */
const words = 2;

/**
 * The rows of everybody who is settled, by what they are known by: a million of them take a few dozen megabytes. A table
 * of hashes says where a row may be, and the row itself whether it is the one.
 */
export class SettledUsers {
  readonly #rows = new TextArchive();
  #table = new Uint32Array(words * 1024);
  #size = 0;

  /** Keeps a row; one that is there already under this key is replaced. */
  set(key: string, row: RevocationResult): void {
    const hash = hashOf(key);
    const place = this.#placeOf(key, hash);
    const number = this.#rows.add(JSON.stringify([key, ...valuesOf(row)]));
    if (this.#table[place + 1] === 0) this.#size += 1;
    this.#table[place] = hash;
    this.#table[place + 1] = number + 1;
    // Above that the ways to an empty place get long.
    if (this.#size * words > this.#table.length * 0.7) this.#grow();
  }

  has(key: string): boolean {
    return this.#table[this.#placeOf(key, hashOf(key)) + 1] !== 0;
  }

  /** The row that is kept under a key, as it was; null when there is none. */
  get(key: string): RevocationResult | null {
    const number = this.#table[this.#placeOf(key, hashOf(key)) + 1];
    return number ? this.#rowAt(number - 1).row : null;
  }

  #rowAt(number: number): { key: string; row: RevocationResult } {
    const [key, ...values] = JSON.parse(this.#rows.get(number)) as [string, ...unknown[]];
    const row = Object.fromEntries(values.map((value, i) => [rowFields[i], value]));
    return { key, row: row as unknown as RevocationResult };
  }

  /** Where the key is in the table, or where it would be put. */
  #placeOf(key: string, hash: number): number {
    for (let place = firstPlace(hash, this.#table); ; place = (place + words) % this.#table.length) {
      const number = this.#table[place + 1] ?? 0;
      if (number === 0 || (this.#table[place] === hash && this.#rowAt(number - 1).key === key)) return place;
    }
  }

  #grow(): void {
    const old = this.#table;
    const table = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += words) {
      const hash = old[at] ?? 0;
      const number = old[at + 1] ?? 0;
      if (number === 0) continue;
      let place = firstPlace(hash, table);
      while (table[place + 1] !== 0) place = (place + words) % table.length;
      table[place] = hash;
      table[place + 1] = number;
    }
    this.#table = table;
  }
}

/** Without those at the end that a row of a run that does not explain has not. */
const valuesOf = (row: RevocationResult) =>
  rowFields.map(field => row[field]).filter(value => value !== undefined);

const firstPlace = (hash: number, table: Uint32Array): number => (hash % (table.length / words)) * words;

/** FNV-1a in 32 bits, mixed at the end so that its low bits are as good as the others (as MurmurHash3 does). */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
