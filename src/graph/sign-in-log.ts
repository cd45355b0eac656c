import type { GraphEndpoint } from './endpoint.ts';
import type { Lane } from './lane.ts';
import { ListFailure, readList } from './pages.ts';
import { type SignInEntry, signInEntryOf } from './sign-in-entry.ts';

/** An entry may appear so long after it happened (graph-facts 5.4). */
export const logLatenessMs = 2 * 3_600_000;

/** What a tenant keeps at least (graph-facts 5.4: 7 days, 30 with Entra ID P1 or P2). */
export const shortestRetentionMs = 7 * 86_400_000;

/**
 * So many users go into one filter: as many as an address has room for, and fewer where Graph takes no such filter. How
 * many it takes here Microsoft does not say; in the directory it is 15 (graph-docs, aad-advanced-queries).
 */
const groupSizes = [50, 15, 7, 3, 1];

/** Graph's own page of this log (graph-facts 5.4). */
const pageSize = 1000;

/**
 * Reads the sign-in log of users. Only version beta tells sessions, continuous access and sign-ins without a person, and
 * the quota is five requests in ten seconds: so users go into one filter together, and both kinds of sign-in too.
 */
export class SignInLog {
  readonly #lane: Lane;
  readonly #endpoint: GraphEndpoint;
  /** The size in use, which only gets smaller. */
  #size = 0;

  /** The lane and endpoint are of version beta, and the lane's pace that of reports. */
  constructor(lane: Lane, endpoint: GraphEndpoint) {
    this.#lane = lane;
    this.#endpoint = endpoint;
  }

  /**
   * What these users did since a moment, each entry once: the log may show one twice. `successes` leaves out what failed.
   * @throws ListFailure
   */
  async read(
    userIds: readonly string[],
    since: number,
    { successes = false, signal }: { successes?: boolean; signal?: AbortSignal | undefined } = {},
  ): Promise<SignInEntry[]> {
    const byId = new Map<string, SignInEntry>();
    const left = [...new Set(userIds)];
    while (left.length > 0) {
      const group = left.slice(0, groupSizes[this.#size]);
      const list = await this.#group(group, since, successes, signal);
      if (!list) continue;
      left.splice(0, group.length);
      const asked = new Set(group);
      for (const entry of list) if (entry && asked.has(entry.userId)) byId.set(entry.id, entry);
    }
    return [...byId.values()];
  }

  /** Null when the filter was too much and has to be a smaller one. */
  async #group(
    userIds: readonly string[],
    since: number,
    successes: boolean,
    signal: AbortSignal | undefined,
  ): Promise<(SignInEntry | null)[] | null> {
    const path = `/auditLogs/signIns?$filter=${encodeURIComponent(signInFilter(userIds, since, successes))}&$top=${pageSize}`;
    try {
      return await readList(this.#lane, this.#endpoint, path, { keep: signInEntryOf, signal });
    } catch (error) {
      const tooMuch = error instanceof ListFailure && (error.status === 400 || error.status === 414);
      const smaller = groupSizes.findIndex(size => size < userIds.length);
      if (!tooMuch || smaller < 0) throw error;
      this.#size = smaller;
      return null;
    }
  }
}

/** The filter for what users did since a moment, with a person or without. */
export function signInFilter(userIds: readonly string[], since: number, successes: boolean): string {
  const users = userIds.map(id => `userId eq '${id}'`).join(' or ');
  const terms = [
    `createdDateTime ge ${new Date(since).toISOString().replace(/\.\d+Z$/, 'Z')}`,
    `(${users})`,
    `signInEventTypes/any(t: t eq 'interactiveUser' or t eq 'nonInteractiveUser')`,
    ...(successes ? ['status/errorCode eq 0'] : []),
  ];
  return terms.join(' and ');
}
