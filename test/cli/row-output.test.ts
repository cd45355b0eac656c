import { PassThrough } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvCell } from '../../src/cli/output/csv-cell.ts';
import { csvPrinter } from '../../src/cli/output/csv-printer.ts';
import { RowOutput } from '../../src/cli/output/row-output.ts';
import { rowFields } from '../../src/protocol/row-fields.ts';
import type { RevocationResult } from '../../src/protocol/row.ts';
import { fuzz } from '../support/fuzz.ts';

const never = new AbortController().signal;

test('what comes in one turn of the event loop is written at once, after whatever makes room for it', async () => {
  const out = new PassThrough();
  const seen: string[] = [];
  out.on('data', (bytes: Buffer) => seen.push(bytes.toString()));
  const output = new RowOutput(out, () => seen.push('before'));
  output.write('a\n');
  output.write('b\n');
  expect(seen).toEqual([]);
  await new Promise(resolve => setTimeout(resolve, 1));
  expect(seen).toEqual(['before', 'a\nb\n']);
  output.flush();
  output.write('c\n');
  output.flush();
  await new Promise(resolve => setTimeout(resolve, 1));
  expect(seen).toEqual(['before', 'a\nb\n', 'before', 'c\n']);
});

test('a reader who is behind is waited for, until he has caught up, has gone, or the run is stopped', async () => {
  const behind = () => {
    const out = new PassThrough({ highWaterMark: 100 });
    const output = new RowOutput(out);
    for (let n = 0; n < 30; n++) output.write('0123456789');
    output.flush();
    expect(output.isBehind).toBe(true);
    return { out, output };
  };
  const slow = behind();
  let waited = false;
  const caughtUp = slow.output.caughtUp(never).then(() => (waited = true));
  await new Promise(resolve => setImmediate(resolve));
  expect(waited).toBe(false);
  slow.out.resume();
  await caughtUp;
  expect(slow.output.isBehind).toBe(false);
  await slow.output.caughtUp(never);

  const gone = behind();
  gone.out.on('error', () => {}).destroy(new Error('EPIPE'));
  await gone.output.caughtUp(never);

  const stopping = new AbortController();
  const stopped = behind().output.caughtUp(stopping.signal);
  stopping.abort();
  await stopped;
  await behind().output.caughtUp(stopping.signal);
});

test('a row of any content is the CSV that csv-stringify makes of it', async () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(',', '"', '""', ' a', 'a ', "'", '\r', '\n', 'a,"b"', '=1', 'x; =1', '-', '\ufeff'),
  );
  const value = fc.oneof(text, fc.constant(null), fc.boolean(), fc.integer());
  const cells = fc.array(value, { minLength: rowFields.length, maxLength: rowFields.length });
  await fuzz('CSV writer', cells, values => {
    const row = Object.fromEntries(rowFields.map((field, i) => [field, values[i]]));
    let written = '';
    csvPrinter({ write: piece => (written += piece) }).row(row as unknown as RevocationResult);
    const expected = stringify([[...rowFields], values], { cast: { boolean: String, string: csvCell } });
    expect(written).toBe(expected);
  });
});
