import type { RevocationResult } from '../protocol/row.ts';

/** What is about to be done to one user. */
export interface Intent {
  runId: string;
  userId: string;
  userPrincipalName: string | null;
  /** 1 for the first call, 2 for its repetition, ... */
  attempt: number;
}

/** The record around every write: nothing is sent before `intend` resolves, no row leaves before `settle` resolves. */
export interface Journal {
  intend(intents: readonly Intent[]): Promise<void>;
  settle(row: RevocationResult): Promise<void>;
}

/** Keeps nothing. */
export const noJournal: Journal = {
  intend: async () => {},
  settle: async () => {},
};
