import type { WriteStream } from 'node:tty';
import { duration } from '../../operations/summary.ts';
import type { RunProgress } from '../../protocol/messages.ts';

/** One line on a terminal that says how far the run is; nothing where the output is no terminal. */
export class ProgressLine {
  readonly #out: WriteStream;
  readonly #timer: NodeJS.Timeout | null = null;
  #shown = false;

  /** `progress` gives null while the terminal is somebody else's. */
  constructor(out: WriteStream, progress: () => RunProgress | null) {
    this.#out = out;
    if (out.isTTY) this.#timer = setInterval(() => this.#show(progress()), 500);
    this.#timer?.unref();
  }

  /** Makes room for another line. */
  clear(): void {
    if (!this.#shown) return;
    this.#out.write('\r\u001b[K');
    this.#shown = false;
  }

  end(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.clear();
  }

  #show(p: RunProgress | null): void {
    this.clear();
    if (!p) return;
    const left = p.secondsLeft === null ? '' : `, about ${duration(p.secondsLeft * 1000)} left`;
    const text = `${p.settled} of ${p.received} settled, ${p.awaitingProof} accepted and waiting for proof, ${p.perSecond} per second${left}`;
    this.#out.write(text.slice(0, (this.#out.columns ?? 80) - 1));
    this.#shown = true;
  }
}
