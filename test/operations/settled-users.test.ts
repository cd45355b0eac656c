import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SettledUsers } from '../../src/operations/settled-users.ts';
import { TextArchive } from '../../src/operations/text-archive.ts';
import { rowFields } from '../../src/protocol/row-fields.ts';
import type { RevocationResult } from '../../src/protocol/row.ts';
import { fuzz } from '../support/fuzz.ts';

const rowOf = (userId: string, detail: string | null = null): RevocationResult => ({
  runId: '11111111-0000-4000-8000-000000000000',
  tenantId: null,
  reference: userId,
  userId,
  userPrincipalName: `${userId}@contoso.example`,
  displayName: 'Adele "Vance"\n\u2028',
  accountEnabled: true,
  outcome: 'Revoked',
  succeeded: true,
  severity: 'none',
  revokedAt: '2026-11-23T10:00:00.000Z',
  sessionsValidFrom: '2026-11-23T10:00:00.000Z',
  accessTokensExpireBy: '2026-11-23T12:00:00.000Z',
  attempts: 1,
  requestId: null,
  detail,
});
const explanation = { accessUntil: null, because: 'an app keeps its own', confidence: 'Inferred' as const };
const id = (n: number) => `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;

test('the fields of a row are all of them, in their order', () => {
  expect([...Object.keys(rowOf(id(1))), ...Object.keys(explanation)]).toEqual(rowFields);
});

test('a row that explains is kept as it was, too', () => {
  const users = new SettledUsers();
  const row = { ...rowOf(id(1)), ...explanation };
  users.set(id(1), row);
  expect(users.get(id(1))).toEqual(row);
});

test('whoever was kept is found as they were, nobody else is, and what is kept anew replaces what was', () => {
  const users = new SettledUsers();
  const count = 20_000;
  for (let n = 0; n < count; n++) users.set(id(n), rowOf(id(n)));
  for (let n = 0; n < count; n += 37) expect(users.get(id(n))).toEqual(rowOf(id(n)));
  for (let n = count; n < 2 * count; n++) expect(users.has(id(n))).toBe(false);
  expect(users.get(id(count))).toBeNull();
  users.set(id(7), rowOf(id(7), 'anew'));
  expect(users.get(id(7))?.detail).toBe('anew');
  expect(users.get(id(8))?.detail).toBeNull();
});

test('of two keys with the same hash each has its own row', () => {
  // FNV-1a, 32 bits, has these two meet.
  const [one, other] = ['costarring', 'liquid'];
  const users = new SettledUsers();
  users.set(one!, rowOf('one'));
  expect(users.has(other!)).toBe(false);
  users.set(other!, rowOf('other'));
  expect([users.get(one!)?.userId, users.get(other!)?.userId]).toEqual(['one', 'other']);
});

test('users of any name are told apart as a map tells them apart', async () => {
  const key = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.uuid(),
    fc.constantFrom('', '\n', '__proto__'),
  );
  const acts = fc.array(fc.tuple(key, fc.option(fc.string())), { maxLength: 400 });
  await fuzz('table of settled users', acts, list => {
    const users = new SettledUsers();
    const expected = new Map<string, RevocationResult>();
    for (const [name, detail] of list) {
      expect(users.has(name)).toBe(expected.has(name));
      users.set(name, rowOf(name, detail));
      expected.set(name, rowOf(name, detail));
    }
    for (const [name, row] of expected) expect(users.get(name)).toEqual(row);
  });
});

test('an archive gives each text back by its number, and knows no other number', () => {
  const archive = new TextArchive();
  const numbers = Array.from({ length: 1000 }, (_, n) => archive.add(`text ${n} \u20ac`));
  for (const n of [0, 127, 128, 999, 5, 998]) expect(archive.get(numbers[n]!)).toBe(`text ${n} \u20ac`);
  expect(() => archive.get(1000)).toThrow(RangeError);
});
