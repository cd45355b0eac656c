import type { HandedUser, ObjectReference, RecordedReference, UserReference } from './reference.ts';
import type { AccessReport } from './access.ts';
import type { RunsListParams, RunsListResult, RunsShowParams, RunsShowResult } from './record.ts';
import type { PolicyShowParams, PolicyShowResult } from './policy.ts';
import type { SessionsListParams, SessionsListResult, SessionsMoreParams } from './session.ts';
import type { TenantConnection, TenantInfo } from './tenant.ts';
import type { SignInsSeen, SignInsWarning, SignInsWatchParams, SignInsWatchResult } from './watch.ts';
import type { PackedRow, RunStop, RunSummary } from './row.ts';

/*
 * The contract between the engine and its host. JSON-RPC 2.0 in UTF-8 without BOM, one message a line; a line may hold
 * an array of messages, which both sides use under load. The engine speaks first (`hello`). Every request gets exactly
 * one reply; a reply to `user/revoke` comes when that user is settled, in whatever order; the reply to `run/end` comes
 * after all others of its run. A `signIns/watch` that is cancelled is answered with its verdicts. Notifications (`run/progress`, `run/log`, `run/stopped`) name their run, and nothing
 * depends on them; those of a run may come before the reply to its `run/begin`. When stdin ends the engine takes no more work, cancels what has not been sent and leaves within two
 * seconds. stdout carries nothing else.
 *
 * Text that a person or a tenant wrote (reference, names, detail) may look like a date, and ConvertFrom-Json of
 * PowerShell 7 would turn it into one. So a string in a row that starts like a date travels with U+2060 (word joiner)
 * in front, and so does one that really starts with U+2060; the host takes one leading U+2060 away
 * (`service/text-guard.ts`).
 */

/** Both sides must speak the same number; the host refuses another one. */
export const protocolNumber = 2;

/** The engine's first line. */
export interface Hello {
  protocol: number;
  /** The engine's version, equal to the module's. */
  version: string;
  /** See `identityProperties`: normalised names of the properties to project. */
  identityProperties: string[];
}

export interface RunOptions {
  /**
   * How long to wait for the proof of one user, in seconds.
   * @minimum 0
   * @maximum 3600
   */
  verificationTime?: number;
  /**
   * How much earlier than the call a stamp may be and still prove it, in seconds; 5 unless said. The write precedes the
   * answer's `Date`, stored values may be whole seconds, and replicas disagree.
   * @minimum 0
   * @maximum 60
   */
  proofTolerance?: number;
  /** Do not read the proof at all: every accepted call ends as Unverified. */
  skipVerification?: boolean;
  /**
   * More users than this need a yes (`host/confirm`); absent means no limit.
   * @minimum 1
   */
  maxUsers?: number;
  /** Users who are left alone, whoever names them. */
  excludeUsers?: UserReference[];
  /** Groups, by object id or exact display name, whose members (through nested groups too) are left alone. */
  excludeGroups?: string[];
  /** Revoke the caller's own account too when it is named; it goes last. */
  includeSelf?: boolean;
  /** Nobody is going to be revoked, only described: a missing permission is a warning then. */
  whatIf?: boolean;
  /** Say in each row until when access lasts, from sign-in logs and policies; what can not be read is a warning. */
  explain?: boolean;
}

/** Where users come from when nobody pipes them. */
export type UserSource =
  /** An OData filter over users, in Graph's words. */
  | { kind: 'filter'; filter: string }
  /** The members of a group, by object id or exact display name. */
  | { kind: 'group'; group: string; transitive?: boolean }
  | { kind: 'allUsers' }
  /** The signed-in person. */
  | { kind: 'me' }
  /** Who is left to do in the run that is being resumed; with `all` everybody in its record. */
  | { kind: 'record'; all?: boolean };

/**
 * Asks who is in a source. The source is read to its end before the first answer, so that it can be counted and is never
 * acted on by half; the people come in portions.
 */
export interface UsersFindParams {
  runId: string;
  /** For the first portion. */
  source?: UserSource;
  /** For the next portion: what the last one gave. */
  cursor?: string;
}

export interface UsersFindResult {
  /** Users in the whole source; other members (devices, contacts) are among `users` but are not counted. */
  total: number;
  /** Ready to be handed to `user/revoke`. */
  users: (ObjectReference | RecordedReference)[];
  /** Absent with the last portion. */
  cursor?: string;
}

/** Opens a run. */
export interface RunBeginParams {
  tenant: TenantConnection;
  options?: RunOptions;
  /**
   * Why it is done: a ticket, an incident. It stands in the record.
   * @maxLength 500
   */
  reason?: string;
  /** The folder of the records, instead of the usual one; `false` for a run without a record. */
  journal?: string | false;
  /** The run to go on with, instead of a new one: it keeps its id, its record and its options, except those given here. */
  resume?: string;
}

export interface RunBeginResult {
  runId: string;
  tenant: TenantInfo;
}

