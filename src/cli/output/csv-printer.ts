import { rowFields } from '../../protocol/row-fields.ts';
import type { RevocationResult } from '../../protocol/row.ts';
import { csvCell } from './csv-cell.ts';
import type { RowPrinter, TextOutput } from './row-printer.ts';

/** CSV with headings. A cell that a spreadsheet would run as a formula gets an apostrophe in front. */
export function csvPrinter(out: TextOutput): RowPrinter {
  out.write(`${rowFields.join(',')}\n`);
  return { row: row => void out.write(lineOf(row)), end: () => {} };
}

// Not by csv-stringify: put up for each row anew, it took longer than everything else that is done for one.
function lineOf(row: RevocationResult): string {
  return `${rowFields.map(field => cellOf(row[field])).join(',')}\n`;
}

function cellOf(value: RevocationResult[keyof RevocationResult]): string {
  if (typeof value !== 'string') return value == null ? '' : String(value);
  const text = csvCell(value);
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
