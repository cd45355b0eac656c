import { expect, test } from 'vitest';
import type { Answer, Reply } from '../../src/graph/answer.ts';
import { Lane, type LaneOptions } from '../../src/graph/lane.ts';
import { Pace, writeQuota } from '../../src/graph/pace.ts';
import type { GraphRequest, Transport } from '../../src/graph/transport.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

interface Item {
  id: string;
  url: string;
}

/** A Graph of a few lines: answers each call after 100 ms as `respond` says for each path. */
function laneOn(
  respond: (path: string, attempt: number) => Partial<Answer> | 'refused',
  options: Partial<LaneOptions> = {},
) {
  const clock = new VirtualClock();
  const calls: { at: number; paths: string[] }[] = [];
  const seen = new Map<string, number>();
  const start = clock.now();
  const answer = (path: string): Reply => {
    const attempt = (seen.get(path) ?? 0) + 1;
    seen.set(path, attempt);
    const said = respond(path, attempt);
    if (said === 'refused') return { kind: 'lost', reason: 'ECONNREFUSED', acted: 'no', sentAt: clock.now() };
    return {
      kind: 'answer',
      status: 200,
      headers: {},
      body: {},
      date: null,
      sentAt: 0,
      sentAtServer: null,
      ...said,
    };
  };
  const transport: Transport = {
    async send(request: GraphRequest): Promise<Reply> {
      const items = (request.body as { requests?: Item[] } | undefined)?.requests;
      calls.push({ at: clock.now() - start, paths: items ? items.map(i => i.url) : [request.path] });
      await clock.sleep(100);
      if (!items) return answer(request.path);
      const responses = items.map(i => ({ id: i.id, ...(answer(i.url) as Answer) }));
      return { ...(answer('/$batch') as Answer), body: { responses } };
    },
  };
  const lane = new Lane({ transport, clock, pace: new Pace(writeQuota, clock.now()), ...options });
  const send = (path: string, signal?: AbortSignal) => lane.send({ method: 'POST', path }, signal);
  return { lane, clock, calls, send };
}

test('a lone request leaves at once and alone', async () => {
  const { send, calls } = laneOn(() => ({}));
  await send('/a');
  expect(calls).toEqual([{ at: 0, paths: ['/a'] }]);
});

test('while one is on the way the next ones gather into one batch', async () => {
  const { send, calls, clock } = laneOn(() => ({}));
  const first = send('/a');
  await clock.sleep(10);
  const others = ['/b', '/c', '/d'].map(p => send(p));
  await Promise.all([first, ...others]);
  expect(calls).toEqual([
    { at: 0, paths: ['/a'] },
    { at: 100, paths: ['/b', '/c', '/d'] },
  ]);
});

test('a full batch does not wait for a free place', async () => {
  const { send, calls } = laneOn(() => ({}));
  await Promise.all(Array.from({ length: 45 }, (_, i) => send(`/${i}`)));
  expect(calls.map(c => [c.at, c.paths.length])).toEqual([
    [0, 20],
    [0, 20],
    [100, 5],
  ]);
});

test('only the item that was put off is sent again, and not before its time', async () => {
  const { send, calls } = laneOn((path, attempt) =>
    path === '/1' && attempt === 1 ? { status: 429, headers: { 'retry-after': '7' } } : {},
  );
  const replies = await Promise.all([send('/0'), send('/1'), send('/2')]);
  expect(replies.map(r => r.kind === 'answer' && [r.status, r.tries])).toEqual([
    [200, 1],
    [200, 2],
    [200, 1],
  ]);
  expect(calls).toEqual([
    { at: 0, paths: ['/0', '/1', '/2'] },
    { at: 7100, paths: ['/1'] },
  ]);
});

test('a 500 is not repeated here: nobody knows whether it was carried out', async () => {
  const { send, calls } = laneOn(() => ({ status: 500 }));
  expect(await send('/a')).toMatchObject({ status: 500, tries: 1 });
  expect(calls).toHaveLength(1);
});

test('a connection that is refused is tried again, but not for ever', async () => {
  const { send, calls } = laneOn(() => 'refused');
  expect(await send('/a')).toMatchObject({ kind: 'lost', acted: 'no', tries: 6 });
  expect(calls.at(-1)?.at).toBeGreaterThan(30_000);
  expect(calls.at(-1)?.at).toBeLessThan(60_000);
});

test('a withdrawn request that has not left is never sent', async () => {
  const { lane, send, calls, clock } = laneOn(() => ({}), { inFlight: 1 });
  const abort = new AbortController();
  const first = send('/a');
  await clock.sleep(10);
  const second = send('/b', abort.signal);
  abort.abort();
  lane.sweep();
  expect(await second).toEqual({ kind: 'notSent' });
  expect(await first).toMatchObject({ status: 200 });
  expect(calls).toHaveLength(1);
});

test('the intention is recorded before anything leaves, and what is withdrawn meanwhile stays', async () => {
  const recorded: unknown[] = [];
  const abort = new AbortController();
  const { send, calls } = laneOn(() => ({}), {
    beforeSend: async tags => {
      recorded.push(...tags);
      expect(calls).toHaveLength(0);
      abort.abort();
    },
  });
  expect(await send('/a', abort.signal)).toEqual({ kind: 'notSent' });
  expect(recorded).toHaveLength(1);
  expect(calls).toHaveLength(0);
});

test('six thousand requests take their burst at once and the rest at the pace of the quota', async () => {
  const { send, calls } = laneOn(() => ({}), { inFlight: 50 });
  await Promise.all(Array.from({ length: 6000 }, (_, i) => send(`/${i}`)));
  const last = calls.at(-1)?.at ?? 0;
  expect(last).toBeGreaterThanOrEqual(149_000);
  expect(last).toBeLessThanOrEqual(151_000);
});
