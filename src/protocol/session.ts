import type { UserReference } from './reference.ts';
import type { TenantConnection } from './tenant.ts';

/** How sure an estimate is: the log and the policies say so, or it is the longest that the documented rules allow. */
export type Confidence = 'Known' | 'Inferred';

/**
 * What decides until when access lasts. `ContinuousAccess`: the resource hears of a revocation within minutes.
 * `TokenLifetime`: an access token lives out, as long as Microsoft makes it; `TokenLifetimePolicy`: as the tenant does;
 * `LongToken`: it is one of continuous access evaluation for a resource that does not take part. `AppSession`: the app may
 * keep a session of its own. `HomeTenant`: an external user.
 */
export type AccessRule =
  'ContinuousAccess' | 'TokenLifetime' | 'TokenLifetimePolicy' | 'LongToken' | 'AppSession' | 'HomeTenant';

/** Where somebody is signed in, as the sign-in logs show it: one user, app, resource and client session. */
export interface SignInSession {
  tenantId: string | null;
  /** What was handed in. */
  reference: string;
  userId: string | null;
  userPrincipalName: string | null;
  displayName: string | null;
  /** The client application. Null, with all that follows, in the row of somebody of whom the logs tell nothing. */
  appId: string | null;
  appDisplayName: string | null;
  resourceId: string | null;
  resourceDisplayName: string | null;
  /** The log's id that links the tokens of one sign-in. */
  sessionId: string | null;
  /**
   * When the last token was issued that the log shows.
   * @format date-time
   */
  lastTokenIssued: string | null;
  /** Whether a person took part in that. */
  interactive: boolean | null;
  /** As the log calls it: Browser, Mobile Apps and Desktop clients, ... */
  clientApp: string | null;
  /** Name, or operating system and browser. */
  device: string | null;
  deviceId: string | null;
  managed: boolean | null;
  ipAddress: string | null;
  /** City and country. */
  place: string | null;
  /** Whether its tokens end in near real time (continuous access evaluation); null when the log does not tell. */
  continuousAccess: boolean | null;
  riskLevel: string | null;
  riskState: string | null;
  /** Log entries of this session, each once. */
  signIns: number;
  /**
   * Until when access lasts if nobody revokes; null when it has no end of its own.
   * @format date-time
   */
  accessUntil: string | null;
  /**
   * Until when access lasts at most if the sessions are revoked now, or were already; null when revoking does not end it.
   * @format date-time
   */
  accessUntilIfRevoked: string | null;
  rule: AccessRule;
  /** What decides it, in a sentence. */
  because: string;
  confidence: Confidence;
  /** What else is to be known of it. */
  detail: string | null;
}

/** Asks where users are signed in; reads only. */
export interface SessionsListParams {
  tenant: TenantConnection;
  /**
   * @minItems 1
   * @maxItems 1000
   */
  users: UserReference[];
  /**
   * How far back the logs are read, in hours; 24 unless said. The tenant keeps 7 days, or 30 with Entra ID P1 or P2.
   * @minimum 1
   * @maximum 720
   */
  hours?: number;
}

/** Somebody who was handed in and leads to no user of the tenant. */
export interface UnresolvedUser {
  /**
   * The place among those who were handed in, from 0.
   * @asType integer
   */
  index: number;
  reference: string;
  outcome: 'NotFound' | 'InvalidReference' | 'NotAUser' | 'Failed';
  /** Why, and what to do. */
  detail: string;
}

/** The sessions, in portions of a size that both sides take easily. */
export interface SessionsListResult {
  /** By user in the order handed in, the latest token first; at least one row for each user. */
  sessions: SignInSession[];
  /** Whom nothing is said of, with the first portion. */
  unresolved: UnresolvedUser[];
  /** What somebody should know who reads them: no licence, no permission, unreadable policies. With the first portion. */
  warnings: string[];
  /** For `sessions/more`; absent with the last portion. */
  cursor?: string;
}

/** Asks for the next portion; answered as `sessions/list`. */
export interface SessionsMoreParams {
  cursor: string;
}
