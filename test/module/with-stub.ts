import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { root } from '../../build/paths.ts';
import type { HostMessage } from '../../src/protocol/envelope.ts';
import type { StubOptions } from './fixtures/stub-engine.ts';
import {
  type PowerShellOptions,
  type PowerShellRun,
  plain,
  type RunningPowerShell,
  runPowerShell,
  startPowerShell,
} from './power-shell.ts';

export const modulePath = join(root, 'module', 'UserSession.psd1');
export const stubPath = join(import.meta.dirname, 'fixtures', 'stub-engine.mjs');

export interface StubRun extends PowerShellRun {
  /** Everything that the module said to its engines, in order. */
  messages: HostMessage[];
  /** How many messages stood in each line of several, in order. */
  together: number[];
  /** The engine processes that were started. */
  pids: number[];
  /** `Outcome reference` of each row. */
  rows: string[];
}

export interface ModuleOptions extends PowerShellOptions {
  stub?: StubOptions;
  /** Not in the simulated tenant. */
  unconnected?: boolean;
}

function prepare(script: string, { stub, unconnected, ...options }: ModuleOptions) {
  const log = join(mkdtempSync(join(tmpdir(), 'usersession-stub-')), 'log');
  const env = {
    USERSESSION_ENGINE: stubPath,
    USERSESSION_STUB: JSON.stringify({ log, ...stub }),
    PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`,
    MG_STANDIN_TOKEN: null,
    MG_STANDIN_GRAPH_URL: null,
    ...options.env,
  };
  const connect = unconnected ? '' : '$null = Connect-UserSessionTenant -Simulated; ';
  return { log, script: `Import-Module '${modulePath}'; ${connect}${script}`, options: { ...options, env } };
}

const readLog = (log: string): unknown[] =>
  existsSync(log)
    ? readFileSync(log, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map(line => JSON.parse(line) as unknown)
    : [];

/** Runs a script in a session with the module, whose engine is the stub. */
export async function runModule(script: string, options: ModuleOptions = {}): Promise<StubRun> {
  const { log, ...prepared } = prepare(script, options);
  const run = await runPowerShell(prepared.script, prepared.options);
  const entries = readLog(log);
  return {
    ...run,
    messages: entries.filter((entry): entry is HostMessage => has(entry, 'jsonrpc')),
    together: entries.filter(isLine).map(entry => entry.together),
    pids: entries.filter(isStart).map(entry => entry.pid),
    rows: run.outputs
      .filter(output => output.typeNames[0] === 'UserSession.RevocationResult')
      .map(output => {
        const { Outcome, Reference } = plain(output);
        return `${Outcome} ${Reference}`;
      }),
  };
}

/** The same in a process of its own that can be watched and killed. `pids` reads the engines started so far. */
export function startModule(
  script: string,
  options: ModuleOptions = {},
): RunningPowerShell & { pids: () => number[] } {
  const { log, ...prepared } = prepare(script, options);
  const running = startPowerShell(prepared.script, prepared.options);
  return Object.assign(running, {
    pids: () =>
      readLog(log)
        .filter(isStart)
        .map(entry => entry.pid),
  });
}

const has = (entry: unknown, name: string): boolean =>
  typeof entry === 'object' && entry !== null && name in entry;
const isStart = (entry: unknown): entry is { pid: number } => has(entry, 'pid');
const isLine = (entry: unknown): entry is { together: number } => has(entry, 'together');

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A zombie has ended; who should collect it is somebody else's business.
  const status = `/proc/${pid}/stat`;
  return !existsSync(status) || !/\) Z /.test(readFileSync(status, 'utf8'));
};

/** The references that the module sent with a method. */
export const sent = (messages: HostMessage[], method: 'user/revoke' | 'user/describe'): unknown[] =>
  messages.flatMap(message =>
    'method' in message && message.method === method ? [message.params.user] : [],
  );
