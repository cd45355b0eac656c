import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { shortened } from '../graph/shortened.ts';
import { normalizeName } from '../graph/user-reference.ts';
import { identityProperties, type UserReference } from '../protocol/reference.ts';
import { CommandFailure, exitCode } from './failure.ts';

/** Rows come in groups of so many at most. */
const mostTogether = 1000;

/** Rows of a CSV file with headings; only the columns that may name a user are kept. */
export async function* fromCsv(
  text: AsyncIterable<string>,
  { delimiter, typed }: { delimiter: string; typed: boolean },
  name: string,
): AsyncGenerator<UserReference[]> {
  const rows = Readable.from(text).pipe(
    parse({
      delimiter,
      info: true,
      // Export-Csv of Windows PowerShell writes the objects' type into a line of its own before the headings.
      from_line: typed ? 2 : 1,
      relax_column_count: true,
      // A quote in the middle of a name is a quote in the middle of a name.
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: 1_000_000,
    }),
  );
  let wanted: { heading: string; column: number }[] | null = null;
  let together: UserReference[] = [];
  try {
    for await (const { record, info } of rows as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      if (!wanted) {
        wanted = record
          .map((heading, column) => ({ heading, column }))
          .filter(({ heading }) => identityProperties.includes(normalizeName(heading)));
        continue;
      }
      const properties = Object.fromEntries(
        wanted.map(({ heading, column }) => [heading, record[column] ?? null]),
      );
      together.push({ properties, type: `line ${info.lines} of ${name}` });
      if (together.length < mostTogether && rows.readableLength > 0) continue;
      yield together;
      together = [];
    }
  } catch (error) {
    if (together.length > 0) yield together;
    if (!(error instanceof CsvError)) throw error;
    throw new CommandFailure(exitCode.usage, `${name} is no proper CSV: ${shortened(error.message, 300)}.`);
  }
}
