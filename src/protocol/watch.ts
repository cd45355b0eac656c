import type { UserReference } from './reference.ts';
import type { TenantConnection } from './tenant.ts';

/** A sign-in that was seen while users were watched. */
export interface WatchedSignIn {
  /** Of the log entry. */
  id: string;
  userId: string;
  userPrincipalName: string | null;
  /** @format date-time */
  at: string;
  /** `CameBack`: succeeded after the revocation. `Enforcing`: an old session, in the minutes that enforcement takes. `Late`: happened before, arrived now. */
  meaning: 'CameBack' | 'Tried' | 'Enforcing' | 'Late';
  succeeded: boolean;
  /** Why it failed, in the log's words. */
  failure: string | null;
  interactive: boolean;
  appDisplayName: string | null;
  resourceDisplayName: string | null;
  clientApp: string | null;
  legacyProtocol: boolean;
  /** Null when the log does not tell. */
  multiFactor: boolean | null;
  newSession: boolean;
  ipAddress: string | null;
  place: string | null;
  device: string | null;
  /** Compared with what was seen of this user before the revocation; null where nothing was, or the log does not tell. */
  sameIpAddress: boolean | null;
  sameCountry: boolean | null;
  sameDevice: boolean | null;
}

/** What became of one user who was watched. */
export interface WatchVerdict {
  /** What was handed in. */
  reference: string;
  userId: string | null;
  userPrincipalName: string | null;
  verdict: 'Silent' | 'Tried' | 'CameBack' | 'NotWatched';
  /** @format date-time */
  revokedAt: string | null;
  /** After the revocation, successful. */
  signIns: number;
  /** After it, failed. */
  failures: number;
  /** @format date-time */
  watchedUntil: string;
  /** What to do, or why nothing can be said. */
  advice: string;
}

/** Somebody to watch. */
export interface WatchedUser {
  user: UserReference;
  /**
   * When the sessions were revoked, by Graph's clock, where the host knows it: what counts where the tenant does not show it.
   * @format date-time
   */
  revokedAt?: string;
}

/**
 * Watches users until a time, a count or a cancellation. `signIns/seen` tells each sign-in and `signIns/warning` what
 * somebody should know who watches, both at once; the reply tells the verdicts, and the warnings again.
 */
export interface SignInsWatchParams {
  tenant: TenantConnection;
  /** Chosen by the host, named in the notifications. */
  watchId: string;
  /**
   * @minItems 1
   * @maxItems 1000
   */
  users: WatchedUser[];
  /**
   * How long, in minutes; without it until it is cancelled.
   * @minimum 1
   */
  minutes?: number;
  /**
   * Ends after so many sign-ins that came after the revocation.
   * @minimum 1
   */
  count?: number;
}

export interface SignInsWatchResult {
  verdicts: WatchVerdict[];
  warnings: string[];
}

/** Sign-ins that were not told before, the earliest first. */
export interface SignInsSeen {
  watchId: string;
  signIns: WatchedSignIn[];
}

export interface SignInsWarning {
  watchId: string;
  message: string;
}
