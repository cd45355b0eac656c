import { isMet, type Verdict } from '../case.ts';
import { amount, wanted } from './amount.ts';
import type { ChartPart, Row } from './chart-part.ts';
import { ink } from './ink.ts';
import type { CaseResult } from './results.ts';

/** Whatever is farther away stands at the edge. */
const farthest = 10;

/** How far each measurement is from its goal, a case a line. */
export function goalsPart(results: readonly CaseResult[]): ChartPart {
  const marks = results.flatMap(({ verdicts }, row) =>
    verdicts.map(verdict => ({ value: [distance(verdict), row], ...look(isMet(verdict)) })),
  );
  return {
    title: 'How far from the goals',
    rows: results.map(row),
    axis: {
      min: 1 / farthest,
      max: farthest,
      axisLabel: x => ({ [1 / farthest]: '← better', 1: 'goal', [farthest]: 'worse →' })[x] ?? '',
    },
    series: [
      {
        type: 'scatter',
        symbolSize: 9,
        data: marks,
        markLine: {
          symbol: 'none',
          label: { show: false },
          lineStyle: { color: ink.muted, type: 'solid', width: 1.5 },
          data: [{ xAxis: 1 }],
        },
      },
    ],
  };
}

/** Told apart without colors, too. */
const look = (met: boolean): object =>
  met
    ? { symbol: 'circle', itemStyle: { color: ink.met, opacity: 1 } }
    : { symbol: 'triangle', itemStyle: { color: ink.missed, opacity: 1 } };

/** The title of a case, and the goal that it misses most. */
function row({ title, verdicts }: CaseResult): Row {
  const [worst, ...others] = verdicts
    .filter(verdict => !isMet(verdict))
    .sort((a, b) => distance(b) - distance(a));
  const met = verdicts.length === 1 ? 'met' : `all ${verdicts.length} met`;
  const missed = others.length > 0 ? `${others.length + 1} missed, worst ` : '';
  const right = worst ? `${missed}${amount(worst.value, worst.unit)} (${wanted(worst)})` : met;
  return { left: title, leftTone: 'plain', right, rightTone: worst ? 'missed' : 'met' };
}

/** 1 at the goal, less when it is better; a goal of nothing is either met or missed by far. */
function distance(verdict: Verdict): number {
  const { value, goal } = verdict;
  const times = 'most' in goal ? value / goal.most : goal.least / value;
  if (Number.isNaN(times)) return 1;
  return Math.min(farthest, Math.max(1 / farthest, times));
}
