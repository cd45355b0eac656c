import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../../src/simulator/random.ts';

test('a seed and a label always give the same sequence', () => {
  fc.assert(
    fc.property(fc.integer(), fc.string(), (seed, label) => {
      const [one, two] = [new Random(seed, label), new Random(seed, label)];
      for (let i = 0; i < 20; i++) expect(one.bits()).toBe(two.bits());
    }),
  );
});

test('numbers stay within their limits and a shuffle keeps what it is given', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 1000 }),
      fc.array(fc.integer()),
      (seed, limit, list) => {
        const random = new Random(seed, 'test');
        const number = random.below(limit);
        expect(Number.isInteger(number) && number >= 0 && number < limit).toBe(true);
        expect(random.shuffle(list).toSorted()).toEqual(list.toSorted());
      },
    ),
  );
});

test('GUIDs have the form of version 4 and do not repeat', () => {
  const random = new Random(7, 'ids');
  const ids = Array.from({ length: 20_000 }, () => random.guid());
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('numbers are spread evenly', () => {
  const random = new Random(3, 'spread');
  const counts = Array.from({ length: 10 }, () => 0);
  for (let i = 0; i < 50_000; i++) counts[random.below(10)]! += 1;
  for (const count of counts) expect(Math.abs(count - 5000)).toBeLessThan(400);
});
