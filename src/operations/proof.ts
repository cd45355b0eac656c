import type { Clock } from '../graph/clock.ts';
import type { Directory, DirectoryUser } from '../graph/directory.ts';
import type { Deadlines } from './deadlines.ts';

/** What the re-read after a call told. */
export type Proof =
  | { kind: 'proven'; user: DirectoryUser }
  /** Somebody who signs in elsewhere: there is nothing to prove. */
  | { kind: 'external'; user: DirectoryUser }
  /** Read, but the stamp is older than the call. */
  | { kind: 'notVisible'; user: DirectoryUser | null }
  /** Read, but the stamp lies in the future: it would prove every call that there will ever be. */
  | { kind: 'future'; user: DirectoryUser }
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
  /** Ends looks that take too long; of the same clock, and hurried by the same signal. */
  deadlines: Deadlines;
  /** How much earlier than the call a stamp may be; the write precedes the answer's `Date`, and stored values may be whole seconds. */
  toleranceMs: number;
}

/** Clocks of one service differ by seconds; a stamp further ahead than this is none of now. */
const tolerableFutureMs = 10 * 60_000;

/** A look at the end of the verification time may take this long. */
const graceMs = 2000;

/** How the proof of an accepted call is looked for, for so many milliseconds. */
export const lookingFor = (verificationMs: number, graphNow: () => number): Looking => ({
  waits: lookTimes(verificationMs),
  attempts: 1,
  withinMs: verificationMs + graceMs,
  graphNow,
});

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

export interface Looking {
  /** Waits before each look, in milliseconds. */
  waits: readonly number[];
  /** How often one look may ask while no answer can be read. */
  attempts: number;
  /** When to give up, however long a look that is on its way may take. */
  withinMs: number;
  /** The moment of the look, by Graph's clock. */
  graphNow: () => number;
}

/** Where the service puts reads off, a proof may take so many times as long. */
const mostHold = 5;

/**
 * Reads the user until `signInSessionsValidFromDateTime` is not earlier than `sentAt()` (Graph's clock, asked again at
 * each look because the reads themselves teach it), or until the waits or the time are used up.
 */
export async function prove(
  prover: Prover,
  userId: string,
  sentAt: () => number,
  { waits, attempts, withinMs, graphNow }: Looking,
): Promise<Proof> {
  const { clock, hurry, deadlines } = prover;
  let end = clock.now() + withinMs;
  const atLast = clock.now() + mostHold * withinMs;
  let last: Proof = { kind: 'notVisible', user: null };
  for (const wait of waits) {
    if (wait > 0 && !hurry.aborted) await clock.sleep(wait, hurry).catch(() => {});
    const askedAt = clock.now();
    const read = await deadlines.within({ end, atLast }, prover.directory.read(userId, undefined, attempts));
    if (read === null) return { kind: 'failed', why: 'no answer in time', unreachable: true };
    // A look that the service held back does not use up the time of the others.
    if (clock.now() > end) end = Math.min(atLast, end + clock.now() - askedAt);
    if (read.kind === 'denied') return { kind: 'notReadable', why: read.why };
    if (read.kind === 'notSignedIn') return { kind: 'tokenEnded', why: read.why };
    if (read.kind === 'user') {
      const { user } = read;
      if (user.external) return { kind: 'external', user };
      const stamp = user.sessionsValidFrom ?? Number.NaN;
      const future = stamp > graphNow() + tolerableFutureMs;
      if (!future && stamp >= sentAt() - prover.toleranceMs) return { kind: 'proven', user };
      last = { kind: future ? 'future' : 'notVisible', user };
    } else if (read.kind === 'notFound') {
      last = { kind: 'gone' };
    } else if (last.kind !== 'notVisible' || last.user === null) {
      // A look that fails takes nothing from what an earlier one saw.
      last = { kind: 'failed', why: 'why' in read ? read.why : 'the run was stopped' };
    }
    if (read.kind === 'failed' && read.unreachable)
      return { kind: 'failed', why: read.why, unreachable: true };
    if (hurry.aborted || clock.now() >= end) break;
  }
  return last;
}
