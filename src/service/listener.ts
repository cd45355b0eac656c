import type { Readable } from 'node:stream';

/** From here on nothing more is taken in, until half of it has been read. */
const muchUnread = 32 * 1024 * 1024;
/** A host that lets this much lie and goes on writing is broken. */
const tooMuchUnread = 2 * muchUnread;
/** Milliseconds between two looks whether the host reads again, or has ended. */
const lookEvery = 50;

/**
 * Hands bytes on as long as the other side reads what it is answered: whoever writes and never reads must not fill our
 * memory. Meanwhile a piece is taken now and then all the same, since the end of the input shows only behind them.
 */
export class Listener {
  readonly #input: Readable;
  readonly #unread: () => number;
  readonly #onDeaf: () => void;
  #timer: NodeJS.Timeout | null = null;

  /** `unread` tells how many characters the other side has not read; `onDeaf` is told once when it is hopeless. */
  constructor(input: Readable, unread: () => number, onDeaf: () => void) {
    this.#input = input;
    this.#unread = unread;
    this.#onDeaf = onDeaf;
  }

  start(onBytes: (bytes: Buffer) => void): void {
    this.#input.on('data', (bytes: Buffer) => {
      onBytes(bytes);
      if (this.#unread() > muchUnread) this.#hold();
    });
    this.#input.on('end', () => this.#stop());
  }

  #hold(): void {
    this.#input.pause();
    if (this.#unread() > tooMuchUnread) {
      this.#stop();
      this.#onDeaf();
      return;
    }
    let looks = 0;
    this.#timer ??= setInterval(() => {
      looks += 1;
      if (this.#unread() < muchUnread / 2) {
        this.#stop();
        this.#input.resume();
      } else if (looks % 4 === 0) {
        this.#input.resume();
      }
    }, lookEvery);
  }

  #stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }
}
