import type { SimulatedUser } from './objects.ts';

/** Several copies of the directory that learn of a write at different times. */
export interface ReplicaOptions {
  count: number;
  /** The last replica sees a write after this long, the first at once, the others evenly in between. */
  lagMs: number;
}

/** Which revocation time a reader sees: reads go round-robin over the replicas. */
export class Replicas {
  readonly #count: number;
  readonly #lagMs: number;
  readonly #stampDelayMs: number;
  #next = 0;
  /** The times that not every reader sees yet, oldest first; the first entry is what was there before. */
  readonly #stamps = new Map<string, { value: string; visibleFrom: number }[]>();

  constructor(replicas: ReplicaOptions | undefined, stampDelayMs: number) {
    this.#count = Math.max(1, replicas?.count ?? 1);
    this.#lagMs = replicas?.lagMs ?? 0;
    this.#stampDelayMs = stampDelayMs;
  }

  /** The replica that answers the next read. */
  next(): number {
    const replica = this.#next;
    this.#next = (replica + 1) % this.#count;
    return replica;
  }

  /** Moves the user's time forward; says when the first reader can see it. */
  write(user: SimulatedUser, value: string, now: number): number {
    const visibleFrom = now + this.#stampDelayMs;
    const stamps = this.#stamps.get(user.id) ?? [
      { value: user.signInSessionsValidFromDateTime, visibleFrom: Number.NEGATIVE_INFINITY },
    ];
    stamps.push({ value, visibleFrom });
    const slowest = this.#count - 1;
    while (stamps[1] && this.#visible(stamps[1], slowest, now)) stamps.shift();
    this.#stamps.set(user.id, stamps);
    user.signInSessionsValidFromDateTime = value;
    return visibleFrom;
  }

  read(user: SimulatedUser, replica: number, now: number): string {
    const seen = this.#stamps.get(user.id)?.findLast(stamp => this.#visible(stamp, replica, now));
    return seen?.value ?? user.signInSessionsValidFromDateTime;
  }

  #visible(stamp: { visibleFrom: number }, replica: number, now: number): boolean {
    const lag = this.#count === 1 ? this.#lagMs : (this.#lagMs * replica) / (this.#count - 1);
    return stamp.visibleFrom + lag <= now;
  }
}
