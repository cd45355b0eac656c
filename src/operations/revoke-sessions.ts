import type { TokenClaims } from '../auth/access-token.ts';
import type { Clock } from '../graph/clock.ts';
import type { Directory } from '../graph/directory.ts';
import type { Lane } from '../graph/lane.ts';
import type { Pace } from '../graph/pace.ts';
import type { ServerClock } from '../graph/server-clock.ts';
import type { Journal } from '../journal/journal.ts';
import type { RunProgress } from '../protocol/messages.ts';
import type { UserReference } from '../protocol/reference.ts';
import type { RevocationResult, RunStop, RunSummary } from '../protocol/row.ts';
import { resolveUser } from './resolve-user.ts';
import { type RevokeContext, revokeUser } from './revoke-user.ts';
import { type RowContext, rowOf, type Settlement, type Subject } from './row.ts';
import { Tally } from './summary.ts';

export interface RevocationOptions {
  verificationMs: number;
  skipVerification: boolean;
  /** More users than this need a yes; undefined means no limit. */
  maxUsers?: number | undefined;
  /** How much earlier than the call the proof may be stamped. */
  toleranceMs: number;
}

/** Everything a run stands on; each part is handed in. */
export interface RevocationParts {
  row: RowContext;
  caller: TokenClaims;
  writes: Lane;
  reads: Lane;
  writePace: Pace;
  directory: Directory;
  serverClock: ServerClock;
  clock: Clock;
  journal: Journal;
  options: RevocationOptions;
  /** Asks a person; false where nobody can answer. */
  confirm: (question: string) => Promise<boolean>;
  /** Called once when the run stops as a whole. */
  onStop?: ((stop: RunStop) => void) | undefined;
  /** Told what happens on the way, in sentences. */
  onLog?: ((message: string) => void) | undefined;
}

/**
 * One run: takes references while they come, and gives exactly one row for each, in whatever order they are settled.
 * A user who is named twice is called once. Whoever stops the run gets the rows of all that were handed in: what has
 * been sent is settled, the rest is Cancelled.
 */
export class RevocationRun {
  readonly #parts: RevocationParts;
  readonly #context: RevokeContext;
  readonly #stopping = new AbortController();
  readonly #tally = new Tally();
  readonly #byUser = new Map<string, Promise<RevocationResult>>();
  readonly #open = new Set<Promise<RevocationResult>>();
  readonly #startedAt: number;
  #received = 0;
  #awaitingProof = 0;
  #admitted = 0;
  #permission: Promise<boolean> | null = null;
  #stop: RunStop | null = null;

