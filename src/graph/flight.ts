/** So many may be on the way at the first contact: a full quota takes them. */
const atFirst = 1000;

/** So many where nobody knows how much of the quota is left. */
const cruising = 200;

/** So many where the quota is about to end. */
const careful = 20;

/**
 * How many requests may be on the way at a time. All that is under way when a quota ends is refused, and what is refused
 * counts: so many go at first, then fewer, and few when the end is near. After a refusal one goes alone, and as many
 * again with each that is let through.
 */
export class Flight {
  #limit = atFirst;
  #out = 0;

  /** How many are on the way. */
  get out(): number {
    return this.#out;
  }

  /** How many of `wanted` may leave now: all of them, or what there is room for when nothing is on the way. */
  room(wanted: number, endIsNear: boolean): number {
    const limit = endIsNear ? Math.min(careful, this.#limit) : this.#limit;
    const free = Math.max(0, Math.floor(limit) - this.#out);
    return free >= wanted ? wanted : this.#out === 0 ? free : 0;
  }

  left(count: number): void {
    this.#out += count;
  }

  back(count: number): void {
    this.#out -= count;
  }

  /** One was let through; `freely` where the tenant is known to have more than was thought. */
  accepted(freely: boolean): void {
    if (this.#limit < cruising) this.#limit += 1;
    else if (freely) this.#limit = Math.min(atFirst, this.#limit + 0.25);
    else this.#limit = Math.max(cruising, this.#limit - 1);
  }

  refused(): void {
    this.#limit = 1;
  }
}
