import { expect, test } from 'vitest';
import { outOfStep } from '../../build/generate.ts';

test('the committed files that are generated are what their sources say', () => {
  expect(outOfStep()).toEqual([]);
});
