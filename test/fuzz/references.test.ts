import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CommandFailure } from '../../src/cli/failure.ts';
import { readUserFile } from '../../src/cli/user-file.ts';
import { type Identified, identify } from '../../src/graph/user-reference.ts';
import { identityProperties, type UserReference } from '../../src/protocol/reference.ts';
import { fuzz } from '../support/fuzz.ts';

const names = fc.constantFrom(
  ...identityProperties,
  'User Principal Name',
  'OBJECT_ID',
  'Display-Name',
  '__proto__',
  'constructor',
  'AdditionalProperties',
);
const address = fc
  .tuple(fc.stringMatching(/^[a-zA-Z0-9.#'+_-]{1,12}$/), fc.stringMatching(/^[a-z0-9.-]{1,12}$/))
  .map(parts => parts.join('@'));
const value = fc.oneof(
  fc.uuid(),
  fc.uuid().map(id => `{${id.toUpperCase()}}`),
  address,
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    '  ',
    '#microsoft.graph.user',
    '#microsoft.graph.group',
    'System.Object',
    '@{Id=1}',
    'DOMAIN\\x',
  ),
);

/** Whoever comes out must stand in what went in, letter by letter. */
function expectFrom(found: Identified, inputs: readonly string[]): void {
  const all = inputs.map(text => text.toLowerCase());
  if (found.kind === 'id' || (found.kind === 'notAUser' && found.id !== null)) {
    expect(all.some(text => text.includes(found.id ?? ''))).toBe(true);
  }
  if (found.kind === 'address') {
    expect(all.some(text => text.includes(found.address.toLowerCase()))).toBe(true);
  }
  expect(found.text.length).toBeLessThanOrEqual(330);
}

test('a reference never leads to an id or an address that is not in it', async () => {
  await fuzz(
    'user-reference resolver, texts',
    fc.oneof(
      value,
      value.map(text => ` "${text}" `),
    ),
    text => {
      expectFrom(identify({ text }), [text]);
    },
  );
  const properties = fc.dictionary(names, fc.option(value), { maxKeys: 8 });
  await fuzz('user-reference resolver, objects', fc.record({ properties, type: fc.string() }), reference => {
    const inputs = Object.values(reference.properties).filter(text => text !== null);
    expectFrom(identify(reference), inputs);
  });
});

async function readAll(bytes: Buffer, cuts: readonly number[]): Promise<UserReference[]> {
  const places = [...new Set([0, ...cuts.map(cut => cut % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
  const found: UserReference[] = [];
  for await (const one of readUserFile('-', Readable.from(pieces))) found.push(...one);
  return found;
}

const cuts = fc.array(fc.nat(), { maxLength: 5 });

test('a file of any bytes is read or refused in a sentence, and names nobody who is not in it', async () => {
  const line = fc.oneof(
    value,
    fc.jsonValue().map(json => JSON.stringify(json)),
    fc.array(value).map(cells => cells.join(',')),
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map(array => Buffer.from(array)),
    fc
      .tuple(
        fc.constantFrom('', '\uFEFF', 'Id,Mail\n', 'UserPrincipalName;X\r\n', '[', '{"value":[', '#TYPE x\n'),
        fc.array(line),
      )
      .map(([head, lines]) => Buffer.from(head + lines.join('\n'))),
    fc.array(line).map(lines => Buffer.from(`\uFEFF${lines.join('\r\n')}`, 'utf16le')),
  );
  await fuzz('file of users, any bytes', fc.tuple(bytes, cuts), async ([input, places]) => {
    try {
      for (const reference of await readAll(input, places)) {
        const texts = 'text' in reference ? [reference.text] : Object.values(reference.properties);
        expectFrom(
          identify(reference),
          texts.filter(text => text !== null),
        );
      }
    } catch (error) {
      expect(error).toBeInstanceOf(CommandFailure);
      expect((error as Error).message).not.toBe('');
    }
  });
});

test('each row of a CSV file leads to the user in that row, whatever the other cells hold', async () => {
  const cell = fc
    .oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('a,b', 'x"y', 'line\nbreak', ';', '\t'),
    )
    .map(text => text.replaceAll('\0', ''));
  const table = fc.record({
    rows: fc.array(fc.record({ id: fc.uuid(), name: cell, note: cell }), { minLength: 1, maxLength: 12 }),
    delimiter: fc.constantFrom(',', ';', '\t'),
    heading: fc.constantFrom('Id', 'Object Id', 'UserId', 'externalDirectoryObjectId'),
    record_delimiter: fc.constantFrom('\n' as const, '\r\n' as const),
    cuts,
  });
  await fuzz('CSV reader', table, async ({ rows, heading, cuts: places, ...form }) => {
    const text = stringify(
      [['Note', heading, 'DisplayName'], ...rows.map(row => [row.note, row.id, row.name])],
      { ...form, quoted: true },
    );
    const found = await readAll(Buffer.from(text.toWellFormed()), places);
    expect(found.map(reference => identify(reference))).toMatchObject(
      rows.map(row => ({ kind: 'id', id: row.id })),
    );
  });
});
