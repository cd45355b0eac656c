import type { PackedRow } from './row.ts';

/**
 * How far a run has come: `Running` in a living process; `Finished`, nothing left to do; `Unfinished`, ended with users
 * that are left (stopped, failed, unproven); `BrokenOff`, its process died.
 */
export type RunState = 'Running' | 'Finished' | 'Unfinished' | 'BrokenOff';

/** A run as its record tells. Times are UTC in ISO 8601. */
export interface RecordedRunInfo {
  runId: string;
  state: RunState;
  startedAt: string;
  /** When the last line was written. */
  lastAt: string;
  tenantId: string | null;
  tenantName: string | null;
  simulated: boolean;
  /** The account that signed in; null for an app. */
  account: string | null;
  /** The app that held the token. */
  clientId: string | null;
  /** The operating system's account and machine. */
  operator: string;
  reason: string | null;
  /** How many were handed in. */
  users: number;
  /** How many are left to do, and what `resume` would do. */
  left: number;
  /** How many ended with each outcome; `Open` are those on whom nothing final is on record. */
  outcomes: { [outcome: string]: number };
  /** How often it was resumed. */
  resumes: number;
  /** The file, its head, and whether each line fits the one before. */
  path: string;
  head: string | null;
  damage: RecordDamage[];
}

/** What is wrong with a record, and where. */
export interface RecordDamage {
  /** Counted from 1. */
  line: number;
  what: string;
}

/** Asks for the runs on record, the latest first. */
export interface RunsListParams {
  /** The folder of the records, instead of the usual one. */
  journal?: string;
  /** Only those that are left to be finished. */
  unfinished?: boolean;
}

export interface RunsListResult {
  runs: RecordedRunInfo[];
}

/** Asks for one run; its rows come in portions. */
export interface RunsShowParams {
  runId: string;
  journal?: string;
  /** For the next portion: what the last one gave. */
  cursor?: string;
}

export interface RunsShowResult {
  run: RecordedRunInfo;
  /** A row for each user who was handed in: as it was told, or `Unknown` or `Cancelled` for those without an end. */
  rows: PackedRow[];
  /** Absent with the last portion. */
  cursor?: string;
}
