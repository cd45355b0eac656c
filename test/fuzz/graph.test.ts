import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Answer } from '../../src/graph/answer.ts';
import { matchBatch } from '../../src/graph/batch.ts';
import { claimsOf } from '../../src/graph/claims-challenge.ts';
import { describeError, graphErrorOf, requestIdOf } from '../../src/graph/graph-error.ts';
import { deepestJson, jsonShape } from '../../src/graph/json-shape.ts';
import { retryAfterMs } from '../../src/graph/retry-after.ts';
import { fuzz } from '../support/fuzz.ts';

const now = Date.parse('2026-11-23T10:00:00Z');

test('whatever Retry-After says, the wait is nothing or between a second and an hour', async () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.double().map(String),
    fc.bigInt().map(String),
    fc.date({ noInvalidDate: true }).map(date => date.toUTCString()),
    fc.constantFrom('Infinity', 'NaN', '-1', '1e400', '999999999', '0x10', '1,5', '٣', ''),
    fc.integer({ min: 1, max: 1_000_000 }).map(length => '9'.repeat(length)),
  );
  await fuzz('Retry-After parser', text, value => {
    const wait = retryAfterMs(value, now);
    if (wait === null) return;
    expect(wait).toBeGreaterThanOrEqual(1000);
    expect(wait).toBeLessThanOrEqual(3_600_000);
  });
});

test('a request of a batch gets its own answer or none, however the reply is mixed, doubled, cut and damaged', async () => {
  const outer = (responses: unknown): Answer => ({
    kind: 'answer',
    status: 200,
    headers: {},
    body: { responses },
    date: null,
    sentAt: 0,
    sentAtServer: null,
  });
  // A whole id of another request is beyond what the matcher can know; everything else is not.
  const damaged = (id: string) =>
    fc.oneof(
      fc.constantFrom(`0${id}`, ` ${id}`, `${id} `, Number(id), `${id}.0`, `+${id}`, [id], { id }, null),
      fc.string().filter(text => !/^([1-9]|1\d|20)$/.test(text)),
    );
  const item = (number: number) =>
    fc.record({
      id: fc.oneof({ weight: 6, arbitrary: fc.constant(String(number)) }, damaged(String(number))),
      status: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 200, max: 599 }) }, fc.jsonValue()),
      headers: fc.oneof(fc.constant({ 'Request-Id': 'r' }), fc.jsonValue()),
      body: fc.constant({ of: number }),
    });
  const reply = fc.integer({ min: 1, max: 20 }).chain(count =>
    fc.record({
      count: fc.constant(count),
      items: fc.array(
        fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 22 }).chain(item) }, fc.jsonValue()),
        {
          maxLength: 30,
        },
      ),
    }),
  );
  await fuzz('batch-reply matcher', reply, ({ count, items }) => {
    const replies = matchBatch(count, outer(items), 0);
    expect(replies).toHaveLength(count);
    replies.forEach((one, index) => {
      if (one.kind === 'answer')
        expect((one.body as { of?: number } | undefined)?.of ?? index + 1).toBe(index + 1);
    });
  });
  await fuzz('batch-reply matcher, any JSON', fc.jsonValue(), body => {
    expect(matchBatch(3, { ...outer([]), body }, 0)).toHaveLength(3);
  });
});

test('a claims challenge is a JSON object or nothing', async () => {
  const base64 = fc.oneof(
    fc.jsonValue().map(value => Buffer.from(JSON.stringify(value)).toString('base64')),
    fc.string(),
    fc.base64String(),
  );
  const header = fc.oneof(
    fc.string(),
    base64.map(claims => `Bearer realm="", error="insufficient_claims", claims="${claims}"`),
    fc
      .array(fc.constantFrom('Bearer ', 'PoP ', 'claims="', '"', ', ', 'e30=', '\\"'))
      .map(parts => parts.join('')),
  );
  await fuzz('claims-challenge parser', header, value => {
    const claims = claimsOf({ 'www-authenticate': value });
    if (claims !== undefined) expect(typeof JSON.parse(claims)).toBe('object');
  });
});

test('an error body of any kind gives a short sentence and a plain request id', async () => {
  const body = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        error: fc.record(
          {
            code: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
            message: fc.oneof(
              fc.string({ unit: 'binary' }),
              fc.integer({ max: 100_000, min: 1 }).map(length => ' x'.repeat(length)),
            ),
            innerError: fc.record({ 'request-id': fc.string({ unit: 'binary' }) }),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    ),
  );
  await fuzz('error bodies', body, value => {
    expect(describeError(500, value).length).toBeLessThanOrEqual(410);
    expect(typeof graphErrorOf(value).code).toBe('string');
    expect(requestIdOf(value) ?? 'none').toMatch(/^[\w.:|-]{1,100}$/);
  });
});

test('the shape of JSON is told before it is parsed', async () => {
  const depthOf = (value: unknown): number =>
    typeof value !== 'object' || value === null
      ? 0
      : 1 + Math.max(0, ...Object.values(value).map(inner => depthOf(inner)));
  await fuzz(
    'shape of JSON',
    fc.tuple(fc.jsonValue({ maxDepth: 8 }), fc.constantFrom(0, 2)),
    ([value, indent]) => {
      const { depth, elements, values } = jsonShape(JSON.stringify(value, null, indent));
      expect(depth).toBe(depthOf(value));
      if (Array.isArray(value) && value.length > 0) expect(elements).toBe(value.length);
      expect(values).toBeGreaterThanOrEqual(1);
    },
  );
  await fuzz('shape of what is no JSON', fc.string({ unit: 'binary' }), text => {
    expect(jsonShape(text).depth).toBeLessThanOrEqual(deepestJson + 1);
  });
});
