import type {
  PowerShellError,
  PowerShellEvent,
  PowerShellObject,
  PowerShellProgress,
  PowerShellPrompt,
} from './events.ts';

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

/** Sorts events by stream. */
export function runOf(events: PowerShellEvent[], stderr: string): PowerShellRun {
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

/** What a message about a lost run should show. */
export function story(run: PowerShellRun): string {
  return [...run.events.slice(-20).map(event => JSON.stringify(event)), run.stderr].join('\n');
}
