import fc from 'fast-check';
import { expect } from 'vitest';
import { recordFigure } from './figures.ts';

/** Inputs for each property: some hundreds in `npm test`, 100,000 in `npm run torture`. FUZZ_RUNS overrules both. */
export const fuzzRuns = Number(process.env['FUZZ_RUNS'] ?? (process.env['TORTURE'] ? 100_000 : 300));

/** What one input may take, in milliseconds: a hundred times what the slowest does on a busy machine. */
const slowestMs = 2000;

/**
 * Tries a property on random inputs. A failure prints its seed and path; FUZZ_SEED and FUZZ_PATH in the environment play
 * it again. Each input is timed, so that one which takes for ever fails as the one it is.
 */
export async function fuzz<T>(
  name: string,
  inputs: fc.Arbitrary<T>,
  check: (input: T) => void | Promise<void>,
): Promise<void> {
  const seed = process.env['FUZZ_SEED'];
  const path = process.env['FUZZ_PATH'];
  let slowest = 0;
  let tried = 0;
  const property = fc.asyncProperty(inputs, async input => {
    const start = performance.now();
    await check(input);
    const took = performance.now() - start;
    tried += 1;
    slowest = Math.max(slowest, took);
    expect(took, 'milliseconds for one input').toBeLessThan(slowestMs);
  });
  await fc.assert(property, {
    numRuns: fuzzRuns,
    ...(seed !== undefined && { seed: Number(seed) }),
    ...(path !== undefined && { path }),
  });
  recordFigure(`fuzz: ${name}`, { inputs: tried, slowestMs: Math.round(slowest * 10) / 10 });
}
