import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PowerShellOptions {
  /** Whose ConvertTo-Json and ConvertFrom-Json; "7" unless said. */
  dialect?: '7' | '5.1';
  /** Set for the script; undefined or null takes a variable away. */
  env?: Record<string, string | null | undefined>;
  /** PowerShell variables, as JSON has them. */
  variables?: Record<string, unknown>;
  /** Preference variables, as { VerbosePreference: 'Continue' }. */
  preferences?: Record<string, string>;
  /** Answers to prompts in order (yes, no, yesToAll, ...), the last one again and again; "none": nobody can answer. */
  confirm?: string[];
  /** Press Ctrl+C after so many outputs or milliseconds. */
  stopAfter?: { outputs: number } | { ms: number };
  /** Also gather what a console of that width shows. */
  format?: { width: number };
  cwd?: string;
  /** Given up, with the process killed, after so long; 60 s unless said. */
  timeoutMs?: number;
  /** Not in a process that has run other scripts. */
  freshProcess?: boolean;
  /** In a process that was started with -NonInteractive (pwsh always is). */
  nonInteractive?: boolean;
}

/** What the runner is asked. */
export function requestOf(script: string, options: PowerShellOptions): Record<string, unknown> {
  const { dialect, variables, preferences, confirm, stopAfter, format, cwd } = options;
  const env = Object.fromEntries(
    Object.entries(options.env ?? {}).map(([name, value]) => [name, value ?? null]),
  );
  return { script, dialect, env, variables, preferences, confirm, stopAfter, format, cwd };
}

/** Puts a request where a process finds it. */
export function requestFile(request: string): { file: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'usersession-'));
  const file = join(folder, 'request.json');
  writeFileSync(file, request);
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
