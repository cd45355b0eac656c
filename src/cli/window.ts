/** Work that is under way, only so much at a time. */
export class Window {
  readonly #size: number;
  #open = 0;
  #failure: { error: unknown } | null = null;
  #wanted = 0;
  #wake: (() => void) | null = null;

  constructor(size: number) {
    this.#size = size;
  }

  add(work: Promise<unknown>): void {
    this.#open += 1;
    work.then(
      () => this.#ended(),
      error => {
        this.#failure ??= { error };
        this.#ended();
      },
    );
  }

  get isFull(): boolean {
    return this.#open >= this.#size;
  }

  /** Resolves when some of the work has ended: not just one, so that what comes next comes in batches. Rejects with the first failure. */
  async room(): Promise<void> {
    await this.#atMost(Math.floor(this.#size * 0.95));
  }

  /** Resolves when all work has ended; rejects with the first failure. */
  async empty(): Promise<void> {
    await this.#atMost(0);
  }

  async #atMost(open: number): Promise<void> {
    if (this.#open > open && !this.#failure) {
      this.#wanted = open;
      await new Promise<void>(resolve => (this.#wake = resolve));
    }
    if (this.#failure) throw this.#failure.error;
  }

  #ended(): void {
    this.#open -= 1;
    if (!this.#wake || (this.#open > this.#wanted && !this.#failure)) return;
    this.#wake();
    this.#wake = null;
  }
}
