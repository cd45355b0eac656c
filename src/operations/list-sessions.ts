import type { SignInEntry } from '../graph/sign-in-entry.ts';
import { ListFailure } from '../graph/pages.ts';
import type { SessionsListParams, SessionsListResult, SignInSession } from '../protocol/session.ts';
import { Estimator } from './estimator.ts';
import { notPermitted } from './preflight.ts';
import { openReads, type Reading, type TenantReads } from './reading.ts';
import { type NamedUser, resolveUsers } from './resolve-users.ts';
import { sessionRows } from './session-row.ts';
import { signInsUnreadable } from './sign-in-access.ts';

/** How far back the logs are read unless somebody says otherwise. */
export const defaultHours = 24;

/**
 * Says where users are signed in, as the logs show it, and until when that lasts. What can't be read is told among the
 * warnings, and the estimates fall back to the worst case.
 * @throws RequestError NotSignedIn
 */
export async function listSessions(
  { users: references, hours = defaultHours }: Pick<SessionsListParams, 'users' | 'hours'>,
  reading: Reading,
): Promise<SessionsListResult> {
  const reads = openReads(reading);
  const { claims, info } = reading.connection;
  try {
    const { users, unresolved } = await resolveUsers(references, reads.directory, reading.signal);
    const [log, estimator] = await Promise.all([
      readLog(users, hours, reads, reading),
      Estimator.open(reads, claims, info.environment),
    ]);
    const now = reads.graphNow();
    const rowsOf = async (user: NamedUser): Promise<SignInSession[]> => {
      const estimated = await estimator.of(user, log.byUser.get(user.id) ?? [], { ...log, now });
      return sessionRows(info.tenantId, user, estimated);
    };
    const sessions = (await Promise.all(users.map(rowsOf))).flat();
    return {
      sessions,
      unresolved,
      warnings: [...(log.blind === null ? [] : [log.blind]), ...estimator.warnings],
    };
  } finally {
    reads.close();
  }
}

export interface LogRead {
  byUser: ReadonlyMap<string, SignInEntry[]>;
  /** From when it was read. */
  since: number;
  /** The sentence for somebody of whom nothing was found in it. */
  unseen: string;
  /** Why it could not be read, for a warning; null when it was. */
  blind: string | null;
}

/**
 * The successful sign-ins of users in the last hours.
 * @throws RequestError NotSignedIn
 */
export async function readLog(
  users: readonly Pick<NamedUser, 'id'>[],
  hours: number,
  reads: TenantReads,
  { connection: { claims }, signal }: Reading,
): Promise<LogRead> {
  const since = reads.graphNow() - hours * 3_600_000;
  const unread = (blind: string, unseen: string): LogRead => ({ byUser: new Map(), since, unseen, blind });
  const missing = notPermitted('ReadSignIns', claims);
  if (missing !== null) return unread(missing, 'The sign-in log was not permitted.');
  const ids = users.map(user => user.id);
  try {
    const entries = await reads.signInLog.read(ids, since, { successes: true, signal });
    const byUser = Map.groupBy(entries, entry => entry.userId);
    return { byUser, since, unseen: `The log shows no sign-in in ${hours} h.`, blind: null };
  } catch (error) {
    if (!(error instanceof ListFailure)) throw error;
    return unread(signInsUnreadable(error, claims), 'The sign-in log could not be read.');
  }
}
