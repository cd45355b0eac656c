import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Lines in one block: more make it smaller, and what is looked up slower. */
const linesPerBlock = 128;

/** One line is like the last few. What zlib sets up for each block is ten times as large by default, and leaves holes. */
const packing = { level: 1, windowBits: 13, memLevel: 5, chunkSize: 8 * 1024 };

const slabSize = 512 * 1024;

/** Many short texts without line breaks that look alike and are seldom asked for again, in a fraction of their memory. */
export class TextArchive {
  readonly #blocks: Uint8Array[] = [];
  #last: string[] = [];
  /** Where the next block goes: thousands of small buffers would take much more than their bytes. */
  #slab = new Uint8Array(0);
  /** The block that was opened last: whoever asks, often asks in the order of writing. */
  #opened: { number: number; lines: string[] } | null = null;

  /** Keeps a text, and gives its number. */
  add(text: string): number {
    const number = this.#blocks.length * linesPerBlock + this.#last.length;
    this.#last.push(text);
    if (this.#last.length === linesPerBlock) {
      this.#blocks.push(this.#placed(deflateRawSync(this.#last.join('\n'), packing)));
      this.#last = [];
    }
    return number;
  }

  /** The text of a number that `add` gave. */
  get(number: number): string {
    const block = Math.floor(number / linesPerBlock);
    const text = this.#linesOf(block)[number % linesPerBlock];
    if (text === undefined) throw new RangeError(`the archive has no text number ${number}`);
    return text;
  }

  #placed(block: Uint8Array): Uint8Array {
    if (block.length > this.#slab.length) this.#slab = new Uint8Array(Math.max(slabSize, block.length));
    const place = this.#slab.subarray(0, block.length);
    place.set(block);
    this.#slab = this.#slab.subarray(block.length);
    return place;
  }

  #linesOf(number: number): readonly string[] {
    const packed = this.#blocks[number];
    if (!packed) return this.#last;
    if (this.#opened?.number !== number) {
      this.#opened = { number, lines: inflateRawSync(packed, packing).toString().split('\n') };
    }
    return this.#opened.lines;
  }
}
