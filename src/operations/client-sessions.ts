import type { SignInEntry } from '../graph/sign-in-entry.ts';
import { logLatenessMs } from '../graph/sign-in-log.ts';
import { type ObservedSession, wholeSecondMs } from './access-estimate.ts';

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
  const successes = entries.filter(entry => entry.errorCode === 0);
  const bySession = Map.groupBy(successes, entry => entry.sessionId);
  const groups = Map.groupBy(
    successes,
    ({ appId, resourceId, sessionId, deviceId, device, clientApp, ipAddress }) =>
      JSON.stringify([appId, resourceId, sessionId ?? [deviceId ?? device ?? ipAddress, clientApp]]),
  );
  const sessionOf = (group: SignInEntry[]): ClientSession => {
    const [last] = group.toSorted((a, b) => b.at - a.at || Number(b.interactive) - Number(a.interactive));
    if (!last) throw new Error('a session without entries');
    return {
      last,
      signIns: group.length,
      resourceId: last.resourceId,
      clientApp: last.clientApp,
      protocol: group.find(entry => entry.protocol?.startsWith('saml'))?.protocol ?? last.protocol,
      continuousAccess: continuousAccessOf(group, now),
      lastIssued: last.at + wholeSecondMs,
      lastInteractive: lastInteractiveOf(bySession.get(last.sessionId) ?? group, since, now) + wholeSecondMs,
    };
  };
  return [...groups.values()].map(sessionOf).toSorted((a, b) => b.lastIssued - a.lastIssued);
}

/**
 * When a person last took part in a session, whichever of its apps that was for. Where the log does not show it, it was
 * before what was read began, or it is under way: then it was not after the first thing that shows.
 */
function lastInteractiveOf(ofSession: readonly SignInEntry[], since: number, now: number): number {
  const interactive = ofSession.filter(entry => entry.interactive).map(entry => entry.at);
  if (interactive.length > 0) return Math.max(...interactive);
  const first = Math.min(...ofSession.map(entry => entry.at));
  return first < now - logLatenessMs ? since : first;
}

/**
 * The flag stands on only one of the two entries that an authentication may have, so one that says yes decides. The others
 * say no as soon as there is an authentication of which nothing can be under way any more (graph-facts 5.4).
 */
function continuousAccessOf(group: readonly SignInEntry[], now: number): boolean | null {
  const told = group.filter(entry => entry.continuousAccess !== null);
  if (told.some(entry => entry.continuousAccess)) return true;
  const byAuthentication = Map.groupBy(told, entry => entry.correlationId ?? entry.id);
  const isWhole = ([first, second]: SignInEntry[]) =>
    second !== undefined || (first !== undefined && first.at < now - logLatenessMs);
  return [...byAuthentication.values()].some(isWhole) ? false : null;
}
