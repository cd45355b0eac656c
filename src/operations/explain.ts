import { isExternal } from '../graph/directory.ts';
import type { Outcome, RevocationResult } from '../protocol/row.ts';
import { Estimator } from './estimator.ts';
import { harmless } from './harmless.ts';
import { defaultHours, readLog } from './list-sessions.ts';
import { openReads, type Reading, type TenantReads } from './reading.ts';
import type { NamedUser } from './resolve-users.ts';
import type { Subject } from './row.ts';
import { isoTime } from './session-row.ts';

/** What a row says about the end of access. */
export type Explanation = Required<Pick<RevocationResult, 'accessUntil' | 'because' | 'confidence'>>;

interface Waiting {
  named: NamedUser;
  resolve: (explanation: Explanation) => void;
}

/** As many as one filter of the log takes at best. */
const together = 50;

/**
 * Says of users who were just revoked until when the last of their sessions lasts. Whoever is asked about while the log
 * is being read waits and is read together with others, since the log's quota is small.
 */
export class Explainer {
  readonly #reading: Reading;
  readonly #reads: TenantReads;
  readonly #stopping = new AbortController();
  #estimator: Promise<Estimator> | null = null;
  #waiting: Waiting[] = [];
  #working = false;
  /** Why the log could not be read; each once. */
  readonly #blind = new Set<string>();

  constructor(reading: Reading) {
    this.#reading = { ...reading, signal: this.#stopping.signal };
    this.#reads = openReads(this.#reading);
  }

  /** The row with the end of access in it, where the call was accepted; as it is after a stop. */
  async explain(row: RevocationResult, subject: Subject): Promise<RevocationResult> {
    const named = accepted.has(row.outcome) ? namedIn(row, subject) : null;
    if (named === null || this.#stopping.signal.aborted) return row;
    const explanation = await new Promise<Explanation>(resolve => {
      this.#waiting.push({ named, resolve });
      if (!this.#working) void this.#work();
    });
    return { ...row, ...explanation };
  }

  /** What could not be read. */
  async warnings(): Promise<string[]> {
    const estimator = await this.#estimator?.catch(() => null);
    return [...this.#blind, ...(estimator?.warnings ?? [])];
  }

  /** Reads nothing more: whoever waits gets what is known without. */
  stop(): void {
    this.#stopping.abort();
  }

  close(): void {
    this.#reads.close();
  }

  async #work(): Promise<void> {
    this.#working = true;
    // Everybody who is settled in the same turn of the event loop is read together.
    await new Promise(resolve => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, together);
      try {
        await this.#explain(group);
      } catch (error) {
        // An explanation that fails must not change what became of the user.
        const why = error instanceof Error ? error.message : String(error);
        for (const { resolve } of group) resolve(unexplained(why));
      }
    }
    this.#working = false;
  }

  async #explain(group: readonly Waiting[]): Promise<void> {
    const reads = this.#reads;
    const { claims, info } = this.#reading.connection;
    this.#estimator ??= Estimator.open(reads, claims, info.environment);
    const users = group.map(({ named }) => named);
    const [estimator, log] = await Promise.all([
      this.#estimator,
      readLog(users, defaultHours, reads, this.#reading),
    ]);
    if (log.blind !== null) this.#blind.add(log.blind);
    for (const { named, resolve } of group) {
      const now = reads.graphNow();
      const sessions = await estimator.of(named, log.byUser.get(named.id) ?? [], { ...log, now });
      resolve(
        lastOf(
          sessions.map(({ session, estimate }) => ({
            ...estimate,
            app: session?.last.appName ?? null,
            end: session ? estimate.until : estimate.untilIfRevoked,
          })),
        ),
      );
    }
  }
}

const accepted: ReadonlySet<Outcome> = new Set(['Revoked', 'Unverified', 'NoEffect']);

/** Whom a row is about, with what was read of them; null where that is not known by id. */
function namedIn(row: RevocationResult, { user, hints }: Subject): NamedUser | null {
  const { reference, userId: id, userPrincipalName, displayName } = row;
  if (id === null) return null;
  const external = row.outcome === 'NoEffect' || (user?.external ?? isExternal(hints.userPrincipalName));
  return { reference, id, userPrincipalName, displayName, external, user };
}

interface Ending {
  app: string | null;
  end: number | null;
  because: string;
  confidence: Explanation['confidence'];
}

/** The session that lasts longest; one without an end of its own before all others, which then are told beside it. */
function lastOf(endings: readonly Ending[]): Explanation {
  const endless = endings.filter(({ end }) => end === null);
  const [longest] = endings.filter(({ end }) => end !== null).toSorted((a, b) => (b.end ?? 0) - (a.end ?? 0));
  const last = endless[0] ?? longest;
  if (!last) return unexplained('nothing is known');
  const { because, confidence } = last;
  const apps = [...new Set(endless.map(({ app }) => app).filter(app => app !== null))];
  const where = apps.length > 0 ? `${harmless(apps.slice(0, 3).join(', '))}: ` : '';
  const rest = endless.length > 0 && longest ? ` All else ends by ${isoTime(longest.end)}.` : '';
  return { accessUntil: isoTime(last.end), because: `${where}${because}${rest}`, confidence };
}

const unexplained = (why: string): Explanation => ({
  accessUntil: null,
  because: `Until when access lasts could not be found out: ${why}`,
  confidence: 'Inferred',
});
