import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { shortened } from '../graph/shortened.ts';
import { harmlessJson } from '../operations/harmless.ts';
import type { UserDescribeResult } from '../protocol/messages.ts';
import type { RevocationResult, RunSummary } from '../protocol/row.ts';
import type { TenantInfo } from '../protocol/tenant.ts';
import { CommandFailure, exitCode } from './failure.ts';
import { withoutSecrets, withoutUserInfo } from './redacted.ts';

/** What happened: one of these stands in each line of the file that `--log` names, together with a stamp. */
export type LogEvent =
  /** The first of a command. Passwords in addresses are left out of the arguments. */
  | { event: 'start'; version: string; pid: number; arguments: string[] }
  /** Where the command works, and as whom. */
  | { event: 'signedIn'; tenant: Omit<TenantInfo, 'sampleUsers'> & { sampleUsers?: undefined } }
  /** One user is settled. */
  | { event: 'row'; row: RevocationResult }
  /** Who it would be, under `--what-if`. */
  | { event: 'whatIf'; user: UserDescribeResult }
  /** What standard error tells, word for word; a row that is told as warning or error comes before it. */
  | { event: 'note' | 'warning' | 'error'; message: string }
  /** The last of a command: a command without it was killed, or the machine went down. */
  | {
      event: 'end';
      exitCode: number;
      /** The last line of standard error. */
      message: string;
      /** Null when it ended before a run did. */
      summary: RunSummary | null;
    };

/** The longest that one text gets in the log. */
const longestText = 10_000;

/** Stands in each line before what happened. */
export interface LogStamp {
  /** UTC in ISO 8601, by the clock of this machine. */
  time: string;
  /** The name that `--job` gave; absent without one. */
  job?: string;
  /** Absent before the sign-in. */
  runId?: string;
}

/**
 * A file of JSON lines that commands append to. Each line goes to the operating system in one write, in order and
 * before the command goes on, so that a command which is killed leaves whole lines, and two commands may share a file.
 */
export class EventLog {
  readonly #path: string;
  readonly #file: number;
  readonly #env: NodeJS.ProcessEnv;
  readonly #stamp: Omit<LogStamp, 'time'>;
  #broken = false;

  /** @throws CommandFailure when the file can't be opened, or not be written */
  constructor(path: string, env: NodeJS.ProcessEnv, job?: string) {
    this.#path = path;
    this.#env = env;
    this.#stamp = job === undefined ? {} : { job };
    try {
      this.#file = openSync(path, 'a', 0o600);
      // A machine that went down in the middle of a line costs that line alone.
      if (endsWithinLine(path)) this.#put('\n');
    } catch (error) {
      throw new CommandFailure(
        exitCode.usage,
        `The log ${path} can't be opened (${reason(error)}). Nothing was done.`,
      );
    }
  }

  /** Everything from here on belongs to that run. */
  set runId(runId: string) {
    this.#stamp.runId = runId;
  }

  /** Null, or once a sentence why there will be no more lines: a full disk is no reason to leave people signed in. */
  write(event: LogEvent): string | null {
    if (this.#broken) return null;
    try {
      this.#put(`${this.#line({ time: new Date().toISOString(), ...this.#stamp, ...event })}\n`);
      return null;
    } catch (error) {
      this.#broken = true;
      return `The log ${this.#path} can't be written any more (${reason(error)}). The command goes on without it.`;
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  /** JSON whose hostile characters - those that move a cursor or turn the reading direction - are escaped, too. */
  #line(entry: LogStamp & LogEvent): string {
    const text = JSON.stringify(entry, (_key, value: unknown) =>
      typeof value === 'string'
        ? withoutUserInfo(withoutSecrets(shortened(value, longestText), this.#env))
        : value,
    );
    return harmlessJson(text);
  }

  #put(line: string): void {
    const bytes = Buffer.from(line);
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(this.#file, bytes, written);
    } catch (error) {
      // The disk took a part of the line.
      if (written > 0) ftruncateSync(this.#file, fstatSync(this.#file).size - written);
      throw error;
    }
  }
}

function endsWithinLine(path: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    // It may be written but not read: nobody can tell.
    return false;
  }
  try {
    const about = fstatSync(file);
    if (!about.isFile() || about.size === 0) return false;
    const last = Buffer.alloc(1);
    readSync(file, last, 0, 1, about.size - 1);
    return last.toString() !== '\n';
  } finally {
    closeSync(file);
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
