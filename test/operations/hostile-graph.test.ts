import { expect, test } from 'vitest';
import type { RevocationResult } from '../../src/protocol/row.ts';
import { type SimulatedFetch, simulatedRun } from '../support/simulated-run.ts';

const isRevoke = (url: string, init: RequestInit) =>
  init.method === 'POST' && url.includes('revokeSignInSessions');

interface Item {
  id: unknown;
  status: unknown;
  headers?: Record<string, unknown>;
  body?: unknown;
}

/** Changes what comes back as JSON, be it one answer or a batch. */
const spoiling =
  (change: (body: Record<string, unknown>, url: string) => unknown, headers: Record<string, string> = {}) =>
  async (url: string, init: RequestInit, next: SimulatedFetch): Promise<Response> => {
    const answer = await next(url, init);
    const text = await answer.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const spoilt = change(body as Record<string, unknown>, url);
    const kept = { ...Object.fromEntries(answer.headers), ...headers };
    return new Response(JSON.stringify(spoilt), { status: answer.status, headers: kept });
  };

/** Changes users wherever they are read, alone or in a batch. */
const spoilingUsers = (change: (user: Record<string, unknown>) => unknown) =>
  spoiling(body => {
    const one = (user: unknown) =>
      user !== null && typeof user === 'object' && 'userPrincipalName' in user
        ? change(user as Record<string, unknown>)
        : user;
    const items = body?.['responses'] as Item[] | undefined;
    if (items) return { responses: items.map(item => ({ ...item, body: one(item.body) })) };
    return one(body);
  });

async function rowsFor(
  intercept: (url: string, init: RequestInit, next: SimulatedFetch) => Promise<Response>,
  count = 12,
  byName = false,
) {
  const { run, tenant, clock } = await simulatedRun({ intercept, run: { verificationTime: 8 } });
  const people = tenant.users.filter(u => u.accountEnabled && !u.external).slice(0, count);
  const started = clock.now();
  const rows = await Promise.all(people.map(u => run.revoke({ text: byName ? u.userPrincipalName : u.id })));
  return { rows, people, tenant, took: clock.now() - started };
}

/** Nobody is told to be out who is not, and nobody but those who were named was called. */
function expectHonest({ rows, people, tenant }: Awaited<ReturnType<typeof rowsFor>>): void {
  expect(rows).toHaveLength(people.length);
  const done = new Set(tenant.record.map(entry => entry.userId));
  for (const row of rows) if (row.outcome === 'Revoked') expect(done).toContain(row.userId);
  const named = new Set(people.map(user => user.id));
  for (const id of done) expect(named).toContain(id);
}

const outcomes = (rows: RevocationResult[]) => [...new Set(rows.map(row => row.outcome))].sort();

test.each(['9999-12-31T23:59:59Z', '2026-11-24T10:00:00Z', '2026-11-23T10:30:00Z'])(
  'a stamp in the future (%s) proves nothing',
  async stamp => {
    const result = await rowsFor(
      spoilingUsers(user => ({ ...user, signInSessionsValidFromDateTime: stamp })),
    );
    expectHonest(result);
    expect(outcomes(result.rows)).toEqual(['Unverified']);
    expect(result.rows[0]?.detail).toContain('lies in the future');
  },
);

test.each([
  '',
  'soon',
  '2099',
  '12/31/2099',
  '+099999-01-01T00:00:00Z',
  '2099-01-01',
  4102444800000,
  null,
  {},
  [],
])('a stamp that is none (%j) proves nothing', async stamp => {
  const result = await rowsFor(spoilingUsers(user => ({ ...user, signInSessionsValidFromDateTime: stamp })));
  expectHonest(result);
  expect(outcomes(result.rows)).toEqual(['Unverified']);
  expect(result.rows[0]?.sessionsValidFrom).toBeNull();
});

