import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Answer } from '../../src/graph/answer.ts';
import { composeBatch, matchBatch } from '../../src/graph/batch.ts';

const outer = (body: unknown): Answer => ({
  kind: 'answer',
  status: 200,
  headers: { 'request-id': 'outer' },
  body,
  date: 1000,
  sentAt: 0,
  sentAtServer: 900,
});

const item = (id: unknown, status: unknown = 200, rest: object = {}) => ({
  id,
  status,
  headers: {},
  body: {},
  ...rest,
});

test('each write item carries Content-Type and a body, without which Graph refuses the whole batch', () => {
  const batch = composeBatch([
    { method: 'POST', path: '/users/a/revokeSignInSessions' },
    { method: 'GET', path: '/users/b?$select=id' },
  ]);
  expect(batch).toEqual({
    method: 'POST',
    path: '/$batch',
    body: {
      requests: [
        {
          id: '1',
          method: 'POST',
          url: '/users/a/revokeSignInSessions',
          headers: { 'Content-Type': 'application/json' },
          body: {},
        },
        { id: '2', method: 'GET', url: '/users/b?$select=id' },
      ],
    },
  });
});

test('items are matched by id, whatever their order', () => {
  const replies = matchBatch(3, outer({ responses: [item('3', 403), item('1', 200), item('2', 404)] }), 0);
  expect(replies.map(r => r.kind === 'answer' && r.status)).toEqual([200, 404, 403]);
});

test('an item that is missing, double or malformed is lost, not answered', () => {
  const responses = [item('1'), item('2'), item('2', 404), item('4', 'OK'), item('9'), item('x'), null, 7];
  const replies = matchBatch(4, outer({ responses }), 0);
  expect(replies.map(r => r.kind)).toEqual(['answer', 'lost', 'lost', 'lost']);
});

test('headers of an item are found in any case, and the request id of the batch stands in for a missing one', () => {
  const responses = [
    item('1', 429, { headers: { 'RETRY-AFTER': 7 } }),
    item('2', 200, { headers: { 'Request-Id': 'own' } }),
  ];
  const [first, second] = matchBatch(2, outer({ responses }), 0);
  expect(first).toMatchObject({ headers: { 'retry-after': '7', 'request-id': 'outer' } });
  expect(second).toMatchObject({ headers: { 'request-id': 'own' } });
});

test('whatever comes back, there is one reply for each request', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.jsonValue(),
      fc.array(fc.jsonValue()),
      (count, body, responses) => {
        expect(matchBatch(count, outer(body), 0)).toHaveLength(count);
        expect(matchBatch(count, outer({ responses }), 0)).toHaveLength(count);
      },
    ),
  );
});
