import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { rowPrinter } from '../../src/cli/output/row-printer.ts';
import type { RevocationResult } from '../../src/protocol/row.ts';
import { rowOnRecord } from '../support/row-on-record.ts';

/** What a table of people with these names looks like. */
async function table(...names: string[]): Promise<string[]> {
  const out = new PassThrough();
  const printer = await rowPrinter('table', out, 120);
  for (const displayName of names)
    printer.row({ ...rowOnRecord, displayName, runId: 'r', tenantId: null } as RevocationResult);
  await printer.end();
  out.end();
  return (await text(out)).trimEnd().split('\n');
}

test('rows keep their order, also when some wait for somebody whose name is not plain', async () => {
  const names = ['Adele Vance', 'Zoë Baker', '王秀英', 'Lee Gu', '👩‍👩‍👧 Family', 'Grace'];
  const [heading, line, ...rows] = await table(...names);
  expect(heading).toMatch(/^Outcome +User +Name +Enabled Detail$/);
  expect(line).toMatch(/^-{7} +-{4} +-{4} +-{7} -{6}$/);
  expect(rows.map(row => names.find(name => row.includes(` ${name} `)))).toEqual(names);
  // The column after the name begins at the same place on the screen.
  const before = rows.map(row => stringWidth(row.slice(0, row.lastIndexOf(' yes'))));
  expect(new Set(before).size).toBe(1);
});

test('a long name is cut to its column the same way whether it is plain or not', async () => {
  const [, , plain, other] = await table(
    'Adele Vance of the Sales Department',
    'Adèle Vance of the Sales Department',
  );
  expect(plain).toContain(' Adele Vance of the … ');
  expect(other).toContain(' Adèle Vance of the … ');
});