test("a front end whose clock is a day behind makes no proof of yesterday's revocation", async () => {
  const yesterday = '2026-11-22T12:00:00Z';
  const { run, tenant } = await simulatedRun({
    run: { verificationTime: 2 },
    intercept: async (url, init, next) => {
      if (isRevoke(url, init)) {
        // It says yes, and does nothing.
        const headers = { 'request-id': 'r', date: 'Sun, 22 Nov 2026 10:00:00 GMT' };
        return new Response('{"value":true}', { status: 200, headers });
      }
      const answer = await next(url, init);
      const body = { ...((await answer.json()) as object), signInSessionsValidFromDateTime: yesterday };
      return new Response(JSON.stringify(body), { status: answer.status, headers: answer.headers });
    },
  });
  const row = await run.revoke({ text: tenant.users[0]?.id ?? '' });
  expect(row.outcome).toBe('Unverified');
});

test('an error of a front end whose clock is a day behind makes no proof either', async () => {
  const { run, tenant } = await simulatedRun({
    intercept: async (url, init, next) => {
      if (isRevoke(url, init)) {
        const headers = { 'request-id': 'r', date: 'Sun, 22 Nov 2026 10:00:00 GMT' };
        return new Response('{"error":{"code":"x"}}', { status: 500, headers });
      }
      const answer = await next(url, init);
      const body = {
        ...((await answer.json()) as object),
        signInSessionsValidFromDateTime: '2026-11-22T12:00:00Z',
      };
      return new Response(JSON.stringify(body), { status: answer.status, headers: answer.headers });
    },
  });
  const row = await run.revoke({ text: tenant.users[0]?.id ?? '' });
  expect(row.outcome).toBe('Failed');
  expect(tenant.record).toEqual([]);
});

test.each<[string, (items: Item[]) => unknown]>([
  [
    'all swapped',
    items => items.map((item, index) => ({ ...item, id: items[(index + 1) % items.length]?.id })),
  ],
  ['all doubled', items => [...items, ...items]],
  ['doubled with another answer', items => items.flatMap(item => [item, { ...item, status: 404 }])],
  ['half missing', items => items.slice(items.length / 2)],
  ['numbers for ids', items => items.map(item => ({ ...item, id: Number(item.id) }))],
  ['ids with a zero in front', items => items.map(item => ({ ...item, id: `0${String(item.id)}` }))],
  [
    'more than were asked for',
    items => [...items, ...Array.from({ length: 50 }, (_, n) => ({ id: `${n}`, status: 200 }))],
  ],
  ['texts for status', items => items.map(item => ({ ...item, status: String(item.status) }))],
  ['status of no kind', items => items.map(item => ({ ...item, status: 999 }))],
  ['arrays in arrays', items => [items]],
  ['an object for an array', items => ({ ...items })],
  ['nothing', () => undefined],
  [
    'pollution',
    items => items.map(item => ({ ...item, __proto__: { status: 200 }, headers: { __proto__: 'x' } })),
  ],
  [
    'bodies of others',
    items => items.map((item, index) => ({ ...item, body: items[(index + 3) % items.length]?.body })),
  ],
])(
  'a batch reply with %s: no false Revoked, nobody else, no hang',
  async (_, change) => {
    const intercept = spoiling(body =>
      Array.isArray(body?.['responses']) ? { responses: change(body['responses'] as Item[]) } : body,
    );
    for (const byName of [false, true]) {
      const result = await rowsFor(intercept, 40, byName);
      expectHonest(result);
      expect(result.took).toBeLessThan(15 * 60_000);
    }
    expect(({} as { status?: unknown }).status).toBeUndefined();
  },
  60_000,
);

test('an answer about somebody else leads to nobody', async () => {
  let other = '';
  const { run, tenant } = await simulatedRun({
    intercept: spoilingUsers(user => ({ ...user, id: other, userPrincipalName: 'other@contoso.example' })),
  });
  other = tenant.users[5]?.id ?? '';
  const row = await run.revoke({ text: tenant.users[0]?.userPrincipalName ?? '' });
  expect(row).toMatchObject({ outcome: 'Failed', detail: expect.stringContaining('another user') });
  expect((await run.describe({ text: tenant.users[0]?.id ?? '' })).displayName).not.toBe(
    tenant.users[5]?.displayName,
  );
  expect(tenant.record).toEqual([]);
});

