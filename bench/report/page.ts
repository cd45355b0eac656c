import { type Figure, isMet, type Verdict } from '../case.ts';
import { amount, wanted } from './amount.ts';
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

const pictureText = 'Who takes how long, and how far each measurement is from its goal';

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
  const { claim, value, unit, note } = verdict;
  return `| ${claim} | ${wanted(verdict)} | ${amount(value, unit)} | ${[isMet(verdict) ? 'met' : '**missed**', note].filter(Boolean).join(': ')} |`;
}

function figureRow({ subject, measure, median, low, high, unit, runs }: Figure): string {
  const spread = runs > 1 ? ` (${amount(low, unit)} - ${amount(high, unit)})` : '';
  return `| ${subject} | ${measure} | ${amount(median, unit)}${spread} | ${runs} |`;
}
