import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Bucket, FixedWindow, type Quota, SlidingWindow } from '../../src/simulator/quotas.ts';

const windowMs = 10_000;
const limit = 50;
const models: [string, () => Quota, most: (spanMs: number) => number][] = [
  ['a bucket', () => new Bucket(limit, windowMs), spanMs => limit + (limit * spanMs) / windowMs],
  [
    'a sliding window',
    () => new SlidingWindow(limit, windowMs),
    spanMs => limit * (Math.floor(spanMs / windowMs) + 1),
  ],
  [
    'a fixed window',
    () => new FixedWindow(limit, windowMs),
    spanMs => limit * (Math.floor(spanMs / windowMs) + 2),
  ],
];

test.each(models)('%s never lets more through than its limit', (_name, make, most) => {
  const steps = fc.array(
    fc.record({ wait: fc.integer({ min: 0, max: 3000 }), amount: fc.integer({ min: 1, max: 20 }) }),
    { maxLength: 200 },
  );
  fc.assert(
    fc.property(steps, list => {
      const quota = make();
      const passed: { at: number; amount: number }[] = [];
      let now = 1_000_000;
      for (const { wait, amount } of list) {
        now += wait;
        if (quota.take(amount, now).allowed) passed.push({ at: now, amount });
      }
      for (const from of passed) {
        let sum = 0;
        for (const { at, amount } of passed) {
          if (at < from.at) continue;
          sum += amount;
          expect(sum).toBeLessThanOrEqual(most(at - from.at) + 1e-6);
        }
      }
    }),
  );
});

test.each(models)('who waits as long as %s says gets through', (_name, make) => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 100 }), amounts => {
      const quota = make();
      let now = 5_000_000;
      for (const amount of amounts) {
        const verdict = quota.take(amount, now);
        if (verdict.allowed) continue;
        expect(verdict.waitMs).toBeGreaterThan(0);
        now += Math.ceil(verdict.waitMs) + 1;
        expect(quota.take(amount, now).allowed).toBe(true);
      }
    }),
  );
});

test('a full quota can be used at once, and what is refused counts up to a tenth', () => {
  for (const [, make] of models) {
    const quota = make();
    for (let i = 0; i < limit; i++) expect(quota.take(1, 0).allowed).toBe(true);
    for (let i = 0; i < 1000; i++) expect(quota.take(1, 0).allowed).toBe(false);
    expect(quota.take(1, 0).used).toBeCloseTo(1.1, 1);
    expect(quota.take(1, 0).waitMs).toBeLessThanOrEqual(windowMs * 1.2);
  }
});