/** Asks who a reference is, for `-WhatIf` and `-Confirm`: reads at most, never writes. */
export interface UserDescribeParams {
  runId: string;
  user: HandedUser;
}

export interface UserDescribeResult {
  /** The person as a human knows it: name, address, what is special (guest, disabled), or why it would not be revoked. */
  text: string;
  userId: string | null;
  userPrincipalName: string | null;
  displayName: string | null;
}

/** Hands one user over; answered with the user's row when settled. */
export interface UserRevokeParams {
  runId: string;
  user: HandedUser;
}

/** No more users will come. */
export interface RunEndParams {
  runId: string;
}

/** Asks what is known of a tenant; signs in where that asks nobody, else refuses with NotSignedIn. */
export interface TenantDescribeParams {
  tenant: TenantConnection;
}

/** Signs in; a way that needs a person may show something (`signIn/prompt`) and wait for them. */
export interface TenantConnectParams {
  tenant: TenantConnection;
  /** False where nobody sits: ways that need a person are refused at once. */
  interactive: boolean;
}

/** Forgets every sign-in that the engine keeps; what runs goes on. */
export type TenantDisconnectParams = Record<string, never>;

/** Asks what this sign-in can do; reads at most. */
export interface AccessTestParams {
  tenant: TenantConnection;
}

/** What a person has to do to sign in, while a `tenant/connect` waits for them. */
export interface SignInPrompt {
  /** The whole sentence, with address and code. */
  message: string;
  /** Only with device code. */
  userCode?: string;
  verificationUri?: string;
}

/** Cancels one request or a whole run: what has not been sent is Cancelled, what has been sent is settled. */
export interface CancelParams {
  /** The request to cancel. */
  id?: number | string;
  /** The run to cancel. */
  runId?: string;
}

/** How far a run is; at most a few a second. */
export interface RunProgress {
  runId: string;
  /** Users handed in so far, or known to come. */
  received: number;
  /** Users settled, whatever the outcome. */
  settled: number;
  /** Users whose call Graph accepted and whose proof is still awaited. */
  awaitingProof: number;
  /** Calls that Graph accepted per second, since the run began. */
  perSecond: number;
  /** Seconds until the users handed in so far should be done at the tenant's pace; null when not known. */
  secondsLeft: number | null;
}

/** A sentence for `-Verbose`. */
export interface RunLog {
  runId: string;
  level: 'verbose' | 'warning';
  message: string;
}

/** The run stopped as a whole; the users not yet sent are being answered with Cancelled. */
export interface RunStopped {
  runId: string;
  stop: RunStop;
}

/** The engine asks for a fresh token; it waits as long as the host lives. */
export interface HostTokenParams {
  runId: string;
  /** `expiring`: early, no hurry. `refused`: Graph refuses the token in use. */
  reason: 'expiring' | 'refused';
  /** What Graph wants the new token to satisfy (a claims challenge, JSON), where it said so. */
  claims?: string;
}

export interface HostTokenResult {
  token: string;
  /** @format date-time */
  expiresOn?: string;
}

/** The engine asks whether more users than allowed may be revoked. */
export interface HostConfirmParams {
  runId: string;
  question: string;
}

export interface HostConfirmResult {
  confirmed: boolean;
}

/** Requests of the host, by method. */
export interface HostRequests {
  'tenant/describe': { params: TenantDescribeParams; result: TenantInfo };
  'tenant/connect': { params: TenantConnectParams; result: TenantInfo };
  'tenant/disconnect': { params: TenantDisconnectParams; result: Record<string, never> };
  'access/test': { params: AccessTestParams; result: AccessReport };
  'sessions/list': { params: SessionsListParams; result: SessionsListResult };
  'sessions/more': { params: SessionsMoreParams; result: SessionsListResult };
  'policy/show': { params: PolicyShowParams; result: PolicyShowResult };
  'signIns/watch': { params: SignInsWatchParams; result: SignInsWatchResult };
  'runs/list': { params: RunsListParams; result: RunsListResult };
  'runs/show': { params: RunsShowParams; result: RunsShowResult };
  'run/begin': { params: RunBeginParams; result: RunBeginResult };
  'users/find': { params: UsersFindParams; result: UsersFindResult };
  'user/describe': { params: UserDescribeParams; result: UserDescribeResult };
  'user/revoke': { params: UserRevokeParams; result: PackedRow };
  'run/end': { params: RunEndParams; result: RunSummary };
}

/** Notifications of the host, by method. */
export interface HostNotifications {
  '$/cancelRequest': CancelParams;
}

/** Requests of the engine, by method. */
export interface EngineRequests {
  'host/token': { params: HostTokenParams; result: HostTokenResult };
  'host/confirm': { params: HostConfirmParams; result: HostConfirmResult };
}

/** Notifications of the engine, by method. */
export interface EngineNotifications {
  hello: Hello;
  'run/progress': RunProgress;
  'run/log': RunLog;
  'run/stopped': RunStopped;
  'signIn/prompt': SignInPrompt;
  'signIns/seen': SignInsSeen;
  'signIns/warning': SignInsWarning;
}