  constructor(parts: RevocationParts) {
    this.#parts = parts;
    const { clock, directory, options } = parts;
    this.#startedAt = clock.now();
    const hurry = this.#stopping.signal;
    this.#context = {
      runId: parts.row.runId,
      caller: parts.caller,
      writes: parts.writes,
      reads: parts.reads,
      serverClock: parts.serverClock,
      verificationMs: options.verificationMs,
      skipVerification: options.skipVerification,
      prover: { directory, clock, hurry, toleranceMs: options.toleranceMs },
      awaiting: change => {
        this.#awaitingProof += change;
      },
      notSignedIn: why => this.#notSignedIn(why),
      log: message => parts.onLog?.(message),
    };
  }

  get runId(): string {
    return this.#parts.row.runId;
  }

  get directory(): Directory {
    return this.#parts.directory;
  }

  /** Hands in one user; resolves when that user is settled. */
  revoke(reference: UserReference, signal?: AbortSignal): Promise<RevocationResult> {
    this.#received += 1;
    const own = signal ? AbortSignal.any([signal, this.#stopping.signal]) : this.#stopping.signal;
    const work = this.#settle(reference, own).then(async row => {
      this.#tally.add(row);
      await this.#parts.journal.settle(row);
      return row;
    });
    this.#open.add(work);
    return work.finally(() => this.#open.delete(work));
  }

  /** Tells beforehand how many users will come, so that a question is asked before the first call and not at its limit. */
  async expect(users: number): Promise<boolean> {
    const { maxUsers } = this.#parts.options;
    return maxUsers === undefined || users <= maxUsers || this.#mayExceed(users);
  }

  /** No more users will come; resolves after the last row. */
  async end(): Promise<RunSummary> {
    while (this.#open.size > 0) await Promise.allSettled([...this.#open]);
    const { clock, row } = this.#parts;
    return this.#tally.summary({ ...row, startedAt: this.#startedAt, endedAt: clock.now() }, this.#stop);
  }

  /** Stops the run: the first reason stays. */
  stop(stop: RunStop): void {
    if (this.#stop) return;
    this.#stop = stop;
    this.#stopping.abort();
    this.sweep();
    this.#parts.onStop?.(stop);
  }

  /** Withdraws what has not left; to be called after a request of this run was cancelled. */
  sweep(): void {
    this.#parts.writes.sweep();
    this.#parts.reads.sweep();
  }

  /** Ends the lanes, once nobody waits for this run any more. */
  close(): void {
    this.#parts.writes.close();
    this.#parts.reads.close();
  }

  get progress(): RunProgress {
    const waiting = this.#received - this.#tally.users - this.#awaitingProof;
    const ms = this.#parts.writePace.timeFor(waiting, this.#parts.clock.now());
    return {
      runId: this.runId,
      received: this.#received,
      settled: this.#tally.users,
      awaitingProof: this.#awaitingProof,
      secondsLeft: ms > 0 ? Math.ceil(ms / 1000) : null,
    };
  }

  async #settle(reference: UserReference, signal: AbortSignal): Promise<RevocationResult> {
    const found = await resolveUser(reference, this.#parts.directory, signal);
    const { subject } = found;
    if (found.kind === 'notSignedIn') {
      this.#notSignedIn(found.why);
      return this.#row(subject, {
        outcome: 'Cancelled',
        detail: `Not sent: Graph refuses the token (${found.why}).`,
      });
    }
    if (found.kind === 'ended') return this.#row(subject, found.end);
    const key = subject.id ?? subject.reference.toLowerCase();
    for (let earlier = this.#byUser.get(key); earlier; earlier = this.#byUser.get(key)) {
      const row = await earlier;
      // The earlier request alone may have been withdrawn; then this one stands for itself.
      if (row.outcome !== 'Cancelled' || signal.aborted) return this.#joined(row, subject);
      if (this.#byUser.get(key) === earlier) this.#byUser.delete(key);
    }
    const work = this.#revoke(subject, signal);
    this.#byUser.set(key, work);
    return work;
  }

  async #revoke(subject: Subject, signal: AbortSignal): Promise<RevocationResult> {
    if (subject.id !== null && subject.id === this.#parts.caller.objectId) {
      return this.#row(subject, {
        outcome: 'Excluded',
        detail: 'This is the account you are signed in with: revoking it would end this very session.',
      });
    }
    if (signal.aborted || !(await this.#admit())) return this.#row(subject, this.#notSent());
    const done = await revokeUser(this.#context, subject, signal);
    return this.#row(done.subject, done.end);
  }

  /** Lets one more user pass, or asks whether this many are meant. */
  async #admit(): Promise<boolean> {
    this.#admitted += 1;
    const { maxUsers } = this.#parts.options;
    return maxUsers === undefined || this.#admitted <= maxUsers || this.#mayExceed(this.#admitted);
  }

  #mayExceed(users: number): Promise<boolean> {
    this.#permission ??= this.#askToExceed(users);
    return this.#permission;
  }

  async #askToExceed(users: number): Promise<boolean> {
    const { row, options, confirm } = this.#parts;
    const where = `tenant ${row.tenantId ?? '(unknown)'}${row.simulated ? ' (simulated)' : ''}`;
    const yes = await confirm(
      `${users > this.#admitted ? '' : 'At least '}${users} users of ${where} would be signed out; ${options.maxUsers} are allowed without asking. Go on?`,
    );
    if (!yes) {
      const message = `More than ${options.maxUsers} users were named and nobody agreed to it. Allow it with a higher limit or by force, if all of them are meant.`;
      this.stop({ code: 'TooManyUsers', message });
    }
    return yes;
  }

  #notSignedIn(why: string): void {
    const message = `Graph refuses the token (${why}). Sign in again and run the same command: who is revoked already is only revoked once more.`;
    this.stop({ code: 'NotSignedIn', message });
  }

  #notSent(): Settlement {
    const reason =
      this.#stop?.code === 'TooManyUsers' ? 'more users than allowed' : 'the run was stopped before';
    return { outcome: 'Cancelled', detail: `Not sent: ${reason}.` };
  }

  #joined(row: RevocationResult, subject: Subject): RevocationResult {
    const detail = ['Named more than once in this run; revoked once.', row.detail].filter(Boolean).join(' ');
    return { ...row, reference: subject.reference, attempts: 0, detail };
  }

  #row(subject: Subject, end: Settlement): RevocationResult {
    return rowOf(this.#parts.row, subject, end);
  }
}
