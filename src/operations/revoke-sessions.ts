import { identify } from '../graph/user-reference.ts';
import type { RecordedUser } from '../journal/run-state.ts';
import { RequestError } from '../protocol/errors.ts';
import type { RunProgress, UserDescribeResult } from '../protocol/messages.ts';
import type { HandedUser, UserReference } from '../protocol/reference.ts';
import type { RevocationResult, RunStop, RunSummary } from '../protocol/row.ts';
import { clockWarning } from './clock-warning.ts';
import { Deadlines } from './deadlines.ts';
import { describeUser } from './describe-user.ts';
import { type DirectorySource, type Finding, type Found, findUsers } from './find-users.ts';
import { Guards } from './guards.ts';
import { OnceEach } from './once-each.ts';
import { lookingFor } from './proof.ts';
import { RecordedUsers } from './recorded-users.ts';
import { Recording } from './recording.ts';
import { type Resolution, resolveUser } from './resolve-user.ts';
import { isSettled, provenEarlier, rowAgain } from './resume-user.ts';
import { type RevokeContext, revokeUser } from './revoke-user.ts';
import { rowOf, type Settlement, type Subject } from './row.ts';
import type { RevocationParts } from './run-parts.ts';
import { Tally } from './summary.ts';

/** Somebody who was handed in, and what an earlier session of the run has on record of them. */
interface Handed {
  number: number;
  reference: UserReference;
  earlier: RecordedUser | null;
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
  readonly #onceEach = new OnceEach();
  readonly #recording: Recording;
  /** Rows that are still to come, and who waits for the last of them. */
  #open = 0;
  #lastRow: (() => void) | null = null;
  readonly #startedAt: number;
  #received = 0;
  #awaitingProof = 0;
  readonly #guards: Guards;
  /** The caller's own account waits for everybody else: its revocation ends the session that signs the calls. */
  readonly #othersDone = Promise.withResolvers<void>();
  #others = 0;
  #ending = false;
  #graphObjects = 0;
  /** How many are known to come, where that is known. */
  #expected = 0;
  #stop: RunStop | null = null;
  #ended: Promise<RunSummary> | null = null;
  readonly #earlier: RecordedUsers;

