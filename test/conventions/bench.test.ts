import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { expect, test } from 'vitest';
import type { Verdict } from '../../bench/case.ts';
import { cases } from '../../bench/cases.ts';
import { withMeasurement } from '../../bench/report/capacity.ts';
import { reportFiles } from '../../bench/report/files.ts';
import { makePicture } from '../../bench/report/picture.ts';
import { type CaseResult, readResults } from '../../bench/report/results.ts';
import { root } from '../../build/paths.ts';
import { startBrowser } from '../support/browser.ts';

const results = readResults();

test('each case of the bench has a result, in the same order', () => {
  expect(results.map(result => result.name)).toEqual(cases.map(one => one.name));
});

test.each(reportFiles(results).map(({ file, text }) => [relative(root, file), file, text]))(
  '%s is what the results make it',
  (_, file, text) => {
    expect(readFileSync(file, 'utf8')).toBe(text);
  },
);

const verdicts: Verdict[] = [
  { claim: 'as fast as `node`', value: 1.2, unit: 'x', goal: { most: 1.3 } },
  { claim: 'users', value: 4200, unit: 'users/s', goal: { least: 5000 } },
  { claim: 'refused', value: 0, unit: 'requests', goal: { most: 0 } },
];
const figure = (subject: string, measure: string, median: number) => ({
  subject,
  measure,
  unit: 'ms' as const,
  median,
  low: median,
  high: median,
  runs: 5,
});
const made: CaseResult[] = [
  {
    name: 'thousand-users',
    title: 'A thousand',
    method: '',
    figures: [
      figure('loop {everybody}', 'last revocation', 80_000),
      figure('UserSession', 'last revocation', 300),
      figure('UserSession', 'last proof', 400),
    ],
    verdicts,
    commit: 'abc',
    measuredAt: '2026-11-25T00:00:00.000Z',
    machine: 'a machine',
    seconds: 1,
  },
];

test('the picture is the same each time, says the figures, and fits on a screen', () => {
  const picture = makePicture(made);
  expect(makePicture(made)).toBe(picture);
  for (const text of [
    'loop everybody',
    '80 s',
    '300 ms, proven 400 ms',
    '4,200 users/s (&gt;= 5,000 users/s)',
  ])
    expect(picture).toContain(`>${text}</text>`);
  expect(Number(/height="(\d+)"/.exec(makePicture(results))?.[1] ?? 0)).toBeLessThan(800);
});

test('the picture can be read by day and by night', async () => {
  const browser = await startBrowser();
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({ colorScheme });
    await page.setContent(makePicture(made));
    // As functions of the page's language, since there is no DOM in the types of this project.
    const colors = (await page.evaluate(
      `[...document.querySelectorAll('rect, text')].map(one => [one.tagName, getComputedStyle(one).fill])`,
    )) as [string, string][];
    const paper = lightness(colors.find(([tag]) => tag === 'rect')?.[1] ?? '');
    const texts = colors.filter(([tag]) => tag === 'text').map(([, color]) => lightness(color));
    expect(paper > 0.5).toBe(colorScheme === 'light');
    for (const text of texts) expect(contrast(paper, text)).toBeGreaterThan(4.5);
  }
});

/** The relative luminance of WCAG 2, of `rgb(1, 2, 3)`. */
function lightness(color: string): number {
  const [red = 0, green = 0, blue = 0] = [...color.matchAll(/\d+/g)].map(match => {
    const share = Number(match[0]) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const contrast = (a: number, b: number): number => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

test('the page on capacity divides what was measured by the quota', () => {
  const page =
    'before\n<!-- measured by "npm run bench" -->\nold\n<!-- end of what was measured -->\nafter\n';
  const million = { ...made[0]!, name: 'a-million' };
  expect(withMeasurement(page, [million])).toMatch(
    /^before\n<!-- .* -->\nOne engine does \*\*4,200 users\/s\*\*.*\*\*210 tenants at a time\*\*\.\n<!-- .* -->\nafter\n$/s,
  );
  expect(withMeasurement(page, [])).toContain('Not measured yet');
  expect(() => withMeasurement('nothing', [million])).toThrow(/no place/);
});
