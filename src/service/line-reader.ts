import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is refused: no honest message comes near it, not even a batch of thousands of users. */
export const longestLine = 16 * 1024 * 1024;

/** Cuts bytes into lines of UTF-8; a BOM at the start is taken off, since .NET Framework writes one into every stdin. */
export class LineReader {
  readonly #onLine: (line: string) => void;
  readonly #onTooLong: () => void;
  readonly #decoder = new StringDecoder('utf8');
  #parts: string[] = [];
  #length = 0;
  #first = true;

  constructor(onLine: (line: string) => void, onTooLong: () => void) {
    this.#onLine = onLine;
    this.#onTooLong = onTooLong;
  }

  /** Takes the next bytes. */
  push(bytes: Buffer): void {
    let text = this.#decoder.write(bytes);
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      this.#keep(text.slice(0, end));
      this.#finish();
      text = text.slice(end + 1);
    }
    this.#keep(text);
  }

  /** The bytes have ended; a last line without line break still counts. */
  end(): void {
    this.#keep(this.#decoder.end());
    if (this.#length > 0) this.#finish();
  }

  #keep(text: string): void {
    this.#length += text.length;
    if (this.#length <= longestLine) this.#parts.push(text);
    else this.#parts = [];
  }

  #finish(): void {
    const tooLong = this.#length > longestLine;
    let line = this.#parts.join('');
    this.#parts = [];
    this.#length = 0;
    if (this.#first) line = line.replace(/^\uFEFF/, '');
    this.#first = false;
    if (tooLong) this.#onTooLong();
    else if (line.trim() !== '') this.#onLine(line);
  }
}