test.each([
  '..',
  '../../groups/x',
  'x?$y=',
  '',
  'me',
  7,
  null,
  ['a'],
  '{00000000-0000-0000-0000-000000000001}',
])('an id that is none (%j) is put into no path', async id => {
  const { run, tenant } = await simulatedRun({ intercept: spoilingUsers(user => ({ ...user, id })) });
  const row = await run.revoke({ text: tenant.users[0]?.userPrincipalName ?? '' });
  expect(row).toMatchObject({ outcome: 'Failed', detail: expect.stringContaining('the answer is no user') });
  expect(tenant.requests.every(r => !r.path.includes('revoke'))).toBe(true);
});

test('the search for an address that brings somebody without it leads to nobody', async () => {
  const { run, tenant } = await simulatedRun({
    intercept: async (url, init, next) =>
      url.includes('proxyAddresses')
        ? next(
            url
              .replace(/\$filter=[^&]*/, `$filter=${encodeURIComponent("startswith(userPrincipalName,'a')")}`)
              .replace('$top=5', '$top=1'),
            init,
          )
        : next(url, init),
  });
  const row = await run.revoke({ text: 'nobody.has.this@contoso.example' });
  expect(row).toMatchObject({ outcome: 'NotFound', detail: expect.stringContaining('without this address') });
  expect(tenant.record).toEqual([]);
});

test('a group that was not asked for is not taken', async () => {
  const { run } = await simulatedRun({
    intercept: spoiling((body, url) =>
      url.includes('/groups?')
        ? { value: (body['value'] as object[]).map(group => ({ ...group, displayName: 'Everybody' })) }
        : body,
    ),
  });
  await expect(run.find({ kind: 'group', group: 'Leavers' })).rejects.toThrow('was not asked for');
});

test.each([
  '999999999',
  '-5',
  'NaN',
  'Infinity',
  '1e400',
  '9'.repeat(100_000),
  'Fri, 31 Dec 9999 23:59:59 GMT',
  'x',
])('Retry-After: %j ends, within some hours at the most', async wait => {
  const { run, tenant, clock } = await simulatedRun({
    intercept: async (url, init, next) =>
      isRevoke(url, init)
        ? new Response('{"error":{"code":"TooManyRequests"}}', {
            status: 429,
            headers: { 'request-id': 'r', 'retry-after': wait },
          })
        : next(url, init),
  });
  const start = clock.now();
  const row = await run.revoke({ text: tenant.users[0]?.id ?? '' });
  expect(row.outcome).toBe('Failed');
  expect(clock.now() - start).toBeLessThan(3 * 3_600_000);
});

test.each([403, 404, 405, 413, 302])(
  'a batch that is refused as a whole (%i) says nothing about the users in it',
  async status => {
    const result = await rowsFor(async (url, init, next) =>
      url.includes('$batch')
        ? new Response('{"error":{"code":"NoBatches"}}', { status, headers: { 'request-id': 'r' } })
        : next(url, init),
    );
    expectHonest(result);
    expect(outcomes(result.rows)).toEqual(['Revoked']);
  },
);

test.each<[string, unknown]>([
  ['endless pages of nothing', { value: [] }],
  [
    'endless pages of users',
    {
      value: Array.from({ length: 999 }, (_, n) => ({
        id: `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`,
      })),
    },
  ],
])(
  '%s end',
  async (_, page) => {
    let pages = 0;
    const { run } = await simulatedRun({
      intercept: async url => {
        pages += 1;
        const link = `${new URL(url).origin}/v1.0/users?$skiptoken=${pages}`;
        const body = JSON.stringify({ ...(page as object), '@odata.nextLink': link });
        return new Response(body, { status: 200, headers: { 'request-id': 'r' } });
      },
    });
    await expect(run.find({ kind: 'allUsers' })).rejects.toThrow('no end');
    expect(pages).toBeLessThan(10_000);
  },
  120_000,
);

