import { join } from 'node:path';
import { cliOut, out } from '../../build/paths.ts';
import type { BenchCase } from '../case.ts';
import { run } from '../child.ts';
import { alternating, figure, ratio } from '../measuring.ts';

/** How long the engine takes until it can do anything. */
export const engineStart: BenchCase = {
  name: 'engine-start',
  title: 'Start of the engine',
  method: '`--version`, from the start of the process to its end, against `node -e 0` of the same Node.',
  async run() {
    const bundle = join(out, 'engine', 'usersession.cjs');
    const timed = async (file: string, ...args: string[]) => (await run(file, args)).ms;
    const samples = await alternating(15, {
      node: () => timed(process.execPath, '-e', '0'),
      bundle: () => timed(process.execPath, bundle, '--version'),
      launcher: () => timed(cliOut, '--version'),
    });
    const measure = 'process start to end';
    return {
      figures: [
        figure('node -e 0', measure, 'ms', samples.node),
        figure('UserSession, bundle', measure, 'ms', samples.bundle),
        figure('UserSession, launcher of the source tree', measure, 'ms', samples.launcher),
      ],
      verdicts: [
        {
          claim: 'bundle over `node -e 0`',
          value: ratio(samples.bundle, samples.node),
          unit: 'x',
          goal: { most: 1.3 },
        },
      ],
    };
  },
};
