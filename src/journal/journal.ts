import type { UserReference } from '../protocol/reference.ts';
import type { RevocationResult, RunSummary } from '../protocol/row.ts';

/** What is about to be done to one user. */
export interface Intent {
  /** The number under which the user was handed in. */
  user: number;
  userId: string;
  /** 1 for the first call, 2 for its repetition, ... */
  attempt: number;
}

/**
 * The record around every write: nothing is sent before `intend` resolves, no row leaves before `settle` resolves. What
 * rejects is not on record.
 */
export interface Journal {
  /** Somebody was handed in; on disk no later than the first intent. */
  named(user: number, reference: UserReference): void;
  intend(intents: readonly Intent[]): Promise<void>;
  settle(user: number, row: RevocationResult): Promise<void>;
  /** A person agreed to more users than allowed. */
  confirmed(question: string): void;
  /** Ends the record; resolves to where it is and its head. */
  end(summary: Pick<RunSummary, 'outcomes' | 'stopped'>): Promise<RunSummary['record']>;
}

/** Keeps nothing. */
export const noJournal: Journal = {
  named: () => {},
  intend: async () => {},
  settle: async () => {},
  confirmed: () => {},
  end: async () => null,
};
