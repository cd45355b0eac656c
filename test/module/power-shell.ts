import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { testHostOut } from '../../build/paths.ts';
import { buildTestHost, hasDotnet, testHostDll } from '../../build/test-host.ts';

/** A value with the .NET type it had; dates are ISO texts with their kind, arrays hold tagged values. */
export interface TaggedValue {
  type: string;
  value: unknown;
  /** Of a datetime: Utc, Local or Unspecified. */
  kind?: string;
  /** Of a number: its .NET type, as Int32. */
  of?: string;
}

/** An object of the pipeline as data. */
export interface PowerShellObject {
  typeNames: string[];
  properties: Record<string, TaggedValue>;
  /** The object itself, for texts and numbers. */
  value: TaggedValue;
  /** What ToString gives. */
  text: string;
}

export interface PowerShellError {
  fullyQualifiedErrorId: string;
  category: string;
  categoryReason: string;
  categoryActivity: string;
  message: string;
  recommendedAction: string | null;
  exceptionType: string;
  innerExceptionType: string | null;
  targetObject: PowerShellObject | null;
  scriptName: string | null;
  line: number;
  sourceLine: string | null;
  command: string | null;
  scriptStackTrace: string | null;
  /** True if it ended the script. */
  terminating: boolean;
}

export interface PowerShellProgress {
  activity: string;
  status: string;
  currentOperation: string | null;
  percentComplete: number;
  secondsRemaining: number;
  activityId: number;
  recordType: 'Processing' | 'Completed';
}

export interface PowerShellPrompt {
  caption?: string;
  message?: string;
  choices?: string[];
  answer: string;
}

/** `ms`: since the script started. */
export type PowerShellEvent = { ms: number } & (
  | ({ stream: 'output' } & PowerShellObject)
  | ({ stream: 'error' } & PowerShellError)
  | { stream: 'warning' | 'verbose' | 'debug' | 'host' | 'whatif' | 'text'; text: string }
  | { stream: 'information'; text: string; tags: string[] }
  | ({ stream: 'progress' } & PowerShellProgress)
  | ({ stream: 'prompt' } & PowerShellPrompt)
  /** Ctrl+C was pressed, and it took so many milliseconds until the pipeline was at its end. */
  | { stream: 'stopped'; took: number }
  | { stream: 'done'; state: 'Completed' | 'Failed' | 'Stopped'; reason: string | null; exitCode?: number }
);

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
}

export interface PowerShellRun {
  outputs: PowerShellObject[];
  errors: PowerShellError[];
  warnings: string[];
  verbose: string[];
  information: string[];
  progress: PowerShellProgress[];
  prompts: PowerShellPrompt[];
  whatIf: string[];
  /** Written to the host's screen; with `format` it is part of `text` instead. */
  hostText: string;
  /** With `format`: the lines that a console would have shown. */
  text: string;
  /** `Killed`: the process ended before the script did. */
  state: 'Completed' | 'Failed' | 'Stopped' | 'Killed';
  reason: string | null;
  exitCode: number | null;
  /** What the process wrote to stderr. */
  stderr: string;
  /** Everything, in order, with its time. */
  events: PowerShellEvent[];
}

/** A script that is running in a process of its own. */
export interface RunningPowerShell extends AsyncIterable<PowerShellEvent> {
  readonly pid: number;
  kill(signal?: NodeJS.Signals): void;
  /** Settles when the process has gone; never rejects. */
  readonly finished: Promise<PowerShellRun>;
}

/** The plain values of an object's properties. */
export function plain(object: PowerShellObject): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object.properties).map(([name, tagged]) => [name, untagged(tagged)]),
  );
}

/** Runs a script to its end. Rejects only if PowerShell cannot be had, dies or takes too long. */
export async function runPowerShell(script: string, options: PowerShellOptions = {}): Promise<PowerShellRun> {
  const engine = findEngine();
  const request = JSON.stringify(requestOf(script, options));
  const served = engine.kind === 'host' && !options.freshProcess;
  const process = served
    ? (idle.pop() ?? HostProcess.serving(engine))
    : HostProcess.once(engine, request, options);
  const run = await process.run(served ? request : null, options.timeoutMs ?? 60_000);
  if (served) idle.push(process);
  return run;
}

