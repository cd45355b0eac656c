import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Lines in one block: more make it smaller, and what is looked up slower. */
const linesPerBlock = 128;

/** Many short texts without line breaks that look alike and are seldom asked for again, in a fraction of their memory. */
export class TextArchive {
  readonly #blocks: Uint8Array[] = [];
  #last: string[] = [];
  /** The block that was opened last: whoever asks, often asks in the order of writing. */
  #opened: { number: number; lines: string[] } | null = null;

  /** Keeps a text, and gives its number. */
  add(text: string): number {
    const number = this.#blocks.length * linesPerBlock + this.#last.length;
    this.#last.push(text);
    if (this.#last.length === linesPerBlock) {
      const packed = deflateRawSync(this.#last.join('\n'), { level: 1 });
      // A copy, since what zlib gives is the beginning of something much larger.
      this.#blocks.push(new Uint8Array(packed));
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

  #linesOf(number: number): readonly string[] {
    const packed = this.#blocks[number];
    if (!packed) return this.#last;
    if (this.#opened?.number !== number) {
      this.#opened = { number, lines: inflateRawSync(packed).toString().split('\n') };
    }
    return this.#opened.lines;
  }
}
