import type { Journal } from '../journal/journal.ts';
import type { UserReference } from '../protocol/reference.ts';
import type { RevocationResult, RunStop, RunSummary } from '../protocol/row.ts';

/** What a run writes into its record besides its intentions, and what becomes of the run when that fails. */
export class Recording {
  readonly #journal: Journal;
  readonly #release: () => Promise<void>;
  readonly #stop: (stop: RunStop) => void;

  /** `release` lets go of the record after the run, `stop` ends a run that can't be recorded any more. */
  constructor(journal: Journal, release: () => Promise<void>, stop: (stop: RunStop) => void) {
    this.#journal = journal;
    this.#release = release;
    this.#stop = stop;
  }

  named(number: number, reference: UserReference): void {
    this.#journal.named(number, reference);
  }

  confirmed(question: string): void {
    this.#journal.confirmed(question);
  }

  /** The row once it is on record; if it can't be, nobody else is sent, and the row is told all the same. */
  async settle(number: number, row: RevocationResult): Promise<RevocationResult> {
    try {
      await this.#journal.settle(number, row);
      return row;
    } catch (error) {
      this.#failed(error);
      return { ...row, detail: [row.detail, 'This outcome is not on record.'].filter(Boolean).join(' ') };
    }
  }

  /** Ends the record; null when there is none, or it could not be ended. */
  async end(outcomes: RunSummary['outcomes'], stop: RunStop | null): Promise<RunSummary['record']> {
    try {
      return await this.#journal.end({ outcomes, stopped: stop ?? undefined });
    } catch (error) {
      this.#failed(error);
      return null;
    } finally {
      await this.#release();
    }
  }

  #failed(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    const message = `The record of the run can not be written any more (${why}), so nobody else is sent. What is in the rows holds. Make room or choose another folder, then resume the run, or go on without a record with -NoJournal (--no-journal).`;
    this.#stop({ code: 'RecordFailed', message });
  }
}
