import type { TokenClaims } from '../auth/access-token.ts';
import type { Clock } from '../graph/clock.ts';
import type { Directory } from '../graph/directory.ts';
import type { GraphEndpoint } from '../graph/endpoint.ts';
import type { Groups } from '../graph/groups.ts';
import type { Lane } from '../graph/lane.ts';
import type { Pace } from '../graph/pace.ts';
import type { ServerClock } from '../graph/server-clock.ts';
import type { Journal } from '../journal/journal.ts';
import type { RecordedRun } from '../journal/run-state.ts';
import type { RunStop } from '../protocol/row.ts';
import type { Exclusions } from './exclusions.ts';
import type { Explainer } from './explain.ts';
import type { RowContext } from './row.ts';

export interface RevocationOptions {
  verificationMs: number;
  skipVerification: boolean;
  /** More users than this need a yes; undefined means no limit. */
  maxUsers?: number | undefined;
  /** Revoke the caller's own account too, last of all. */
  includeSelf: boolean;
  /** How much earlier than the call the proof may be stamped. */
  toleranceMs: number;
}

/** Everything a run stands on; each part is handed in. */
export interface RevocationParts {
  row: RowContext;
  caller: TokenClaims;
  /** Why there is no other token, where that was said. */
  tokenRefusal: () => string | null;
  writes: Lane;
  reads: Lane;
  writePace: Pace;
  directory: Directory;
  groups: Groups;
  endpoint: GraphEndpoint;
  serverClock: ServerClock;
  clock: Clock;
  journal: Journal;
  exclusions: Exclusions;
  /** The run as its record has it, when it is being resumed. */
  recorded: RecordedRun | null;
  /** Lets go of the record that was taken up, after the run. */
  release: () => Promise<void>;
  options: RevocationOptions;
  /** Says until when access lasts; null where nobody asked. */
  explainer: Explainer | null;
  /** Asks a person; false where nobody can answer. */
  confirm: (question: string) => Promise<boolean>;
  /** Called once when the run stops as a whole. */
  onStop?: ((stop: RunStop) => void) | undefined;
  /** Told what happens on the way, in sentences. */
  onLog?: ((message: string) => void) | undefined;
  /** Told what somebody should know who does not ask. */
  onWarning?: ((message: string) => void) | undefined;
}
