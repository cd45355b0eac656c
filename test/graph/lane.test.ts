import { expect, test } from 'vitest';
import type { Answer, Reply } from '../../src/graph/answer.ts';
import { Lane, type LaneOptions } from '../../src/graph/lane.ts';
import { Pace } from '../../src/graph/pace.ts';
import { writeQuota } from '../../src/graph/quota.ts';
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
  const answer = (path: string, sentAt: number): Reply => {
    const attempt = (seen.get(path) ?? 0) + 1;
    seen.set(path, attempt);
    const said = respond(path, attempt);
    if (said === 'refused') return { kind: 'lost', reason: 'ECONNREFUSED', acted: 'no', sentAt };
    return {
      kind: 'answer',
      status: 200,
      headers: {},
      body: {},
      date: null,
      sentAt,
      sentAtServer: null,
      ...said,
    };
  };
  const transport: Transport = {
    async send(request: GraphRequest): Promise<Reply> {
      const items = (request.body as { requests?: Item[] } | undefined)?.requests;
      calls.push({ at: clock.now() - start, paths: items ? items.map(i => i.url) : [request.path] });
      const sentAt = clock.now();
      await clock.sleep(100);
      if (!items) return answer(request.path, sentAt);
      const responses = items.map(i => ({ id: i.id, ...(answer(i.url, sentAt) as Answer) }));
      return { ...(answer('/$batch', sentAt) as Answer), body: { responses } };
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

test('while one is on the way the next ones gather into one batch, and wait for company no longer than 5 ms', async () => {
  const { send, calls, clock } = laneOn(() => ({}));
  const first = send('/a');
  await clock.sleep(10);
  const others = ['/b', '/c', '/d'].map(p => send(p));
  await Promise.all([first, ...others]);
  expect(calls).toEqual([
    { at: 0, paths: ['/a'] },
    { at: 15, paths: ['/b', '/c', '/d'] },
  ]);
});

test('a full batch does not wait for a free place', async () => {
  const { send, calls } = laneOn(() => ({}));
  await Promise.all(Array.from({ length: 45 }, (_, i) => send(`/${i}`)));
  expect(calls.map(c => [c.at, c.paths.length])).toEqual([
    [0, 20],
    [0, 20],
    [5, 5],
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
  const { lane, send, calls, clock } = laneOn(() => ({}));
  const abort = new AbortController();
  const first = send('/a');
  await clock.sleep(1);
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

test('what was being recorded while the tenant said no waits for its time, or for being withdrawn', async () => {
  const { lane, send, calls, clock } = laneOn(
    (path, attempt) =>
      path === '/a' && attempt === 1 ? { status: 429, headers: { 'retry-after': '5' } } : {},
    { beforeSend: () => clock.sleep(50) },
  );
  const abort = new AbortController();
  const first = send('/a');
  await clock.sleep(120);
  const second = send('/b');
  await clock.sleep(20);
  const third = send('/c', abort.signal);
  await clock.sleep(60);
  expect(calls.map(c => c.paths)).toEqual([['/a']]);
  abort.abort();
  lane.sweep();
  expect(await third).toEqual({ kind: 'notSent' });
  expect(await second).toMatchObject({ status: 200 });
  await first;
  // The answer came at 150.
  for (const call of calls.slice(1)) expect(call.at).toBeGreaterThanOrEqual(5150);
  expect(calls.flatMap(c => c.paths)).not.toContain('/c');
});

test('what can not be recorded is told at once, though the tenant asks to wait', async () => {
  let full = false;
  const { send, calls, clock } = laneOn(() => ({ status: 429, headers: { 'retry-after': '60' } }), {
    beforeSend: async () => {
      await clock.sleep(50);
      if (full) throw new Error('ENOSPC');
    },
    deferrals: 0,
  });
  const first = send('/a');
  await clock.sleep(120);
  full = true;
  const start = clock.now();
  expect(await send('/b')).toMatchObject({ kind: 'lost', acted: 'no', tries: 0 });
  expect(clock.now() - start).toBeLessThan(1000);
  await first;
  expect(calls).toHaveLength(1);
});

test('a tenant that never refuses is not kept at the pace of the published quota', async () => {
  const { send, calls } = laneOn(() => ({}));
  await Promise.all(Array.from({ length: 6000 }, (_, i) => send(`/${i}`)));
  expect(calls.at(-1)?.at).toBeLessThan(10_000);
});
