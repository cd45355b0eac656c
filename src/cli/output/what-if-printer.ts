import type { Writable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import { harmlessJson } from '../../operations/harmless.ts';
import type { UserDescribeResult } from '../../protocol/messages.ts';
import { csvCell } from './csv-cell.ts';
import type { OutputFormat } from './row-printer.ts';

/** Prints who would be revoked, in the form that was asked for. */
export function whatIfPrinter(
  format: OutputFormat,
  out: Writable,
  tenant: string,
): { row(described: UserDescribeResult): void; end(): void } {
  const all: UserDescribeResult[] = [];
  const columns = ['userId', 'userPrincipalName', 'displayName', 'text'] as const;
  switch (format) {
    case 'json':
      return {
        row: d => void all.push(d),
        end: () => void out.write(`${harmlessJson(JSON.stringify(all, null, 1))}\n`),
      };
    case 'jsonl':
      return { row: d => void out.write(`${harmlessJson(JSON.stringify(d))}\n`), end: () => {} };
    case 'csv':
      return {
        row: d => void all.push(d),
        end: () =>
          void out.write(stringify(all, { header: true, columns: [...columns], cast: { string: csvCell } })),
      };
    case 'table':
      return {
        row: d => void out.write(`What if: Revoke all sign-in sessions of ${d.text} in ${tenant}\n`),
        end: () => {},
      };
  }
}
