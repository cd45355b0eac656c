import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../../build/paths.ts';
import type { BenchCase } from '../case.ts';
import { run, wallClock } from '../child.ts';
import { builtEngines, type Command } from '../engines.ts';
import { alternating, figure, ratio } from '../measuring.ts';

/** How long the engine takes until it can do anything. */
export const engineStart: BenchCase = {
  name: 'engine-start',
  title: 'Start of the engine',
  method:
    "`--version`, from the start of the process to its end, and `serve`, to the arrival of its first line, the hello, against `node -e 0` of the same Node from start to end. A script that is empty shows what is Node's own.",
  async run() {
    const { bundle, launcher, executable } = await builtEngines();
    const ended = async ([file, ...args]: Command) => (await run(file, args)).ms;
    const { node, ...ours } = await alternating(15, {
      node: () => ended([process.execPath, '-e', '0']),
      empty: () => ended([process.execPath, join(root, 'bench', 'rivals', 'empty.cjs')]),
      bundle: () => ended([...bundle, '--version']),
      launcher: () => ended([...launcher, '--version']),
      executable: () => ended([...executable, '--version']),
      bundleHello: () => untilHello([...bundle, 'serve']),
      executableHello: () => untilHello([...executable, 'serve']),
    });
    const toEnd = '`--version`: process start to end';
    const toHello = '`serve`: process start to hello';
    const verdict = (claim: string, samples: readonly number[]) => ({
      claim: `${claim} over \`node -e 0\``,
      value: ratio(samples, node),
      unit: 'x' as const,
      goal: { most: 1.3 },
    });
    return {
      figures: [
        figure('node -e 0', 'process start to end', 'ms', node),
        figure('node, empty script', 'process start to end', 'ms', ours.empty),
        figure('UserSession, bundle', toEnd, 'ms', ours.bundle),
        figure('UserSession, launcher of the source tree', toEnd, 'ms', ours.launcher),
        figure('UserSession, executable', toEnd, 'ms', ours.executable),
        figure('UserSession, bundle', toHello, 'ms', ours.bundleHello),
        figure('UserSession, executable', toHello, 'ms', ours.executableHello),
      ],
      verdicts: [
        verdict('executable, `--version`', ours.executable),
        verdict('bundle, `--version`', ours.bundle),
        verdict('executable, hello of `serve`', ours.executableHello),
        verdict('bundle, hello of `serve`', ours.bundleHello),
      ],
    };
  },
};

/** Milliseconds from the start of a process to the first that it says; then it is left. */
async function untilHello([file, ...args]: Command): Promise<number> {
  const startedAt = wallClock();
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const ms = wallClock() - startedAt;
  child.stdin.end();
  child.stdout.resume();
  await once(child, 'close');
  return ms;
}