test.each<[string, (origin: string) => unknown]>([
  ['to another host', () => 'https://evil.example/v1.0/users'],
  ['to a host that begins like ours', origin => `${origin}.evil.example/v1.0/users`],
  ['with a user in front', origin => `${origin.replace('//', '//user:secret@')}/v1.0/users`],
  ['with our host as the user', origin => `${origin}@evil.example/v1.0/users`],
  ['of another scheme', () => 'ftp://127.0.0.1:1/v1.0/users'],
  ['without a scheme', () => '//evil.example/v1.0/users'],
  ['relative', () => '/v1.0/users?$skiptoken=x'],
  ['that climbs out of the version', origin => `${origin}/v1.0/../beta/users`],
  ['that climbs out in code', origin => `${origin}/v1.0/%2e%2e/beta/users`],
  ['with a tab in it', origin => `${origin}/v1.0/.\t./beta/users`],
  ['of ten megabytes', origin => `${origin}/v1.0/users?$skiptoken=${'a'.repeat(10_000_000)}`],
  ['that is no text', () => ({ href: 'x' })],
])('a next link %s is not followed', async (_, link) => {
  const asked: string[] = [];
  const { run } = await simulatedRun({
    intercept: async url => {
      asked.push(url);
      const { origin } = new URL(url);
      const id = '00000000-0000-0000-0000-000000000001';
      const body = JSON.stringify({ value: [{ id }], '@odata.nextLink': link(origin) });
      return new Response(body, { status: 200, headers: { 'request-id': 'r' } });
    },
  });
  await expect(run.find({ kind: 'allUsers' })).rejects.toThrow('not followed');
  expect(asked).toHaveLength(1);
});

test('a page of partial content is never half a list', async () => {
  const { run } = await simulatedRun({
    intercept: async (url, init, next) => {
      const answer = await next(url, init);
      return new Response(await answer.text(), { status: 206, headers: answer.headers });
    },
  });
  await expect(run.find({ kind: 'allUsers' })).rejects.toThrow('no list');
});

test.each<unknown>([
  null,
  7,
  [],
  'text',
  { value: 5 },
  { value: [null] },
  { error: 7 },
  { __proto__: { value: [] } },
])('the answer %j to everything breaks nothing', async body => {
  const { run, tenant } = await simulatedRun({
    run: { verificationTime: 1 },
    intercept: async () =>
      new Response(JSON.stringify(body), { status: 200, headers: { 'request-id': 'r' } }),
  });
  const row = await run.revoke({ text: tenant.users[0]?.id ?? '' });
  expect(row.outcome).toBe('Unverified');
  expect((await run.revoke({ text: 'a@b.example' })).outcome).toBe('Failed');
  await expect(run.find({ kind: 'group', group: 'Leavers' })).rejects.toThrow();
  expect(tenant.record).toEqual([]);
});

test('names of a megabyte are cut in rows, and the texts of Graph in their details', async () => {
  const long = '\u{1F600}'.repeat(500_000);
  const intercept = spoilingUsers(user => ({ ...user, displayName: `a${long}`, userType: long }));
  const { rows } = await rowsFor(intercept, 3);
  for (const row of rows) {
    expect(row.outcome).toBe('Revoked');
    expect(row.displayName).toMatch(/^a.*\.\.\.$/u);
    expect(row.displayName!.isWellFormed()).toBe(true);
    expect(JSON.stringify(row).length).toBeLessThan(3000);
  }
  const refused = await rowsFor(
    async (url, init, next) =>
      init.method === 'POST'
        ? new Response(
            JSON.stringify({ error: { code: long, message: long, innerError: { 'request-id': long } } }),
            { status: 418, headers: { 'request-id': 'r' } },
          )
        : next(url, init),
    3,
  );
  for (const row of refused.rows) expect(JSON.stringify(row).length).toBeLessThan(3000);
});
