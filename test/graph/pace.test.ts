import { expect, test } from 'vitest';
import type { Answer } from '../../src/graph/answer.ts';
import { Pace } from '../../src/graph/pace.ts';
import { auditQuota, writeQuota } from '../../src/graph/quota.ts';

const answer = (status: number, headers: Record<string, string> = {}, sentAt = 0): Answer => ({
  kind: 'answer',
  status,
  headers,
  body: undefined,
  date: null,
  sentAt,
  sentAtServer: null,
});

/** Takes as many as may go at one moment, and has them come back at once, `status` being what each is answered. */
function takeAll(pace: Pace, now: number, most: number, status?: number): number {
  let taken = 0;
  while (taken < most) {
    const { count } = pace.take(20, now);
    if (count === 0) break;
    taken += count;
    if (status !== undefined)
      for (let item = 0; item < count; item++) pace.observe(answer(status, {}, now), now);
    pace.back(count);
  }
  return taken;
}

/** A pace whose burst is spent and whose trial was refused twice, so that it knows the tenant to be full at 0. */
function spentPace(): Pace {
  const pace = new Pace(writeQuota, 0);
  takeAll(pace, 0, 3001);
  for (const at of [0, 1000]) pace.observe(answer(429, { 'retry-after': '1' }, at), at);
  return pace;
}

test('the whole burst leaves at once, then one that tries, and what follows at twenty a second', () => {
  const pace = new Pace(writeQuota, 0);
  for (let batch = 0; batch < 150; batch++) {
    expect(pace.take(20, 0)).toEqual({ count: 20, waitMs: 0 });
    pace.back(20);
  }
  expect(pace.take(20, 0).count).toBe(1);
  pace.back(1);
  const { count, waitMs } = pace.take(20, 0);
  expect(count).toBe(0);
  expect(waitMs).toBe(550);
  expect(pace.take(20, 549).count).toBe(0);
  expect(pace.take(20, 550).count).toBe(10);
});

test('fifty batches may be on the way at first, and the next one leaves when one has come back', () => {
  const pace = new Pace(writeQuota, 0);
  for (let batch = 0; batch < 50; batch++) expect(pace.take(20, 0).count).toBe(20);
  expect(pace.take(20, 0).count).toBe(0);
  pace.back(20);
  expect(pace.take(20, 0).count).toBe(20);
});

test('after a 429 nothing leaves before Retry-After, and after a batch of them one alone', () => {
  const pace = new Pace(writeQuota, 0);
  pace.observe(answer(429, { 'retry-after': '30' }), 0);
  expect(pace.take(20, 0)).toEqual({ count: 0, waitMs: 30_000 });
  expect(pace.take(20, 29_999)).toEqual({ count: 0, waitMs: 1 });
  for (let item = 0; item < 20; item++) pace.observe(answer(429, { 'retry-after': '30' }), 0);
  expect(pace.take(20, 30_000).count).toBe(1);
  expect(pace.take(20, 30_000).count).toBe(0);
});

test('one refusal among many that are let through leaves the burst as it is', () => {
  const pace = new Pace(writeQuota, 0);
  expect(takeAll(pace, 0, 1000, 200)).toBe(1000);
  pace.observe(answer(429, { 'retry-after': '2' }), 0);
  expect(takeAll(pace, 2000, 1900, 200)).toBeGreaterThanOrEqual(1900);
});

test('a tenant that refuses a second time is full: what refills meanwhile is all there is', () => {
  const pace = new Pace(writeQuota, 0);
  for (const at of [0, 1000]) pace.observe(answer(429, { 'retry-after': '1' }, at), at);
  expect(takeAll(pace, 2000, 3000)).toBeLessThanOrEqual(20);
});

test('the twenty refusals of one batch count as one when the service names no time', () => {
  const pace = new Pace(writeQuota, 0);
  for (let item = 0; item < 20; item++) pace.observe(answer(429), 0);
  expect(pace.take(1, 0).waitMs).toBe(1000);
});

test('where the service says no again and again, the waits grow beyond what it asks for', () => {
  const pace = new Pace(writeQuota, 0);
  const waits: number[] = [];
  for (let round = 0, now = 0; round < 7; round++) {
    pace.observe(answer(429, { 'retry-after': '1' }, now), now);
    const { waitMs } = pace.take(1, now);
    waits.push(waitMs);
    now += waitMs;
  }
  expect(waits).toEqual([1000, 1000, 2000, 4000, 8000, 16_000, 16_000]);
});

test('what was refused has counted and has to refill first, up to a tenth of the quota', () => {
  const pace = new Pace(writeQuota, 0);
  for (let item = 0; item < 1000; item++) pace.observe(answer(429, { 'retry-after': '1' }), 0);
  // 300 of debt at twenty a second are fifteen seconds.
  expect(pace.timeFor(1, 1000)).toBeGreaterThan(13_000);
  expect(pace.timeFor(1, 1000)).toBeLessThan(22_000);
});

test('between two times that the tenant was full its rate is learned, and it recovers while nothing is refused', () => {
  const pace = spentPace();
  // A hundred in the twenty seconds since: another takes three quarters.
  for (let item = 0; item < 100; item++) pace.observe(answer(200, {}, 2000), 2000);
  for (const at of [21_000, 22_000]) pace.observe(answer(429, { 'retry-after': '1' }, at), at);
  expect(pace.timeFor(100, 23_000) / 1000).toBeGreaterThan(10);
  for (let second = 24; second < 330; second++) pace.observe(answer(200, {}, second * 1000), second * 1000);
  takeAll(pace, 330_000, 5000);
  expect(pace.timeFor(100, 330_000) / 1000).toBeLessThan(6);
});

test('a window after the last burst one request tries, and what is let through opens the way for more', () => {
  const pace = spentPace();
  for (const at of [2000, 60_000, 149_000]) {
    takeAll(pace, at, 5000);
    expect(pace.take(20, at).count).toBe(0);
  }
  takeAll(pace, 150_000, 5000, 200);
  let taken = 0;
  for (let now = 150_100; now < 153_000; now += 100) taken += takeAll(pace, now, 5000, 200);
  // Twenty a second would be sixty.
  expect(taken).toBeGreaterThan(500);
});

test('a strict quota is never tried', () => {
  const pace = new Pace(auditQuota, 0);
  let taken = 0;
  for (let now = 0; now < 60_000; now += 100) taken += takeAll(pace, now, 100, 200);
  expect(taken).toBeLessThanOrEqual(29);
});

test('the percentage header takes out what others have used', () => {
  const pace = new Pace(writeQuota, 0);
  pace.observe(answer(200, { 'x-ms-throttle-limit-percentage': '0.9' }), 0);
  expect(takeAll(pace, 0, 5000)).toBe(301);
});

test('a clock that is set back takes no quota away', () => {
  const pace = new Pace(writeQuota, 1_000_000);
  takeAll(pace, 1_000_000, 3001);
  expect(pace.take(20, 0).count).toBe(0);
  expect(takeAll(pace, 2000, 5000)).toBe(30);
});
