import type { RevocationResult } from '../../protocol/row.ts';
import { harmless } from '../../operations/harmless.ts';
import { clockTime, localMoment } from './local-time.ts';
import type { RowPrinter, TextOutput } from './row-printer.ts';

interface Column {
  heading: string;
  width: number;
  text: (row: RevocationResult) => string;
}

/**
 * A table whose rows appear as they are settled, so its columns are as wide from the start as they will ever be. How wide
 * a text is takes longer to find out than to revoke somebody, so that is loaded for the first one that is not plain; its
 * row and the ones behind it wait meanwhile.
 */
export function tablePrinter(out: TextOutput, width: number): RowPrinter {
  const columns = columnsFor(Math.max(60, width));
  let fit = fitPlain;
  let waiting: string[][] = [];
  let loading: Promise<void> | undefined;
  let rows = 0;
  const line = (cells: readonly string[]) =>
    void out.write(
      `${cells
        .map((cell, i) => fit(cell, columns[i]?.width ?? 0))
        .join(' ')
        .trimEnd()}\n`,
    );
  const load = async () => {
    fit = (await import('./wide-text.ts')).fitWide;
    for (const cells of waiting) line(cells);
    waiting = [];
  };
  const put = (cells: string[]) => {
    if (fit === fitPlain && (loading || !cells.every(isPlain))) {
      waiting.push(cells);
      loading ??= load();
    } else {
      line(cells);
    }
  };
  return {
    row: row => {
      if (rows === 0) {
        put(columns.map(c => c.heading));
        put(columns.map(c => '-'.repeat(Math.min(c.width, c.heading.length))));
      }
      rows += 1;
      put(columns.map(c => harmless(c.text(row))));
    },
    end: () => loading,
  };
}

function columnsFor(width: number): Column[] {
  const fixed: Column[] = [
    { heading: 'Outcome', width: 16, text: row => row.outcome },
    { heading: 'User', width: width >= 110 ? 34 : 26, text: row => row.userPrincipalName ?? row.reference },
    ...(width >= 110
      ? [{ heading: 'Name', width: 20, text: (row: RevocationResult) => row.displayName ?? '' }]
      : []),
    {
      heading: 'Enabled',
      width: 7,
      text: row => ({ true: 'yes', false: 'no', null: '' })[String(row.accountEnabled)] ?? '',
    },
  ];
  const used = fixed.reduce((sum, c) => sum + c.width + 1, 0);
  return [...fixed, { heading: 'Detail', width: width - used - 1, text: detailOf }];
}

const detailOf = (row: RevocationResult): string =>
  [estimateOf(row), row.detail].filter(Boolean).join(' ') ||
  (row.sessionsValidFrom ? `sessions before ${clockTime(row.sessionsValidFrom)} are dead` : '');

/** With `--explain`. */
function estimateOf({ accessUntil, because, confidence }: RevocationResult): string | null {
  if (!because) return null;
  const until = accessUntil ? `Access until ${localMoment(accessUntil)} at most` : 'Access has no end';
  return `${until}${confidence === 'Known' ? '' : ' (inferred)'}: ${because}`;
}

/** Each character of it is one column wide. */
const isPlain = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

const fitPlain = (text: string, width: number): string =>
  (text.length > width ? `${text.slice(0, width - 1)}\u2026` : text).padEnd(width);
