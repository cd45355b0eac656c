import type { Writable } from 'node:stream';
import stringWidth from 'string-width';
import type { RevocationResult } from '../../protocol/row.ts';
import { harmless } from '../../operations/harmless.ts';
import { localMoment } from './local-time.ts';
import type { RowPrinter } from './row-printer.ts';
import { fitted } from './text-table.ts';

interface Column {
  heading: string;
  width: number;
  text: (row: RevocationResult) => string;
}

/** A table whose rows appear as they are settled, so its columns are as wide from the start as they will ever be. */
export function tablePrinter(out: Writable, width: number): RowPrinter {
  const columns = columnsFor(Math.max(60, width));
  const line = (cells: string[]) => out.write(`${cells.join(' ').trimEnd()}\n`);
  let rows = 0;
  return {
    row: row => {
      if (rows === 0) {
        line(columns.map(c => fitted(c.heading, c.width)));
        line(
          columns
            .map(c => '-'.repeat(Math.min(c.width, stringWidth(c.heading))))
            .map((c, i) => fitted(c, columns[i]?.width ?? 0)),
        );
      }
      rows += 1;
      line(columns.map(c => fitted(harmless(c.text(row)), c.width)));
    },
    end: () => {},
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
  (row.sessionsValidFrom ? `sessions before ${localTime(row.sessionsValidFrom)} are dead` : '');

/** With `--explain`. */
function estimateOf({ accessUntil, because, confidence }: RevocationResult): string | null {
  if (!because) return null;
  const until = accessUntil ? `Access until ${localMoment(accessUntil)} at most` : 'Access has no end';
  return `${until}${confidence === 'Known' ? '' : ' (inferred)'}: ${because}`;
}

const localTime = (iso: string): string => new Date(iso).toLocaleTimeString('en-GB');
