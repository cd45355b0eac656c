import { harmlessJson } from '../../operations/harmless.ts';
import type { RevocationResult } from '../../protocol/row.ts';
import { tablePrinter } from './table-printer.ts';

export const outputFormats = ['table', 'json', 'jsonl', 'csv'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** What takes the text of rows. */
export interface TextOutput {
  write(text: string): unknown;
}

/** Prints rows the moment they are settled. */
export interface RowPrinter {
  row(row: RevocationResult): void;
  /** After the last row; what it gives back is to be waited for. */
  end(): void | Promise<void>;
}

/** The printer of a format; `width` is the terminal's, in columns. */
export async function rowPrinter(format: OutputFormat, out: TextOutput, width: number): Promise<RowPrinter> {
  switch (format) {
    case 'json':
      return jsonPrinter(out);
    case 'jsonl':
      return { row: row => void out.write(`${harmlessJson(JSON.stringify(row))}\n`), end: () => {} };
    case 'csv': {
      const { csvPrinter } = await import('./csv-printer.ts');
      return csvPrinter(out);
    }
    case 'table':
      return tablePrinter(out, width);
  }
}

/** One array, written element by element: complete JSON whatever the number of rows. */
function jsonPrinter(out: TextOutput): RowPrinter {
  let rows = 0;
  return {
    row: row => {
      out.write(`${rows === 0 ? '[' : ','}\n${harmlessJson(JSON.stringify(row))}`);
      rows += 1;
    },
    end: () => void out.write(rows === 0 ? '[]\n' : '\n]\n'),
  };
}
