import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { argumentsFor, type Engine } from './engine.ts';
import type { PowerShellEvent } from './events.ts';
import { requestFile, type PowerShellOptions } from './request.ts';
import { runOf, story, type PowerShellRun, type RunningPowerShell } from './run.ts';

/** A process that runs scripts: the test host or pwsh. */
export class HostProcess {
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
    const { file, remove } = requestFile(request);
    const more = options.nonInteractive && engine.kind === 'host' ? ['-NonInteractive'] : [];
    const made = new HostProcess(engine.file, [...argumentsFor(engine, file), ...more], options);
    made.child.stdin.end();
    void made.gone.then(remove);
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
    const { stderr } = this;
    this.stderr = '';
    if (request !== null) this.keepAwake(false);
    return { ...run, stderr };
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
        const event = eventOf(line);
        if (!event) {
          this.stderr += `stdout: ${line}\n`;
          return;
        }
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
  }
}

/** A script may write to stdout past its host; such a line is no event. */
function eventOf(line: string): PowerShellEvent | null {
  if (!line.startsWith('{"stream":')) return null;
  return JSON.parse(line) as PowerShellEvent;
}
