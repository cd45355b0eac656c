import type { Clock } from '../graph/clock.ts';
import type { Directory, DirectoryUser } from '../graph/directory.ts';

/** What the re-read after a call told. */
export type Proof =
  | { kind: 'proven'; user: DirectoryUser }
  /** Somebody who signs in elsewhere: there is nothing to prove. */
  | { kind: 'external'; user: DirectoryUser }
  /** Read, but the stamp is older than the call. */
  | { kind: 'notVisible'; user: DirectoryUser | null }
  | { kind: 'gone' }
  | { kind: 'notReadable'; why: string }
  /** Graph refuses the token by now, and there is no better one. */
  | { kind: 'tokenEnded'; why: string }
  | { kind: 'failed'; why: string; unreachable?: boolean };

export interface Prover {
  directory: Directory;
  clock: Clock;
  /** Aborted when the run is stopped: one last look, then no more waiting. */
  hurry: AbortSignal;
  /** How much earlier than the call a stamp may be; the write precedes the answer's `Date`, and stored values may be whole seconds. */
  toleranceMs: number;
}

/** Waits before each look: at once, then after 0.5, 1, 2, 4 s, and every 4 s from then on, until `totalMs` are over. */
export function lookTimes(totalMs: number): number[] {
  const waits = [0];
  let elapsed = 0;
  for (let wait = 500; elapsed < totalMs; wait = Math.min(4000, wait * 2)) {
    const next = Math.min(wait, totalMs - elapsed);
    waits.push(next);
    elapsed += next;
  }
  return waits;
}

/** Looks again after a lost answer: replicas need a moment (design section 6). */
export const lostAnswerLooks = [1000, 2000, 5000];

/**
 * Reads the user until `signInSessionsValidFromDateTime` is not earlier than `sentAt()` (Graph's clock, asked again at
 * each look because the reads themselves teach it), or until the waits are used up. Each look may ask `attempts` times.
 */
export async function prove(
  prover: Prover,
  userId: string,
  sentAt: () => number,
  waits: readonly number[],
  attempts: number,
): Promise<Proof> {
  let last: Proof = { kind: 'notVisible', user: null };
  for (const wait of waits) {
    if (wait > 0) await sleepUnlessHurried(prover, wait);
    const read = await prover.directory.read(userId, undefined, attempts);
    if (read.kind === 'denied') return { kind: 'notReadable', why: read.why };
    if (read.kind === 'notSignedIn') return { kind: 'tokenEnded', why: read.why };
    if (read.kind === 'user') {
      const { user } = read;
      if (user.external) return { kind: 'external', user };
      if (user.sessionsValidFrom !== null && user.sessionsValidFrom >= sentAt() - prover.toleranceMs) {
        return { kind: 'proven', user };
      }
      last = { kind: 'notVisible', user };
    } else if (read.kind === 'notFound') {
      last = { kind: 'gone' };
    } else {
      last = { kind: 'failed', why: 'why' in read ? read.why : 'the run was stopped' };
      if (read.kind === 'failed' && read.unreachable) return { ...last, unreachable: true };
    }
    if (prover.hurry.aborted) break;
  }
  return last;
}

async function sleepUnlessHurried({ clock, hurry }: Prover, ms: number): Promise<void> {
  if (hurry.aborted) return;
  await clock.sleep(ms, hurry).catch(() => {});
}
