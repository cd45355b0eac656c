/**
 * A repeatable source of chance: the same seed and label give the same sequence on every machine. Each use has a label
 * of its own, so that drawing more of one thing does not change another.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, label: string) {
    const text = `${seed}:${label}`;
    this.#a = hash(text, 0x811c9dc5);
    this.#b = hash(text, 0x9e3779b9);
    this.#c = hash(text, 0x85ebca6b);
    for (let warmUp = 0; warmUp < 12; warmUp++) this.bits();
  }

  /** 32 random bits (sfc32). */
  bits(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** From 0 up to, but not including, 1. */
  next(): number {
    return this.bits() / 0x100000000;
  }

  /** A whole number from 0 up to, but not including, `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('Cannot pick from an empty list.');
    return list[this.below(list.length)] as T;
  }

  /** The same elements in another order. */
  shuffle<T>(list: readonly T[]): T[] {
    const copy = [...list];
    for (let last = copy.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      const held = copy[last] as T;
      copy[last] = copy[other] as T;
      copy[other] = held;
    }
    return copy;
  }

  /** A GUID in the form of version 4. */
  guid(): string {
    const [a, b, c, d] = [hex(this.bits()), hex(this.bits()), this.bits(), hex(this.bits())];
    const variant = '89ab'.charAt((c >>> 28) & 3);
    const rest = hex(c);
    return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-${variant}${rest.slice(1, 4)}-${rest.slice(4)}${d}`;
  }
}

const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Eight digits; from a table, since logs are full of ids. */
const hex = (word: number): string =>
  `${bytes[word >>> 24]}${bytes[(word >>> 16) & 255]}${bytes[(word >>> 8) & 255]}${bytes[word & 255]}`;

/** FNV-1a with a final mix. */
function hash(text: string, start: number): number {
  let value = start;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (value ^ (value >>> 13)) | 0;
}
