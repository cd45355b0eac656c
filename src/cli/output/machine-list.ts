import type { Writable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import { harmlessJson } from '../../operations/harmless.ts';
import { csvCell } from './csv-cell.ts';
import type { OutputFormat } from './row-printer.ts';

/**
 * Writes a list that is all known, in a form for machines; the property names are the columns of CSV, where a list in a
 * cell is JSON.
 */
export function printList<Row extends object>(
  format: Exclude<OutputFormat, 'table'>,
  out: Writable,
  rows: readonly Row[],
  columns: readonly (keyof Row & string)[],
): void {
  switch (format) {
    case 'json':
      return void out.write(`${harmlessJson(JSON.stringify(rows, null, 1))}\n`);
    case 'jsonl':
      for (const row of rows) out.write(`${harmlessJson(JSON.stringify(row))}\n`);
      return;
    case 'csv':
      out.write(
        stringify([...rows], {
          header: true,
          columns: [...columns],
          cast: { boolean: String, string: csvCell, object: value => csvCell(JSON.stringify(value)) },
        }),
      );
  }
}
