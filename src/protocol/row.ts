import type { Confidence } from './session.ts';

/** The one final word on one user. Which of them tell something, and how, stands in `outcomes.ts`. */
export type Outcome =
  | 'Revoked'
  | 'Unverified'
  | 'NoEffect'
  | 'Excluded'
  | 'NotAUser'
  | 'NotFound'
  | 'InvalidReference'
  | 'Denied'
  | 'Cancelled'
  | 'Failed'
  | 'Unknown';

/**
 * How loudly an outcome is told: `error` is a row and a non-terminating error (CLI exit 2), `warning` a row and a
 * warning (exit 0), `none` a row alone.
 */
export type Severity = 'none' | 'warning' | 'error';

/**
 * What became of one user: one of these for each user that went in, the moment the user is settled. It is the reply to
 * `user/revoke` (there packed), the object the cmdlet emits (there with capital initials) and the row of the CLI's JSON and CSV output.
 * Times are UTC in ISO 8601.
 */
export interface RevocationResult {
  /** The run this row belongs to. */
  runId: string;
  /** The tenant the run works in; null when the token does not say. */
  tenantId: string | null;
  /** What the caller handed in, as text: the only name of a user that could not be found. */
  reference: string;
  /** The user's object id, as far as known. */
  userId: string | null;
  userPrincipalName: string | null;
  displayName: string | null;
  /** False when sign-in is blocked. While it is true, whoever knows the password can sign in again. */
  accountEnabled: boolean | null;
  outcome: Outcome;
  /** True for Revoked and Excluded, and for NotAUser unless it is a group, whose members stay untouched. */
  succeeded: boolean;
  /** How loudly to tell it; hosts follow this and keep no table of their own. */
  severity: Severity;
  /** When Graph accepted the call, by Graph's clock. */
  revokedAt: string | null;
  /** `signInSessionsValidFromDateTime` as re-read after the call: the proof. */
  sessionsValidFrom: string | null;
  /**
   * An estimate: when the last access token issued before the revocation should have ended. Refresh tokens are dead at
   * once; an access token lives on for 60 to 90 minutes, up to 2 hours in Teams and Microsoft 365 clients of tenants
   * without Conditional Access, longer under a token lifetime policy; about 15 minutes at most where app and resource
   * speak continuous access evaluation. Source: Microsoft, "Access tokens in the Microsoft identity platform".
   */
  accessTokensExpireBy: string | null;
  /**
   * Until when the last of the user's sessions lasts at most; null when revoking does not end it. With the two that follow
   * only where the run was asked to explain.
   */
  accessUntil?: string | null;
  because?: string;
  confidence?: Confidence;
  /** How many calls to revoke were sent for this user. */
  attempts: number;
  /** Graph's `request-id` of the deciding answer, for Microsoft's support. */
  requestId: string | null;
  /** Why it is this outcome, and what to do next. */
  detail: string | null;
}

/**
 * A row on its way to the host: the values alone, in the order of `rowFields`. ConvertFrom-Json makes a PowerShell
 * object property by property and an array at once, and one object for each user is dear enough.
 */
export type PackedRow = (string | number | boolean | null)[];

/** What a run came to: the reply to `run/end`. */
export interface RunSummary {
  runId: string;
  tenantId: string | null;
  /** True when nobody real was signed out, because the run worked on the simulated tenant. */
  simulated: boolean;
  startedAt: string;
  endedAt: string;
  /** Different users that were handed in, and references that lead to nobody. */
  users: number;
  /** Rows of users who were named again. */
  repeated: number;
  /** How many users ended with each outcome; outcomes nobody had are absent. */
  outcomes: Partial<Record<Outcome, number>>;
  /** How many rows were told as error and as warning. */
  severities: { errors: number; warnings: number };
  /** How many of the revoked users can still sign in because the account is enabled. */
  stillEnabled: number;
  /** What a tired person must know, in some sentences. */
  text: string;
  /** The file that holds the record, and its head: the hash by which any later change of it shows. Null without a record. */
  record: { path: string; head: string } | null;
  /** Why the run ended before its work was done; absent when it was not stopped. */
  stopped?: RunStop;
}

/** Why a run stopped as a whole. */
export interface RunStop {
  code: RunStopCode;
  /** What happened and what to do. */
  message: string;
}

/**
 * - `NotSignedIn`: Graph refuses the token and no better one is to be had.
 * - `TooManyUsers`: more users than allowed, and nobody said yes.
 * - `Stopped`: cancelled by the host, or the host went away.
 * - `RecordFailed`: the record of the run can't be written any more, as on a full disk.
 */
export type RunStopCode = 'NotSignedIn' | 'TooManyUsers' | 'Stopped' | 'RecordFailed';
