import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs, retryAfterMs } from '../../src/graph/retry-after.ts';

const now = Date.parse('2026-11-23T10:00:00Z');

test.each([
  ['10', 10_000],
  ['2.128', 2128],
  ['0.249', 1000],
  ['0', 1000],
  ['Mon, 23 Nov 2026 10:00:30 GMT', 30_000],
  ['Mon, 23 Nov 2026 09:59:00 GMT', 1000],
  ['99999999', 3_600_000],
])('reads "%s" as %i ms', (text, ms) => {
  expect(retryAfterMs(text, now)).toBe(ms);
});

test.each([[''], ['soon'], ['-5'], ['1e9'], ['0x10'], [undefined], [null]])('reads nothing from %j', text => {
  expect(retryAfterMs(text, now)).toBeNull();
});

test('whatever a server writes, the wait is nothing or between a second and an hour', () => {
  fc.assert(
    fc.property(fc.string(), text => {
      const ms = retryAfterMs(text, now);
      expect(ms === null || (ms >= 1000 && ms <= 3_600_000)).toBe(true);
    }),
  );
});

test('without a word from the service the wait doubles up to a minute', () => {
  const waits = [0, 1, 2, 3, 10].map(attempt => backoffMs(attempt, () => 0));
  expect(waits).toEqual([1000, 2000, 4000, 8000, 60_000]);
});
