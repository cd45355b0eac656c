import type { UserDescribeResult } from '../protocol/messages.ts';
import type { RevocationResult, RunSummary } from '../protocol/row.ts';
import type { TenantInfo } from '../protocol/tenant.ts';
import { version } from '../version.ts';
import { askOnConsole } from './console-question.ts';
import type { EventLog, LogEvent } from './event-log.ts';
import { CommandFailure, exitCode } from './failure.ts';
import { shownLine } from './shown-line.ts';

/** Tells a human on standard error what happens, and the log the same; standard output carries the rows alone. */
export class Narrator {
  readonly #log: EventLog | null;
  #last = '';
  #summary: RunSummary | null = null;
  #asking = false;
  /** Makes room on the terminal before a line is written. */
  makeRoom: () => void = () => {};

  /** @throws CommandFailure when the log takes nothing from the start */
  constructor(log: EventLog | null, args: readonly string[]) {
    this.#log = log;
    const broken = log?.write({ event: 'start', version, pid: process.pid, arguments: [...args] });
    if (broken)
      throw new CommandFailure(exitCode.usage, broken.replace(/The command.*/, 'Nothing was done.'));
  }

  signedIn(runId: string, info: TenantInfo): void {
    if (this.#log) this.#log.runId = runId;
    this.#record({ event: 'signedIn', tenant: { ...info, sampleUsers: undefined } });
  }

  note(message: string): void {
    this.#say(message);
    this.#record({ event: 'note', message });
  }

  warning(message: string): void {
    this.#say(`warning: ${message}`);
    this.#record({ event: 'warning', message });
  }

  error(message: string): void {
    this.#say(`error: ${message}`);
    this.#record({ event: 'error', message });
  }

  row(row: RevocationResult): void {
    this.#record({ event: 'row', row });
    // A run that is stopped would fill the screen with everybody whom it did not reach; the summary counts them.
    if (row.severity === 'none' || row.outcome === 'Cancelled') return;
    this[row.severity](`${row.userPrincipalName ?? row.reference}: ${row.outcome}. ${row.detail ?? ''}`);
  }

  /** Whether a question stands on the terminal, which nothing may write over. */
  get asking(): boolean {
    return this.#asking;
  }

  /** Asks whoever sits at the terminal; no where nobody does, and when `signal` aborts. */
  async ask(question: string, signal: AbortSignal): Promise<boolean> {
    this.#asking = true;
    this.makeRoom();
    try {
      return await askOnConsole(shownLine(question), signal);
    } finally {
      this.#asking = false;
    }
  }

  whatIf(user: UserDescribeResult): void {
    this.#record({ event: 'whatIf', user });
  }

  /** The last line of a command that came to its end. */
  summary(message: string, summary: RunSummary | null = null): void {
    this.#say(message);
    this.#last = message;
    this.#summary = summary;
  }

  /** The command is over; nothing is told after this. */
  end(code: number): void {
    this.#record({ event: 'end', exitCode: code, message: this.#last, summary: this.#summary });
    this.#log?.close();
  }

  /** The command is over by a failure, whose sentence somebody else writes to standard error as the last line. */
  failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#record({ event: 'error', message });
    this.#last = `error: ${message}`;
    this.end(error instanceof CommandFailure ? error.exitCode : exitCode.usage);
  }

  #say(line: string): void {
    this.makeRoom();
    process.stderr.write(`${shownLine(line)}\n`);
  }

  #record(event: LogEvent): void {
    const broken = this.#log?.write(event);
    if (broken) this.#say(`warning: ${broken}`);
  }
}