  constructor(parts: RevocationParts) {
    this.#parts = parts;
    this.#earlier = new RecordedUsers(parts.recorded);
    this.#recording = new Recording(parts.journal, parts.release, stop => this.stop(stop));
    const { clock, directory, options } = parts;
    this.#startedAt = clock.now();
    const hurry = this.#stopping.signal;
    this.#guards = new Guards(parts.row, parts.caller, {
      maxUsers: options.maxUsers,
      exclusions: parts.exclusions,
      confirm: async question => {
        const yes = await parts.confirm(question);
        if (yes) this.#recording.confirmed(question);
        return yes;
      },
      onRefused: () => this.stop({ code: 'TooManyUsers', message: this.#tooMany }),
    });
    this.#context = {
      row: parts.row,
      caller: parts.caller,
      writes: parts.writes,
      reads: parts.reads,
      serverClock: parts.serverClock,
      verificationMs: options.verificationMs,
      looking: lookingFor(options.verificationMs, () => parts.serverClock.at(clock.now())),
      skipVerification: options.skipVerification,
      prover: {
        directory,
        clock,
        hurry,
        deadlines: new Deadlines(clock, hurry, () => parts.reads.heldBack),
        toleranceMs: options.toleranceMs,
      },
      awaiting: change => {
        this.#awaitingProof += change;
      },
      notSignedIn: why => this.#notSignedIn(why),
      explainer: parts.explainer,
      log: message => parts.onLog?.(message),
    };
  }

  get runId(): string {
    return this.#parts.row.runId;
  }

  /** Says who a reference is and whether this run would leave them alone; reads at most. */
  async describe(handed: HandedUser, signal?: AbortSignal): Promise<UserDescribeResult> {
    const reference = 'recorded' in handed ? this.#earlier.get(handed).reference : handed;
    return describeUser(reference, this.#parts.directory, subject => this.#spared(subject), signal);
  }

  /** Hands in one user; resolves when that user is settled. */
  revoke(handed: HandedUser, signal?: AbortSignal): Promise<RevocationResult> {
    if ('recorded' in handed) return this.#goOn(this.#earlier.get(handed), signal);
    const number = this.#earlier.last + this.#received + 1;
    this.#recording.named(number, handed);
    if ('type' in handed && handed.type?.startsWith('Microsoft.Graph.PowerShell.')) this.#graphObjects += 1;
    return this.#take({ number, reference: handed, earlier: null }, signal);
  }

  /** Somebody out of the record: whoever is settled comes back as before. */
  async #goOn(earlier: RecordedUser, signal?: AbortSignal): Promise<RevocationResult> {
    if (!earlier.row || !isSettled(earlier)) {
      return this.#take({ number: earlier.user, reference: earlier.reference, earlier }, signal);
    }
    this.#received += 1;
    const row = rowAgain(earlier.row, this.#parts.row);
    this.#tally.add(row);
    return row;
  }

  // Of the way from here to the call as few functions as can be are async ones: a thousand users wait in them.
  async #take(handed: Handed, signal?: AbortSignal): Promise<RevocationResult> {
    this.#received += 1;
    this.#others += 1;
    this.#open += 1;
    const own = signal ? AbortSignal.any([signal, this.#stopping.signal]) : this.#stopping.signal;
    let self = false;
    try {
      const found = await this.#resolve(handed, own);
      self = found.kind === 'subject' && this.#guards.isSelf(found.subject);
      if (self) this.#settledOther();
      const row = await this.#settle(handed, found, self, own);
      if (this.#onceEach.isRepeated(row)) this.#tally.addRepeated();
      else this.#tally.add(row);
      return await this.#recording.settle(handed.number, row);
    } finally {
      if (!self) this.#settledOther();
      this.#open -= 1;
      if (this.#open === 0) this.#lastRow?.();
    }
  }

  /**
   * Reads who is in a source, and asks when they are more than allowed.
   * @throws RequestError
   */
  async find(source: DirectorySource): Promise<Found> {
    const found = await findUsers(source, this.#finding, this.#stopping.signal);
    if (!(await this.expect(found.users))) throw new RequestError('TooManyUsers', this.#tooMany);
    return found;
  }

  /**
   * Who is left to do in the record that is gone on with, or everybody in it; asks when they are more than allowed.
   * @throws RequestError
   */
  async findRecorded(all: boolean): Promise<ReturnType<RecordedUsers['find']>> {
    const found = this.#earlier.find(all);
    if (!(await this.expect(found.users))) throw new RequestError('TooManyUsers', this.#tooMany);
    return found;
  }

  /** Tells beforehand how many users will come, so that a question is asked before the first call and not at its limit. */
  expect(users: number): Promise<boolean> {
    this.#expected = Math.max(this.#expected, users);
    return this.#guards.expect(users);
  }

  /** No more users will come; resolves after the last row. */
  end(): Promise<RunSummary> {
    this.#ended ??= this.#finish();
    return this.#ended;
  }

  async #finish(): Promise<RunSummary> {
    this.#ending = true;
    this.#releaseSelf();
    if (this.#open > 0) await new Promise<void>(resolve => (this.#lastRow = resolve));
    if (this.#received === 100 && this.#graphObjects === 100) {
      this.#parts.onWarning?.(
        'Exactly 100 objects came from Graph, which is the size of its first page: was -All forgotten on the command before?',
      );
    }
    const { clock, row, serverClock } = this.#parts;
    const wrongClock = clockWarning(serverClock);
    if (wrongClock) this.#parts.onWarning?.(wrongClock);
    for (const warning of (await this.#parts.explainer?.warnings()) ?? []) this.#parts.onWarning?.(warning);
    const times = { startedAt: this.#startedAt, endedAt: clock.now() };
    const record = await this.#recording.end(this.#tally.outcomes, this.#stop);
    return this.#tally.summary({ ...row, ...times }, this.#stop, record);
  }

  /** Stops the run: the first reason stays. */
  stop(stop: RunStop): void {
    if (this.#stop) return;
    this.#stop = stop;
    this.#stopping.abort();
    this.#parts.explainer?.stop();
    this.#releaseSelf();
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
    this.#parts.explainer?.close();
  }

  get progress(): RunProgress {
    const now = this.#parts.clock.now();
    const known = Math.max(this.#received, this.#expected);
    const waiting = known - this.#tally.rows - this.#awaitingProof;
    const ms = this.#parts.writePace.timeFor(waiting, now);
    const seconds = Math.max(1, (now - this.#startedAt) / 1000);
    return {
      runId: this.runId,
      received: known,
      settled: this.#tally.rows,
      awaitingProof: this.#awaitingProof,
      perSecond: Math.round((10 * (this.#tally.rows + this.#awaitingProof)) / seconds) / 10,
      secondsLeft: ms > 0 ? Math.ceil(ms / 1000) : null,
    };
  }

  #settle(
    handed: Handed,
    found: Resolution,
    self: boolean,
    signal: AbortSignal,
  ): RevocationResult | Promise<RevocationResult> {
    switch (found.kind) {
      case 'subject': {
        const { subject } = found;
        const work = () => (self ? this.#revokeSelf : this.#revoke).call(this, handed, subject, signal);
        return this.#onceEach.take(subject, signal, work);
      }
      case 'ended':
        return this.#row(found.subject, found.end);
      case 'notSignedIn': {
        this.#notSignedIn(found.why);
        const detail = `Not sent: Graph refuses your sign-in (${found.why}). Sign in again, then run the same command.`;
        return this.#row(found.subject, { outcome: 'Cancelled', detail });
      }
    }
  }

  /** Who was called once is whoever was called then: a name may have changed hands since. */
  #resolve({ reference, earlier }: Handed, signal: AbortSignal): Resolution | Promise<Resolution> {
    const called = earlier?.userId;
    if (called != null) return this.#resolveCalled(called, reference, signal);
    return resolveUser(reference, this.#parts.directory, signal);
  }

  async #resolveCalled(called: string, reference: UserReference, signal: AbortSignal): Promise<Resolution> {
    const found = await resolveUser({ text: called }, this.#parts.directory, signal);
    const { text, hints } = identify(reference);
    return { ...found, subject: { ...found.subject, reference: text, hints } };
  }

  #revoke(
    handed: Handed,
    subject: Subject,
    signal: AbortSignal,
  ): RevocationResult | Promise<RevocationResult> {
    const excluded = this.#guards.excluded(subject);
    if (excluded) return this.#row(subject, excluded);
    const called = this.#earlier.calledAs(subject.id) ?? handed.earlier;
    if (called) return this.#revokeAgain(handed, called, subject, signal);
    return this.#send(handed, subject, signal);
  }

  /** Somebody who was called in an earlier session of the run, or handed in. */
  async #revokeAgain(
    handed: Handed,
    called: RecordedUser,
    subject: Subject,
    signal: AbortSignal,
  ): Promise<RevocationResult> {
    if (called.row && called.user !== handed.number && isSettled(called)) {
      return this.#onceEach.joined(rowAgain(called.row, this.#parts.row), subject);
    }
    const { serverClock, row } = this.#parts;
    const proven = await provenEarlier(this.#context.prover, serverClock, called, subject, row);
    return proven ?? this.#send(handed, subject, signal);
  }

  #send(handed: Handed, subject: Subject, signal: AbortSignal): RevocationResult | Promise<RevocationResult> {
    const notSent = () => this.#row(subject, this.#notSent(handed));
    if (signal.aborted) return notSent();
    const admitted = this.#guards.admit();
    const send = () => revokeUser(this.#context, handed.number, subject, signal);
    if (admitted === true) return send();
    return admitted.then(yes => (yes ? send() : notSent()));
  }

  async #revokeSelf(handed: Handed, subject: Subject, signal: AbortSignal): Promise<RevocationResult> {
    await this.#othersDone.promise;
    if (this.#parts.options.includeSelf) return this.#revoke(handed, subject, signal);
    const alone = this.#received === 1;
    const detail = alone
      ? 'This is you. To sign yourself out everywhere, use -Me (on the command line --me).'
      : 'This is the account that you are signed in with; it was left alone. -IncludeSelf revokes it too, last of all.';
    return this.#row(subject, { outcome: 'Excluded', detail, severity: alone ? 'warning' : 'none' });
  }

  /** Why somebody would be left alone, in a few words. */
  #spared(subject: Subject): string | null {
    if (this.#guards.isSelf(subject) && !this.#parts.options.includeSelf)
      return 'your own account, left alone';
    return this.#guards.excluded(subject) ? 'excluded, left alone' : null;
  }

  #settledOther(): void {
    this.#others -= 1;
    this.#releaseSelf();
  }

  #releaseSelf(): void {
    if ((this.#ending && this.#others === 0) || this.#stop) this.#othersDone.resolve();
  }

  get #finding(): Finding {
    const { reads, endpoint, groups, caller, onLog } = this.#parts;
    return { lane: reads, endpoint, groups, caller, log: message => onLog?.(message) };
  }

  get #tooMany(): string {
    const before =
      this.#guards.passed === 0
        ? 'Nobody was revoked.'
        : `${this.#guards.passed} were let through before; their rows tell.`;
    return `More than ${this.#parts.options.maxUsers} users were named and nobody agreed to it. ${before} Allow it with a higher -MaxUsers (--max-users) or with -Force (--force), if all of them are meant.`;
  }

  #notSignedIn(why: string): void {
    const refusal = this.#parts.tokenRefusal();
    const message = `Graph refuses the token (${why})${refusal ? `, and there is no other one: ${refusal}` : '.'} Sign in again, then resume the run, or run the same command: who is revoked already is only revoked once more.`;
    this.stop({ code: 'NotSignedIn', message });
  }

  #notSent({ earlier }: Handed): Settlement {
    if (earlier?.unproven) {
      const detail =
        'Sent in an earlier session of this run; what became of it was not found out. Resume the run.';
      return { outcome: 'Unknown', detail };
    }
    const reason =
      this.#stop?.code === 'TooManyUsers' ? 'more users than allowed' : 'the run was stopped before';
    return { outcome: 'Cancelled', detail: `Not sent: ${reason}.` };
  }

  #row(subject: Subject, end: Settlement): RevocationResult {
    return rowOf(this.#parts.row, subject, end);
  }
}
