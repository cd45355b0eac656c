import type { RevocationRun } from '../operations/revoke-sessions.ts';
import type { HandedUser } from '../protocol/reference.ts';
import type { RevocationResult, RunSummary } from '../protocol/row.ts';
import { commandFailure } from './command-failure.ts';
import { CommandFailure, exitCode } from './failure.ts';
import { keepHeapSmall } from './heap.ts';
import type { Narrator } from './narrator.ts';
import { ProgressLine } from './output/progress-line.ts';
import { RowOutput } from './output/row-output.ts';
import { rowPrinter } from './output/row-printer.ts';
import type { RunCommandOptions } from './run-command.ts';
import type { StopSignals } from './stop-signals.ts';
import { Window } from './window.ts';

/** Users that may be open at a time: more than the quota's burst, so that the window never becomes the pace. */
const mostOpen = 5000;

/** Users in groups, as they were found or read. */
export type Input = Iterable<readonly HandedUser[]> | AsyncIterable<readonly HandedUser[]>;

/** Revokes whom the input names, and prints a row for each and the summary last. Resolves with the exit code. */
export async function carryOut(
  run: RevocationRun,
  input: Input,
  options: RunCommandOptions,
  narrator: Narrator,
  signals: StopSignals,
): Promise<number> {
  const progress = new ProgressLine(process.stderr, () => (narrator.asking ? null : run.progress));
  const output = new RowOutput(process.stdout, () => progress.clear());
  const printer = await rowPrinter(options.output, output, process.stdout.columns || 120);
  narrator.makeRoom = () => {
    progress.clear();
    // A warning about a row comes after it.
    output.flush();
  };
  signals.settleBy(() => {
    run.stop({ code: 'Stopped', message: 'Interrupted.' });
    // Nobody waits for more input; who is named in what was read has a row.
    if (options.usersFrom === '-') process.stdin.destroy();
  });
  // Whoever read the rows is gone: go on would be to revoke unseen.
  process.stdout.on('error', () => run.stop({ code: 'Stopped', message: 'Nobody reads the rows any more.' }));
  const tell = (row: RevocationResult) => {
    printer.row(row);
    narrator.row(row);
  };
  const open = new Window(mostOpen);
  let inputFailure: unknown;
  try {
    for await (const references of until(signals.stopping, input)) {
      for (const reference of references) {
        open.add(run.revoke(reference).then(tell));
        if (open.isFull) {
          await keepHeapSmall();
          await open.room();
        }
        // Whoever reads slowly makes the run slow, not large.
        if (output.isBehind) await output.caughtUp(signals.stopping);
        if (signals.stopping.aborted) break;
      }
    }
  } catch (error) {
    // The file broke in the middle: who was handed over before is settled and told first.
    if (signals.code === null) inputFailure = commandFailure(error);
  }
  const summary = await run.end();
  await open.empty();
  progress.end();
  await printer.end();
  output.flush();
  if (inputFailure) return brokenInput(inputFailure, summary, narrator);
  if (summary.stopped && signals.code === null) narrator.error(summary.stopped.message);
  if (summary.users === 0 && !summary.stopped && signals.code === null && options.usersFrom !== undefined) {
    const name = options.usersFrom === '-' ? 'Standard input' : options.usersFrom;
    narrator.error(`${name} names nobody: it is empty, or has headings and no rows.`);
  }
  narrator.summary(summary.text, summary);
  return signals.code ?? exitCodeOf(summary, options.strict ?? false);
}

/** Ends with the stop even when the input never does. */
async function* until(stopping: AbortSignal, input: Input): AsyncGenerator<readonly HandedUser[]> {
  const iterator = Symbol.asyncIterator in input ? input[Symbol.asyncIterator]() : input[Symbol.iterator]();
  while (!stopping.aborted) {
    const { promise, resolve, reject } =
      Promise.withResolvers<IteratorResult<readonly HandedUser[], unknown>>();
    const end = () => resolve({ done: true, value: undefined });
    stopping.addEventListener('abort', end);
    Promise.resolve(iterator.next()).then(resolve, reject);
    // Not Promise.race with one promise for all: that would remember every group until the end.
    const next = await promise.finally(() => stopping.removeEventListener('abort', end));
    if (next.done) return;
    yield next.value;
  }
}

/** @throws what broke the input, unless somebody was handed over before */
function brokenInput(failure: unknown, summary: RunSummary, narrator: Narrator): number {
  if (summary.users === 0 || !(failure instanceof CommandFailure)) throw failure;
  narrator.error(`${failure.message} What came before it was done.`);
  narrator.summary(summary.text, summary);
  return exitCode.stopped;
}

function exitCodeOf(summary: RunSummary, strict: boolean): number {
  if (summary.stopped?.code === 'NotSignedIn') return exitCode.notSignedIn;
  if (summary.stopped) return exitCode.stopped;
  if (summary.users === 0) return exitCode.usage;
  const { errors, warnings } = summary.severities;
  return errors > 0 || (strict && warnings > 0) ? exitCode.someFailed : exitCode.done;
}
