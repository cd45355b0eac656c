import type { Writable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import type { RevocationResult } from '../../protocol/row.ts';
import { csvCell } from './csv-cell.ts';
import type { RowPrinter } from './row-printer.ts';

/** The columns, in the order of the row, those of `--explain` last; the same names as in JSON. */
export const csvColumns: readonly (keyof RevocationResult)[] = [
  'runId',
  'tenantId',
  'reference',
  'userId',
  'userPrincipalName',
  'displayName',
  'accountEnabled',
  'outcome',
  'succeeded',
  'severity',
  'revokedAt',
  'sessionsValidFrom',
  'accessTokensExpireBy',
  'attempts',
  'requestId',
  'detail',
  'accessUntil',
  'because',
  'confidence',
];

/** CSV with headings. A cell that a spreadsheet would run as a formula gets an apostrophe in front. */
export function csvPrinter(out: Writable): RowPrinter {
  const write = (cells: readonly unknown[]) =>
    out.write(stringify([cells as unknown[]], { cast: { boolean: String, string: csvCell } }));
  write(csvColumns);
  return { row: row => void write(csvColumns.map(column => row[column])), end: () => {} };
}
