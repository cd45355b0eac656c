import type { Clock } from '../graph/clock.ts';
import { ListFailure } from '../graph/pages.ts';
import { logLatenessMs, shortestRetentionMs } from '../graph/sign-in-log.ts';
import type { SignInsWatchParams, SignInsWatchResult, WatchedSignIn } from '../protocol/watch.ts';
import { notPermitted } from './preflight.ts';
import { openReads, type Reading, type TenantReads } from './reading.ts';
import { notSignedIn, resolveUsers } from './resolve-users.ts';
import { signInsUnreadable } from './sign-in-access.ts';
import { WatchedUser } from './watched-user.ts';
import { notWatched } from './watch-verdict.ts';

/** What a watch stands on; its signal ends it, and it still gives its verdicts. */
export interface Watching extends Reading {
  /** Told what was seen, oldest first, as soon as the log shows it. */
  onSeen: (signIns: WatchedSignIn[]) => void;
  /** Told at once what somebody should know who watches; the result has it all again. */
  onWarning?: ((message: string) => void) | undefined;
}

/** So far back before the revocation is read what users do as a rule: their sessions, addresses, devices. */
const habitsMs = 24 * 3_600_000;

/**
 * The log gets new entries by the minute. Whoever watches for long waits longer between the looks, and so does a watch of
 * so many users that a look takes long.
 */
const shortestPauseMs = 15_000;
const longestPauseMs = 60_000;

/**
 * Watches the sign-ins of users until the time is over, enough was seen or the signal says so.
 * @throws RequestError NotSignedIn
 */
export async function watchSignIns(
  params: Pick<SignInsWatchParams, 'users' | 'minutes' | 'count'>,
  watching: Watching,
): Promise<SignInsWatchResult> {
  const reads = openReads(watching);
  try {
    return await new Watch(params, watching, reads).run();
  } finally {
    reads.close();
  }
}

class Watch {
  readonly #params: Pick<SignInsWatchParams, 'users' | 'minutes' | 'count'>;
  readonly #watching: Watching;
  readonly #reads: TenantReads;
  readonly #clock: Clock;
  readonly #warnings = new Set<string>();
  #users: WatchedUser[] = [];
  /** By Graph's clock: when the log was last read to its end; null before the first time. */
  #watchedUntil: number | null = null;
  /** Sign-ins after the revocation, successful or not. */
  #counted = 0;

  constructor(
    params: Pick<SignInsWatchParams, 'users' | 'minutes' | 'count'>,
    watching: Watching,
    reads: TenantReads,
  ) {
    this.#params = params;
    this.#watching = watching;
    this.#reads = reads;
    this.#clock = watching.clock;
  }

  async run(): Promise<SignInsWatchResult> {
    const { users: references, minutes } = this.#params;
    const startedAt = this.#clock.now();
    // Without the signal: who is stopped at once still wants to know of whom it was about.
    const { users, unresolved } = await resolveUsers(
      references.map(({ user }) => user),
      this.#reads.directory,
    );
    const begin = this.#reads.graphNow();
    this.#users = users.map(named => {
      const revokedAt = references[named.index]?.revokedAt;
      return new WatchedUser(named, begin, revokedAt === undefined ? null : Date.parse(revokedAt));
    });
    const missing = notPermitted('ReadSignIns', this.#watching.connection.claims);
    const blind =
      missing ?? (await this.#watch(startedAt, minutes === undefined ? null : startedAt + minutes * 60_000));
    if (blind !== null) this.#warn(blind);
    const until = this.#watchedUntil ?? this.#reads.graphNow();
    const watched = this.#users.map(user =>
      this.#watchedUntil === null
        ? notWatched(user.named, blind ?? 'The watch was stopped before its first look.', until)
        : user.verdict(until),
    );
    const others = unresolved.map(({ reference, detail }) => notWatched({ reference }, detail, until));
    return { verdicts: [...watched, ...others], warnings: [...this.#warnings] };
  }

  /** Looks again and again; the reason when the log can't be read at all, else null. */
  async #watch(startedAt: number, end: number | null): Promise<string | null> {
    const { signal } = this.#watching;
    while (this.#users.length > 0 && !signal?.aborted) {
      const from = this.#clock.now();
      try {
        await this.#look();
      } catch (error) {
        if (!(error instanceof ListFailure)) throw error;
        const why = signInsUnreadable(error, this.#watching.connection.claims);
        if (signal?.aborted) return null;
        // A refusal lasts; what else goes wrong may pass.
        if (error.status !== null && error.status < 500) return why;
        this.#warn(`${why} It is tried again.`);
      }
      const now = this.#clock.now();
      if (this.#isEnough || (end !== null && now >= end)) return null;
      const patience = Math.min(longestPauseMs, (now - startedAt) / 20);
      const pause = Math.max(shortestPauseMs, patience, now - from);
      await this.#clock.sleep(end === null ? pause : Math.min(pause, end - now), signal).catch(() => {});
    }
    return null;
  }

  get #isEnough(): boolean {
    const { count } = this.#params;
    return count !== undefined && this.#counted >= count;
  }

  async #look(): Promise<void> {
    const { signal, onSeen } = this.#watching;
    await this.#readRevocations();
    const now = this.#reads.graphNow();
    const ids = this.#users.map(user => user.named.id);
    const entries = await this.#reads.signInLog.read(ids, this.#since(now), { signal });
    const byUser = Map.groupBy(entries, entry => entry.userId);
    const seen = this.#users.flatMap(user => user.take(byUser.get(user.named.id) ?? []));
    this.#watchedUntil = now;
    this.#counted += seen.filter(one => one.meaning === 'CameBack' || one.meaning === 'Tried').length;
    if (seen.length > 0) onSeen(seen.toSorted((a, b) => a.at.localeCompare(b.at)));
  }

  /** At first what users did before the revocation, too; later whatever may have come late since the last look. */
  #since(now: number): number {
    if (this.#watchedUntil !== null) return this.#watchedUntil - logLatenessMs;
    const first = Math.min(...this.#users.map(user => user.revokedAt)) - habitsMs;
    return Math.max(first, now - shortestRetentionMs);
  }

  /** Somebody may be revoked while they are watched. */
  async #readRevocations(): Promise<void> {
    await Promise.all(
      this.#users.map(async user => {
        const read = await this.#reads.directory.read(user.named.id, undefined, 1);
        if (read.kind === 'notSignedIn') throw notSignedIn(read.why);
        if (read.kind === 'user') user.setValidFrom(read.user.sessionsValidFrom);
      }),
    );
  }

  #warn(message: string): void {
    if (this.#warnings.has(message)) return;
    this.#warnings.add(message);
    this.#watching.onWarning?.(message);
  }
}
