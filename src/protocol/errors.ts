/**
 * Every code with which the engine refuses a request: JSON-RPC's own numbers, each with the word that the host shows as
 * error id. What becomes of a single user is never an error of the request but a row (`row.ts`).
 */
export const errorNumbers = {
  /** The line is no JSON. */
  ParseError: -32700,
  /** JSON, but no request of the contract. */
  InvalidRequest: -32600,
  /** No such method. */
  MethodNotFound: -32601,
  /** The parameters do not fit the method. */
  InvalidParams: -32602,
  /** A defect of the engine; the message is for a bug report. */
  InternalError: -32603,
  /** The run is not open (never begun, ended, or of another engine process). */
  RunNotFound: -32001,
  /** No token to be had, or Graph refuses it; the message names the AADSTS code, what it means and what to do. */
  NotSignedIn: -32002,
  /** The Graph endpoint cannot be used: not https, no answer, not Graph. */
  EndpointUnusable: -32003,
  /** The engine is leaving because its stdin ended. */
  EngineStopping: -32004,
  /** The source names nobody, or not exactly one group; or it does not fit the kind of sign-in. */
  InvalidSource: -32005,
  /** Graph does not give the users of the source; its own words are in the message. */
  SourceUnreadable: -32006,
  /** An exclusion can't be read, so nobody may be revoked. */
  ExclusionUnreadable: -32007,
  /** More users than allowed, and nobody agreed to it. */
  TooManyUsers: -32008,
  /** The token lacks the permission that what was asked takes; nothing was sent. */
  NotAllowed: -32009,
  /** The record of a run can't be written or read; nothing was sent. */
  RecordUnavailable: -32010,
  /** There is no record of this run. */
  RecordNotFound: -32011,
  /** The record was changed after it was written, so it is not acted on. */
  RecordDamaged: -32012,
  /** Another process has the run in hand. */
  RunBusy: -32013,
  /** The run was in another tenant than the one signed in to. */
  OtherTenant: -32014,
} as const;

export type ErrorCode = keyof typeof errorNumbers;

/** A refusal on its way to the wire. */
export class RequestError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = 'RequestError';
    this.code = code;
  }
}
