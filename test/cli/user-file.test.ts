import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readUserFile } from '../../src/cli/user-file.ts';
import type { UserReference } from '../../src/protocol/reference.ts';

/** What comes out before the end, and the failure that ends it. */
async function read(...pieces: string[]): Promise<{ found: UserReference[]; failure: string | null }> {
  const found: UserReference[] = [];
  try {
    for await (const references of readUserFile('-', Readable.from(pieces))) found.push(...references);
    return { found, failure: null };
  } catch (error) {
    return { found, failure: (error as Error).message };
  }
}

test('who stands before what breaks a file is handed over first', async () => {
  const long = 'x'.repeat(1024 * 1024 + 1);
  expect(await read(`a@b.c\nd@e.f\n${long}\ng@h.i\n`)).toEqual({
    found: [{ text: 'a@b.c' }, { text: 'd@e.f' }],
    failure: expect.stringContaining('Line 3 of standard input is longer'),
  });
  const page = '{"value":[],"@odata.nextLink":"https://graph.microsoft.com/v1.0/users?$skiptoken=x"}';
  expect(await read(`{"Id":"1"}\n${page}\n{"Id":"2"}\n`)).toMatchObject({
    found: [{ properties: { Id: '1' } }],
    failure: expect.stringContaining('one page of a longer list'),
  });
});

test('lines are counted through pieces and blank ones', async () => {
  const { found } = await read('{"Id":"1"}\n\n{"I', 'd":"2"}\n', '\nnonsense\n{"Id":"3"}');
  expect(found.map(one => ('type' in one ? one.type : null))).toEqual([
    'line 1 of standard input',
    'line 3 of standard input',
    'line 5 of standard input, which is no JSON',
    'line 6 of standard input',
  ]);
});

test.each([
  ['at once', ''],
  ['after blank lines', '\r\n\n'],
])('an object over several lines is read as one, %s', async (_, before) => {
  const { found } = await read(`${before}{\n "value": [\n  {"Id": "1"},\n`, '  {"Id": "2"}\n ]\n}\n');
  expect(found).toMatchObject([{ properties: { Id: '1' } }, { properties: { Id: '2' } }]);
});

test('a long array comes in groups, whole', async () => {
  const ids = Array.from({ length: 2500 }, (_, n) => String(n));
  const groups: number[] = [];
  for await (const group of readUserFile('-', Readable.from([JSON.stringify(ids)])))
    groups.push(group.length);
  expect(groups).toEqual([1000, 1000, 500]);
});
