import { expect, test } from 'vitest';
import { paceOf, type PaceScenario } from '../../bench/pace-scenario.ts';

const models = ['bucket', 'sliding', 'fixed'] as const;

async function within(scenario: PaceScenario, overMinimum: number, refused: number) {
  const result = await paceOf(scenario);
  expect(result.outcomes).toEqual({ Revoked: scenario.users * (scenario.engines ?? 1) });
  expect(result.early).toBe(0);
  expect(result.makespan).toBeGreaterThanOrEqual(Math.floor(result.minimum) - 1);
  expect(result.makespan / result.minimum).toBeLessThanOrEqual(overMinimum);
  expect(result.refused).toBeLessThanOrEqual(refused);
}

test.each(models)('ten thousand users at the published quota, counted as %s', model =>
  within({ model, users: 10_000 }, 1.03, 0.01),
);

test('a fixed window that is nearly over when the run begins', () =>
  within({ model: 'fixed', users: 10_000, secondsIntoWindow: 100 }, 1.03, 0.01));

test('another tool of the same app takes a third', () =>
  within({ model: 'bucket', users: 10_000, otherPerSecond: 20 / 3 }, 1.1, 0.05));

test('three engines that know nothing of each other', () =>
  within({ model: 'bucket', users: 3000, engines: 3 }, 1.25, 0.12));

test.each(models)('a tenant that gives half and always asks for 30 seconds, counted as %s', model =>
  within({ model, users: 5000, limit: 1500, retryAfterSeconds: 30 }, 1.1, 0.1),
);
