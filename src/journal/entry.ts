import type { RunOptions } from '../protocol/messages.ts';
import type { UserReference } from '../protocol/reference.ts';
import type { RevocationResult, RunStop, RunSummary } from '../protocol/row.ts';

/*
 * The lines of a run's record: one JSON object a line, UTF-8. `seq` counts from 0, `prev` is the SHA-256 (hex) of the line
 * before, without its line break, and null on the first. The hash of the last line is the record's head. Times are UTC in
 * ISO 8601, by this machine's clock unless said otherwise. No line holds a token or a secret.
 */

interface Line {
  seq: number;
  prev: string | null;
  /** @format date-time */
  time: string;
}

/** Who signs the calls. */
export interface Actor {
  account: string | null;
  /** Object id of the person or of the app's service principal. */
  objectId: string | null;
  clientId: string | null;
  authType: 'Delegated' | 'AppOnly' | 'Unknown';
  /** The operating system's account and machine. */
  operator: string;
}

/** The first line. */
export interface BeginEntry extends Line {
  type: 'begin';
  /** Of this format. */
  format: 1;
  runId: string;
  /** The process that writes, by the name of a lock that it holds while it lives. */
  session: string;
  /** The product's version. */
  version: string;
  actor: Actor;
  tenantId: string | null;
  tenantName: string | null;
  graphUrl: string;
  simulated: boolean;
  /** What the run keeps to, its exclusions among it. */
  options: RunOptions;
  /** Why it was done: a ticket, an incident. */
  reason: string | null;
}

/** Somebody was handed in; `user` is the number by which later lines name them. */
export interface NamedEntry extends Line {
  type: 'named';
  user: number;
  reference: UserReference;
}

/** Calls are about to leave. What is not named here was never sent. */
export interface IntentEntry extends Line {
  type: 'intent';
  calls: {
    user: number;
    userId: string;
    /** 1 for the first call, 2 for its repetition, ... */
    attempt: number;
  }[];
  /** How far Graph's clock is ahead of this machine's, in milliseconds; null while nothing is known of it. */
  clockOffset: number | null;
}

/** Somebody is settled, with what the row says. */
export interface OutcomeEntry extends Line {
  type: 'outcome';
  user: number;
  row: Omit<RevocationResult, 'runId' | 'tenantId'>;
  clockOffset: number | null;
}

/** More users than allowed were agreed to. */
export interface ConfirmedEntry extends Line {
  type: 'confirmed';
  question: string;
}

/** Somebody goes on with a run that was not finished. */
export interface ResumeEntry extends Line {
  type: 'resume';
  session: string;
  version: string;
  actor: Actor;
  reason: string | null;
}

/** The end; absent when the process was killed. */
export interface EndEntry extends Line {
  type: 'end';
  outcomes: RunSummary['outcomes'];
  stopped: RunStop | null;
}

export type JournalEntry =
  BeginEntry | NamedEntry | IntentEntry | OutcomeEntry | ConfirmedEntry | ResumeEntry | EndEntry;

/** An entry before it has its place in the chain. */
export type EntryContent = JournalEntry extends infer E
  ? E extends Line
    ? Omit<E, keyof Line>
    : never
  : never;
