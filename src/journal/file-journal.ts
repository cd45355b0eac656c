import type { UserReference } from '../protocol/reference.ts';
import type { RevocationResult, RunSummary } from '../protocol/row.ts';
import type { AppendFile } from './append-file.ts';
import { type Head, link } from './chain.ts';
import type { EntryContent } from './entry.ts';
import type { Intent, Journal } from './journal.ts';

/** What a journal is made of. */
export interface FileJournalParts {
  path: string;
  file: AppendFile;
  /** Where the record ends that this one goes on with. */
  head: Head;
  now: () => number;
  /** How far the service's clock is ahead of this machine's, in milliseconds; null while nothing is known of it. */
  clockOffset: () => number | null;
  /** Told when nothing is written any more. */
  onClose: () => void;
}

/** Writes the record of one run. */
export class FileJournal implements Journal {
  readonly #parts: FileJournalParts;
  #head: Head;

  constructor(parts: FileJournalParts) {
    this.#parts = parts;
    this.#head = parts.head;
  }

  named(user: number, reference: UserReference): void {
    this.#add({ type: 'named', user, reference });
    // Not waited for: whoever was handed over is soon on disk, and a failure shows at the first intention.
    this.#parts.file.flush().catch(() => {});
  }

  async intend(intents: readonly Intent[]): Promise<void> {
    const calls = intents.map(({ user, userId, attempt }) => ({ user, userId, attempt }));
    this.#add({ type: 'intent', calls, clockOffset: this.#parts.clockOffset() });
    await this.#parts.file.flush();
  }

  async settle(user: number, whole: RevocationResult): Promise<void> {
    // Both stand in the first line. Not deleted, which makes an object slow: what is undefined is left out of JSON.
    const row = { ...whole, runId: undefined, tenantId: undefined };
    this.#add({ type: 'outcome', user, row, clockOffset: this.#parts.clockOffset() });
    await this.#parts.file.flush();
  }

  confirmed(question: string): void {
    this.#add({ type: 'confirmed', question });
  }

  async end({ outcomes, stopped }: Pick<RunSummary, 'outcomes' | 'stopped'>): Promise<RunSummary['record']> {
    this.#add({ type: 'end', outcomes, stopped: stopped ?? null });
    this.#parts.onClose();
    await this.#parts.file.close();
    return { path: this.#parts.path, head: this.#head.hash ?? '' };
  }

  /** The first line of a record, or of its continuation; on disk when it resolves. */
  async start(content: Extract<EntryContent, { type: 'begin' | 'resume' }>): Promise<void> {
    this.#add(content);
    await this.#parts.file.flush();
  }

  #add(content: EntryContent): void {
    const { line, head } = link(this.#head, content, this.#parts.now());
    this.#head = head;
    this.#parts.file.add(`${line}\n`);
  }
}
