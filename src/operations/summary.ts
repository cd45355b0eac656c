import type { Outcome, RevocationResult, RunStop, RunSummary } from '../protocol/row.ts';
import { type RowContext, simulatedNote, tenantLabel } from './row.ts';

/** Counts the rows of a run and puts into words what they come to. */
export class Tally {
  readonly #outcomes = new Map<Outcome, number>();
  #users = 0;
  #repeated = 0;
  #stillEnabled = 0;
  #errors = 0;
  #warnings = 0;

  /** Somebody was named again and joined the first row. */
  addRepeated(): void {
    this.#repeated += 1;
  }

  add(row: RevocationResult): void {
    this.#users += 1;
    this.#outcomes.set(row.outcome, this.count(row.outcome) + 1);
    if (row.severity === 'error') this.#errors += 1;
    if (row.severity === 'warning') this.#warnings += 1;
    if (row.outcome === 'Revoked' && row.accountEnabled) this.#stillEnabled += 1;
  }

  get rows(): number {
    return this.#users + this.#repeated;
  }

  count(outcome: Outcome): number {
    return this.#outcomes.get(outcome) ?? 0;
  }

  get outcomes(): RunSummary['outcomes'] {
    return Object.fromEntries(this.#outcomes);
  }

  summary(
    run: RowContext & { startedAt: number; endedAt: number },
    stopped: RunStop | null,
    record: RunSummary['record'],
  ): RunSummary {
    return {
      runId: run.runId,
      tenantId: run.tenantId,
      simulated: run.simulated,
      startedAt: new Date(run.startedAt).toISOString(),
      endedAt: new Date(run.endedAt).toISOString(),
      users: this.#users,
      repeated: this.#repeated,
      outcomes: this.outcomes,
      severities: { errors: this.#errors, warnings: this.#warnings },
      stillEnabled: this.#stillEnabled,
      text: this.#text(run, stopped, record),
      record,
      ...(stopped && { stopped }),
    };
  }

  #text(
    run: RowContext & { startedAt: number; endedAt: number },
    stopped: RunStop | null,
    record: RunSummary['record'],
  ): string {
    const sentences: string[] = [];
    if (run.simulated) sentences.push(simulatedNote);
    if (stopped) sentences.push('The run was stopped before its end.');
    const revoked = this.count('Revoked');
    sentences.push(
      this.#users === 0
        ? 'No users were handed in.'
        : `${revoked} of ${this.#users} revoked in ${duration(run.endedAt - run.startedAt)}.`,
    );
    if (this.#repeated > 0) {
      sentences.push(
        `${this.#repeated} more ${this.#repeated === 1 ? 'row names' : 'rows name'} somebody again.`,
      );
    }
    const others = [...this.#outcomes].filter(([outcome]) => outcome !== 'Revoked');
    if (others.length > 0) {
      sentences.push(`Not revoked: ${others.map(([outcome, n]) => `${n} ${outcome}`).join(', ')}.`);
    }
    if (this.#stillEnabled > 0) {
      const verb = this.#stillEnabled === 1 ? 'is' : 'are';
      const whom = revoked === 1 ? 'The account is' : `${this.#stillEnabled} of the revoked accounts ${verb}`;
      sentences.push(`${whom} still enabled: whoever knows the password can sign in again.`);
    }
    sentences.push(`(${tenantLabel(run)})`);
    if (record) sentences.push(`Run ${run.runId}, head of its record ${record.head}.`);
    return sentences.join(' ');
  }
}

/** For a human: `0.4 s`, `12 s`, `8 min 20 s`. */
export function duration(ms: number): string {
  if (ms < 9950) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
