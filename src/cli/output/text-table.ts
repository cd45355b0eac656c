import stringWidth from 'string-width';
import { harmless } from '../../operations/harmless.ts';
import { fitWide } from './wide-text.ts';
import { wrapped } from './wrapped.ts';

export interface TextColumn<Row> {
  heading: string;
  /** The widest that it gets, in columns of the terminal; the last column gets what the others leave. */
  most?: number;
  text: (row: Row) => string;
  /** What does not fit goes on in the next line, instead of being cut. */
  wrap?: boolean;
}

/** So much is left to the last column on the narrowest terminal. */
const leastLast = 20;

/** Rows that are all known, with headings; columns are as wide as what is in them. */
export function textTable<Row>(
  columns: readonly TextColumn<Row>[],
  rows: readonly Row[],
  width: number,
): string {
  const cells = rows.map(row => columns.map(column => harmless(column.text(row))));
  const widths = columns.map(({ heading, most = Infinity }, i) =>
    Math.min(most, Math.max(stringWidth(heading), ...cells.map(row => stringWidth(row[i] ?? '')))),
  );
  const last = columns.length - 1;
  const used = widths.slice(0, last).reduce((sum, one) => sum + one + 1, 0);
  widths[last] = Math.min(widths[last] ?? 0, Math.max(leastLast, width - used));
  const headings = columns.map(column => column.heading);
  const rules = headings.map((heading, i) => '-'.repeat(Math.min(stringWidth(heading), widths[i] ?? 0)));
  const lines = (row: readonly string[]) => {
    const parts = row.map((cell, i) =>
      columns[i]?.wrap ? wrapped(cell, widths[i] ?? 0, 0).split('\n') : [cell],
    );
    const height = Math.max(...parts.map(part => part.length));
    return Array.from({ length: height }, (_, n) =>
      parts
        .map((part, i) => fitWide(part[n] ?? '', widths[i] ?? 0))
        .join(' ')
        .trimEnd(),
    );
  };
  return [headings, rules, ...cells]
    .flatMap(lines)
    .map(line => `${line}\n`)
    .join('');
}