/** Starts a script in a process of its own, to watch it or to kill it. */
export function startPowerShell(script: string, options: PowerShellOptions = {}): RunningPowerShell {
  const process = HostProcess.once(findEngine(), JSON.stringify(requestOf(script, options)), options);
  return process.watch();
}

/** Processes that wait for the next script; they end with this one, because their stdin does. */
const idle: HostProcess[] = [];

type Engine = { kind: 'pwsh' | 'host'; file: string };

let engineFound: Engine | undefined;

/** Real pwsh where there is one new enough to load the runner, else the test host, which is built if need be. */
export function findEngine(): Engine {
  engineFound ??= lookForEngine();
  return engineFound;
}

function lookForEngine(): Engine {
  const named = process.env['USERSESSION_PWSH'];
  const pwsh = named ?? onPath();
  if (!existsSync(testHostDll)) buildOnce(pwsh);
  if (named || (pwsh && isNewEnough(pwsh))) return { kind: 'pwsh', file: pwsh! };
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { kind: 'host', file: join(testHostOut, `usersession-test-host${suffix}`) };
}

function onPath(): string | undefined {
  const name = process.platform === 'win32' ? 'pwsh.exe' : 'pwsh';
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map(folder => join(folder, name))
    .find(existsSync);
}

/** The runner is made for .NET 10, which pwsh has from 7.6 on. */
function isNewEnough(pwsh: string): boolean {
  const asked = spawnSync(pwsh, [
    '-NoProfile',
    '-NonInteractive',
    '-Command',
    '$PSVersionTable.PSVersion -ge [version]"7.6"',
  ]);
  return asked.stdout.toString().trim() === 'True';
}

/** Test files run in several processes: the first one builds, the others wait for it. */
function buildOnce(pwsh: string | undefined): void {
  if (!hasDotnet()) {
    throw new Error(
      pwsh
        ? 'The tests drive pwsh through a runner of ours, which needs a .NET 10 SDK to be built: install one.'
        : 'There is no PowerShell to test in: install pwsh 7.6 or a .NET 10 SDK, from which a test host is built.',
    );
  }
  const lock = `${testHostOut}.lock`;
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
  try {
    if (!existsSync(testHostDll)) buildTestHost();
  } finally {
    rmdirSync(lock);
  }
}

class HostProcess {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: Interface;
  private readonly gone: Promise<void>;
  private stderr = '';

  private constructor(file: string, args: string[], options: PowerShellOptions) {
    const env = { ...process.env, POWERSHELL_TELEMETRY_OPTOUT: '1', POWERSHELL_UPDATECHECK: 'Off' };
    this.child = spawn(file, args, { env, ...(options.cwd ? { cwd: options.cwd } : {}) });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.child.stdin.on('error', () => undefined);
    this.lines = createInterface({ input: this.child.stdout, crlfDelay: Infinity });
    this.gone = new Promise(resolve =>
      this.child
        .once('close', () => resolve())
        .once('error', failure => {
          this.stderr += failure.message;
          resolve();
        }),
    );
  }

  static serving(engine: Engine): HostProcess {
    return new HostProcess(engine.file, ['serve'], {});
  }

  static once(engine: Engine, request: string, options: PowerShellOptions): HostProcess {
    const folder = mkdtempSync(join(tmpdir(), 'usersession-'));
    const file = join(folder, 'request.json');
    writeFileSync(file, request);
    const args =
      engine.kind === 'host' ? [file] : ['-NoProfile', '-NonInteractive', '-Command', inPwsh(file)];
    const made = new HostProcess(engine.file, args, options);
    made.child.stdin.end();
    void made.gone.then(() => rmSync(folder, { recursive: true, force: true }));
    return made;
  }

  /** Hands a request over, if it is not on its way already, and waits for its end. */
  async run(request: string | null, timeoutMs: number): Promise<PowerShellRun> {
    this.keepAwake(true);
    if (request !== null) this.child.stdin.write(`${request}\n`);
    const late = new AbortController();
    const told = this.gather(() => undefined);
    const run = await Promise.race([told, sleep(timeoutMs, null, { signal: late.signal }).catch(() => null)]);
    late.abort();
    if (run === null) {
      this.child.kill('SIGKILL');
      throw new Error(`The script was not done after ${timeoutMs} ms; so far:\n${story(await told)}`);
    }
    if (run.state === 'Killed')
      throw new Error(`PowerShell died in the middle of the script:\n${story(run)}`);
    if (request === null) await this.gone;
    else this.keepAwake(false);
    return { ...run, stderr: this.stderr };
  }

