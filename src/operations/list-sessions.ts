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
    const since = reads.graphNow() - hours * 3_600_000;
    const [log, estimator] = await Promise.all([
      readLog(users, since, reads, reading),
      Estimator.open(reads, claims, info.environment),
    ]);
    const now = reads.graphNow();
    const rowsOf = async (user: NamedUser): Promise<SignInSession[]> => {
      const entries = log.kind === 'read' ? (log.byUser.get(user.id) ?? []) : [];
      const unseen = log.kind === 'read' ? `The log shows no sign-in in ${hours} h.` : log.short;
      return sessionRows(info.tenantId, user, await estimator.of(user, entries, { since, now, unseen }));
    };
    const sessions = (await Promise.all(users.map(rowsOf))).flat();
    return {
      sessions,
      unresolved,
      warnings: [...(log.kind === 'read' ? [] : [log.why]), ...estimator.warnings],
    };
  } finally {
    reads.close();
  }
}

export type LogRead =
  | { kind: 'read'; byUser: Map<string, SignInEntry[]> }
  /** `why` for a warning, `short` for a row. */
  | { kind: 'unreadable'; why: string; short: string };

/**
 * The successful sign-ins of users, by user.
 * @throws RequestError NotSignedIn
 */
export async function readLog(
  users: readonly Pick<NamedUser, 'id'>[],
  since: number,
  reads: TenantReads,
  { connection: { claims }, signal }: Reading,
): Promise<LogRead> {
  const missing = notPermitted('ReadSignIns', claims);
  if (missing !== null)
    return { kind: 'unreadable', why: missing, short: 'The sign-in log was not permitted.' };
  const ids = users.map(user => user.id);
  try {
    const entries = await reads.signInLog.read(ids, since, { successes: true, signal });
    return { kind: 'read', byUser: Map.groupBy(entries, entry => entry.userId) };
  } catch (error) {
    if (!(error instanceof ListFailure)) throw error;
    return {
      kind: 'unreadable',
      why: signInsUnreadable(error, claims),
      short: 'The sign-in log could not be read.',
    };
  }
}
