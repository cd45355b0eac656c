import type { Figure } from './case.ts';

/** What each subject came to, run by run. */
export type Samples<Name extends string, Sample = number> = Record<Name, Sample[]>;

/**
 * Measures the subjects by turns, so that a machine that is busy for a while is busy for all of them. The first round
 * warms up what can be warm, and does not count.
 */
export async function alternating<Name extends string, Sample = number>(
  rounds: number,
  subjects: Record<Name, () => Promise<Sample>>,
): Promise<Samples<Name, Sample>> {
  const names = Object.keys(subjects) as Name[];
  const samples = Object.fromEntries(names.map(name => [name, [] as Sample[]])) as Samples<Name, Sample>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const value = await subjects[name]();
      if (round > 0) samples[name].push(value);
    }
  }
  return samples;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  const lower = sorted[middle - 1];
  if (upper === undefined) throw new Error('There is no median of nothing.');
  return sorted.length % 2 === 0 && lower !== undefined ? (lower + upper) / 2 : upper;
}

/** The median of the ratios of runs that stood next to each other. */
export const ratio = (ours: readonly number[], theirs: readonly number[]): number =>
  median(ours.map((value, run) => value / (theirs[run] ?? Number.NaN)));

export function figure(
  subject: string,
  measure: string,
  unit: Figure['unit'],
  samples: readonly number[],
): Figure {
  return {
    subject,
    measure,
    unit,
    median: median(samples),
    low: Math.min(...samples),
    high: Math.max(...samples),
    runs: samples.length,
  };
}