  watch(): RunningPowerShell {
    const waiting: PowerShellEvent[] = [];
    let wake = (): void => undefined;
    let over = false;
    const finished = this.gather(event => {
      waiting.push(event);
      wake();
    }).then(async run => {
      await this.gone;
      over = true;
      wake();
      return { ...run, stderr: this.stderr };
    });
    const { child } = this;
    return {
      pid: child.pid ?? 0,
      kill: signal => void child.kill(signal ?? 'SIGKILL'),
      finished,
      async *[Symbol.asyncIterator]() {
        for (;;) {
          const event = waiting.shift();
          if (event) yield event;
          else if (over) return;
          else await new Promise<void>(resolve => (wake = resolve));
        }
      },
    };
  }

  /** Reads events until the script is done or the process has gone. */
  private gather(tell: (event: PowerShellEvent) => void): Promise<PowerShellRun> {
    const events: PowerShellEvent[] = [];
    return new Promise(resolve => {
      const take = (line: string): void => {
        const event = JSON.parse(line) as PowerShellEvent;
        events.push(event);
        tell(event);
        if (event.stream === 'done') finish();
      };
      const finish = (): void => {
        this.lines.off('line', take).off('close', finish);
        resolve(runOf(events, this.stderr));
      };
      this.lines.on('line', take).on('close', finish);
    });
  }

  /** An idle process must not keep the test run from ending. */
  private keepAwake(on: boolean): void {
    const handles = [
      this.child,
      this.child.stdin,
      this.child.stdout,
      this.child.stderr,
    ] as unknown as Socket[];
    for (const handle of handles) handle[on ? 'ref' : 'unref']();
    if (!on) this.stderr = '';
  }
}

/** pwsh of another patch version has another version of the engine's assembly; the name alone decides here. */
function inPwsh(requestFile: string): string {
  const quoted = (path: string): string => `'${path.replaceAll("'", "''")}'`;
  return [
    `$runner = ${quoted(join(testHostOut, 'UserSession.TestHost.Runner.dll'))}`,
    'Add-Type -Path $runner',
    `exit [UserSession.TestHost.Runner.Entry]::Run(${quoted(requestFile)})`,
  ].join('; ');
}

function requestOf(script: string, options: PowerShellOptions): Record<string, unknown> {
  const { dialect, variables, preferences, confirm, stopAfter, format, cwd } = options;
  const env = Object.fromEntries(
    Object.entries(options.env ?? {}).map(([name, value]) => [name, value ?? null]),
  );
  return { script, dialect, env, variables, preferences, confirm, stopAfter, format, cwd };
}

function runOf(events: PowerShellEvent[], stderr: string): PowerShellRun {
  const of = <S extends PowerShellEvent['stream']>(stream: S): Extract<PowerShellEvent, { stream: S }>[] =>
    events.filter((event): event is Extract<PowerShellEvent, { stream: S }> => event.stream === stream);
  const texts = (stream: 'warning' | 'verbose' | 'whatif' | 'text' | 'host' | 'information'): string[] =>
    of(stream).map(event => (event as { text: string }).text);
  const done = of('done').at(-1);
  return {
    outputs: of('output'),
    errors: of('error'),
    warnings: texts('warning'),
    verbose: texts('verbose'),
    information: texts('information'),
    progress: of('progress'),
    prompts: of('prompt'),
    whatIf: texts('whatif'),
    hostText: texts('host').join(''),
    text: texts('text').join('\n'),
    state: done?.state ?? 'Killed',
    reason: done?.reason ?? null,
    exitCode: done?.exitCode ?? null,
    stderr,
    events,
  };
}

function untagged(tagged: TaggedValue): unknown {
  return Array.isArray(tagged.value) ? tagged.value.map(item => untagged(item as TaggedValue)) : tagged.value;
}

function story(run: PowerShellRun): string {
  return [...run.events.slice(-20).map(event => JSON.stringify(event)), run.stderr].join('\n');
}
