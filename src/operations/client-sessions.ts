import type { SignInEntry } from '../graph/sign-in-entry.ts';
import { logLatenessMs } from '../graph/sign-in-log.ts';
import type { ObservedSession } from './access-estimate.ts';

/** What the log shows of one user, app, resource and client session. */
export interface ClientSession extends ObservedSession {
  /** The entry that shows the last token. */
  last: SignInEntry;
  signIns: number;
}

/**
 * Puts the entries of one user together: by session id, where the log has one; else by device and client. What failed
 * issued no token and is left out. The latest token comes first.
 */
export function clientSessions(entries: readonly SignInEntry[], since: number, now: number): ClientSession[] {
  const groups = Map.groupBy(
    entries.filter(entry => entry.errorCode === 0),
    ({ appId, resourceId, sessionId, deviceId, device, clientApp, ipAddress }) =>
      JSON.stringify([appId, resourceId, sessionId ?? [deviceId ?? device ?? ipAddress, clientApp]]),
  );
  const sessionOf = (group: SignInEntry[]) => clientSession(group, since, now);
  return [...groups.values()].map(sessionOf).toSorted((a, b) => b.lastIssued - a.lastIssued);
}

function clientSession(group: SignInEntry[], since: number, now: number): ClientSession {
  const [last] = group.toSorted((a, b) => b.at - a.at || Number(b.interactive) - Number(a.interactive));
  if (!last) throw new Error('a session without entries');
  const interactive = group.filter(entry => entry.interactive).map(entry => entry.at);
  return {
    last,
    signIns: group.length,
    resourceId: last.resourceId,
    clientApp: last.clientApp,
    protocol:
      group.find(entry => entry.protocol?.toLowerCase().startsWith('saml'))?.protocol ?? last.protocol,
    continuousAccess: continuousAccessOf(group, now),
    lastIssued: last.at,
    // Somebody who took part before what was read began did so at its beginning at the latest.
    lastInteractive: Math.max(since, ...interactive),
  };
}

/**
 * The flag stands on only one of the two entries that an authentication may have, so one that says yes decides. None that
 * does says no only when nothing can be under way that does (graph-facts 5.4).
 */
function continuousAccessOf(group: readonly SignInEntry[], now: number): boolean | null {
  if (group.some(entry => entry.continuousAccess === true)) return true;
  if (group.every(entry => entry.continuousAccess === null)) return null;
  const byAuthentication = Map.groupBy(group, entry => entry.correlationId ?? entry.id);
  const open = [...byAuthentication.values()].some(
    ([first, second]) => first && !second && first.at > now - logLatenessMs,
  );
  return open ? null : false;
}
