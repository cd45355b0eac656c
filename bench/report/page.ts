import { type Figure, isMet, type Verdict } from '../case.ts';
import type { CaseResult } from './results.ts';

/** bench/RESULTS.md. */
export function makePage(results: readonly CaseResult[]): string {
  return `<!-- This file is written by "npm run bench"; do not edit it. -->
# How fast

![${pictureText}](results.svg)

Measured by \`npm run bench\`: our engine as users run it, record and proof on, and its rivals in the same run and by turns.
Medians, in brackets the lowest and the highest. Times on shared machines are noisy, so goals are ratios of runs that
stood next to each other.

${results.map(summary).join('\n')}
${results.map(section).join('\n')}`;
}

const pictureText = 'How far each measurement is from its goal';

function summary({ title, verdicts }: CaseResult): string {
  const missed = verdicts.filter(v => !isMet(v)).length;
  const state = missed === 0 ? 'all goals met' : `${missed} of ${verdicts.length} goals missed`;
  return `- [${title}](#${anchor(title)}): ${state}`;
}

/** As GitHub makes it of a heading. */
const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .replace(/\s/g, '-');

function section({
  title,
  method,
  figures,
  verdicts,
  commit,
  measuredAt,
  machine,
  seconds,
}: CaseResult): string {
  const when = `${measuredAt.slice(0, 16).replace('T', ' ')}Z`;
  return `## ${title}

${method}

| | goal | measured | |
|---|---|---|---|
${verdicts.map(verdictRow).join('\n')}

| subject | measure | median | runs |
|---|---|---|---|
${figures.map(figureRow).join('\n')}

<sub>Commit ${commit}, ${when}, ${machine}; took ${seconds} s.</sub>
`;
}

function verdictRow(verdict: Verdict): string {
  const { claim, goal, value, unit, note } = verdict;
  const wanted = 'most' in goal ? `<= ${shown(goal.most, unit)}` : `>= ${shown(goal.least, unit)}`;
  return `| ${claim} | ${wanted} | ${shown(value, unit)} | ${[isMet(verdict) ? 'met' : '**missed**', note].filter(Boolean).join(': ')} |`;
}

function figureRow({ subject, measure, median, low, high, unit, runs }: Figure): string {
  const spread = runs > 1 ? ` (${shown(low, unit)} - ${shown(high, unit)})` : '';
  return `| ${subject} | ${measure} | ${shown(median, unit)}${spread} | ${runs} |`;
}

/** A number in three digits, with its unit. */
function shown(value: number, unit: Verdict['unit'] | Figure['unit']): string {
  const rounded = value >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  const text = rounded.toLocaleString('en-US', { maximumFractionDigits: 4 });
  return unit === 'x' || unit === '%' ? `${text}${unit === 'x' ? ' x' : ' %'}` : `${text} ${unit}`;
}
