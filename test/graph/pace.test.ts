import { expect, test } from 'vitest';
import type { Answer } from '../../src/graph/answer.ts';
import { Pace, writeQuota } from '../../src/graph/pace.ts';

const answer = (status: number, headers: Record<string, string> = {}): Answer => ({
  kind: 'answer',
  status,
  headers,
  body: undefined,
  date: null,
  sentAt: 0,
  sentAtServer: null,
});

test('the whole burst leaves at once, and what follows at twenty a second', () => {
  const pace = new Pace(writeQuota, 0);
  for (let batch = 0; batch < 150; batch++) expect(pace.take(20, 0)).toBe(0);
  expect(pace.take(20, 0)).toBe(1000);
  expect(pace.take(20, 999)).toBeGreaterThan(0);
  expect(pace.take(20, 1000)).toBe(0);
});

test('after a 429 nothing leaves before Retry-After, and then what has refilled meanwhile', () => {
  const pace = new Pace(writeQuota, 0);
  pace.observe(answer(429, { 'retry-after': '30' }), 0);
  expect(pace.take(1, 0)).toBe(30_000);
  expect(pace.take(1, 29_999)).toBe(1);
  expect(pace.take(599, 30_000)).toBe(0);
  expect(pace.take(1, 30_000)).toBeGreaterThan(0);
});

test('the twenty refusals of one batch count as one when the service names no time', () => {
  const pace = new Pace(writeQuota, 0);
  for (let item = 0; item < 20; item++) pace.observe(answer(429), 0);
  expect(pace.take(1, 0)).toBe(1000);
});

test('what was refused has counted and has to refill first, up to a tenth of the quota', () => {
  const pace = new Pace(writeQuota, 0);
  for (let item = 0; item < 160; item++) pace.observe(answer(429, { 'retry-after': '1' }), 0);
  expect(pace.take(20, 1000)).toBe(8000);
  for (let item = 0; item < 1000; item++) pace.observe(answer(429, { 'retry-after': '1' }), 0);
  expect(pace.take(20, 1000)).toBe(15_000);
});

test('the percentage header takes out what others have used', () => {
  const pace = new Pace(writeQuota, 0);
  pace.observe(answer(200, { 'x-ms-throttle-limit-percentage': '0.9' }), 0);
  expect(pace.take(300, 0)).toBe(0);
  expect(pace.take(20, 0)).toBe(1000);
});

test('a clock that is set back takes no quota away', () => {
  const pace = new Pace(writeQuota, 1_000_000);
  expect(pace.take(3000, 1_000_000)).toBe(0);
  expect(pace.take(20, 0)).toBe(1000);
  expect(pace.take(20, 1000)).toBe(0);
});
