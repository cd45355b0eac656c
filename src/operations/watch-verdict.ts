import type { WatchVerdict } from '../protocol/watch.ts';
import { harmless } from './harmless.ts';
import type { NamedUser } from './resolve-users.ts';
import { isoTime, shown } from './session-row.ts';

/** What was seen of one user. */
export interface Watched {
  named: NamedUser;
  revokedAt: number | null;
  /** Sign-ins after the revocation that succeeded, and those that failed. */
  cameBack: number;
  tried: number;
  watchedUntil: number;
}

/** What became of a user, and what to do. */
export function verdictOf({ named, revokedAt, cameBack, tried, watchedUntil }: Watched): WatchVerdict {
  const verdict = cameBack > 0 ? 'CameBack' : tried > 0 ? 'Tried' : 'Silent';
  return {
    reference: harmless(named.reference),
    userId: named.id,
    userPrincipalName: shown(named.userPrincipalName),
    verdict,
    revokedAt: isoTime(revokedAt),
    signIns: cameBack,
    failures: tried,
    watchedUntil: new Date(watchedUntil).toISOString(),
    advice: named.external && verdict === 'CameBack' ? abroad : advices[verdict],
  };
}

/** Somebody of whom nothing can be said, and why. */
export const notWatched = (
  named: Pick<NamedUser, 'reference'> & Partial<NamedUser>,
  why: string,
  watchedUntil: number,
): WatchVerdict => ({
  reference: harmless(named.reference),
  userId: named.id ?? null,
  userPrincipalName: shown(named.userPrincipalName ?? null),
  verdict: 'NotWatched',
  revokedAt: isoTime(named.user?.sessionsValidFrom ?? null),
  signIns: 0,
  failures: 0,
  watchedUntil: new Date(watchedUntil).toISOString(),
  advice: harmless(why),
});

const advices: Readonly<Record<'Silent' | 'Tried' | 'CameBack', string>> = {
  Silent: 'No sign-in since the revocation. The log is late by minutes, at times by 2 h: look again then.',
  Tried:
    'Somebody tried and failed. If it was not the user: reset the password, and look at the MFA methods.',
  CameBack:
    'Signed in again. If it was not the user: disable the account, reset the password, remove unknown MFA methods, then revoke again.',
};

const abroad =
  'Signed in again: an external user, whom only the home tenant can sign out. Block or remove the guest here.';
