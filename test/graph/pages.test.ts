import { expect, test } from 'vitest';
import type { Answer, Reply } from '../../src/graph/answer.ts';
import { Groups } from '../../src/graph/groups.ts';
import { Lane } from '../../src/graph/lane.ts';
import { Pace } from '../../src/graph/pace.ts';
import { readQuota } from '../../src/graph/quota.ts';
import { readList } from '../../src/graph/pages.ts';
import type { GraphRequest } from '../../src/graph/transport.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const endpoint = { root: 'https://graph.microsoft.com' };
const next = (path: string) => `${endpoint.root}/v1.0${path}`;

/** Reads the list at /a from pages given as answers by path and number of the call. */
function read(pages: (path: string, call: number) => Partial<Answer> & { body?: unknown }, headers = {}) {
  const clock = new VirtualClock();
  const asked: GraphRequest[] = [];
  const transport = {
    async send(request: GraphRequest): Promise<Reply> {
      asked.push(request);
      const answer = {
        kind: 'answer' as const,
        status: 200,
        headers: {},
        body: {},
        date: null,
        sentAt: 0,
        sentAtServer: null,
      };
      return { ...answer, ...pages(request.path, asked.length) };
    },
  };
  const lane = new Lane({ transport, clock, pace: new Pace(readQuota, clock.now()) });
  return { list: readList(lane, endpoint, '/a', { keep: raw => raw, headers }), asked };
}

test('headers go with every page', async () => {
  const { list, asked } = read(
    path => ({ body: path === '/a' ? { value: [1], '@odata.nextLink': next('/b') } : { value: [2] } }),
    {
      ConsistencyLevel: 'eventual',
    },
  );
  expect(await list).toEqual([1, 2]);
  expect(asked.map(r => [r.path, r.headers?.['ConsistencyLevel']])).toEqual([
    ['/a', 'eventual'],
    ['/b', 'eventual'],
  ]);
});

test('a page that had to be asked for again is not continued: the list is begun anew', async () => {
  const { list, asked } = read((path, call) => {
    if (path === '/a') return { body: { value: ['a'], '@odata.nextLink': next(`/b${call}`) } };
    if (path === '/b1' && call === 2) return { status: 503 };
    return { body: { value: [path], '@odata.nextLink': path === '/c' ? undefined : next('/c') } };
  });
  expect(await list).toEqual(['a', '/b4', '/c']);
  expect(asked.map(r => r.path)).toEqual(['/a', '/b1', '/b1', '/a', '/b4', '/c']);
});

test.each([
  'https://evil.example/v1.0/users?$skiptoken=x',
  'https://graph.microsoft.com.evil.example/v1.0/users',
  'http://graph.microsoft.com/v1.0/users',
  'https://graph.microsoft.com/beta/users',
  7,
])('a next link to %j is not followed', async link => {
  const { list, asked } = read(() => ({ body: { value: [1], '@odata.nextLink': link } }));
  await expect(list).rejects.toThrow('not followed');
  expect(asked).toHaveLength(1);
});

test('pages that lead in a circle end', async () => {
  const { list } = read(path => ({
    body: { value: [1], '@odata.nextLink': next(path === '/a' ? '/b' : '/a') },
  }));
  await expect(list).rejects.toThrow('no end');
});

test.each([[{}], ['text'], [null], [{ value: {} }]])('an answer that is no list (%j) fails', async body => {
  await expect(read(() => ({ body })).list).rejects.toThrow('no list');
});

test.each([[{ id: 'x' }], [{ '@odata.type': '#microsoft.graph.user' }], [null]])(
  'a group with a member whose kind can not be read (%j) is refused, never half of it given',
  async member => {
    const clock = new VirtualClock();
    const user = { id: 'a', '@odata.type': '#microsoft.graph.user' };
    const transport = {
      async send(): Promise<Reply> {
        const answer = {
          kind: 'answer' as const,
          status: 200,
          headers: {},
          date: null,
          sentAt: 0,
          sentAtServer: null,
        };
        return { ...answer, body: { value: [user, member] } };
      },
    };
    const lane = new Lane({ transport, clock, pace: new Pace(readQuota, clock.now()) });
    const group = { id: 'g', displayName: 'G', hidden: false };
    await expect(new Groups(lane, endpoint).members(group, true)).rejects.toThrow(
      'does not tell what they are',
    );
  },
);
