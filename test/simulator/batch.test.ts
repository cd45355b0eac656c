import { expect, test } from 'vitest';
import { eventual, ordinary, revokeItem, stage } from './stage.ts';

test('twenty items are done, each answered under its id, in another order', async () => {
  const { tenant, batch } = await stage();
  const users = tenant.users
    .filter(user => user.roles.length === 0 && user.department === 'Students')
    .slice(0, 20);
  const heard = await batch(users.map((user, index) => revokeItem(String(index + 1), user.id)));
  expect(heard.status).toBe(200);
  const ids = heard.body.responses?.map(response => response.id) ?? [];
  expect(ids.toSorted((a, b) => Number(a) - Number(b))).toEqual(users.map((_, index) => String(index + 1)));
  expect(ids).not.toEqual(ids.toSorted((a, b) => Number(a) - Number(b)));
  for (const response of heard.body.responses ?? []) {
    expect(response.status).toBe(200);
    expect(response.headers['Content-Type']).toContain('application/json');
    expect(response.headers['x-ms-resource-unit']).toBe('1');
    expect(response.body).toEqual({
      '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#Edm.Boolean',
      value: true,
    });
  }
  expect(tenant.record.map(entry => entry.userId)).toEqual(users.map(user => user.id));
  expect(new Set(tenant.record.map(entry => entry.requestId))).toEqual(
    new Set([heard.headers.get('request-id')]),
  );
});

const get = (id: string, url: string): object => ({ id, method: 'GET', url });

test.each([
  [
    'twenty-one items',
    Array.from({ length: 21 }, (_, index) => get(String(index), '/me')),
    'Number of requests inside batch exceed the limit',
  ],
  ['none', [], 'Invalid batch payload format.'],
  ['no list', 'x', 'Invalid batch payload format.'],
  ['an id twice, in another case', [get('a', '/me'), get('A', '/me')], 'unique'],
  ['an item without id', [{ method: 'GET', url: '/me' }], 'Invalid batch payload format.'],
  ['a number as id', [{ id: 1, method: 'GET', url: '/me' }], 'Invalid batch payload format.'],
  ['a dependency on nobody', [{ ...get('1', '/me'), dependsOn: ['2'] }], "'2'"],
  [
    'a circle',
    [
      { ...get('1', '/me'), dependsOn: ['2'] },
      { ...get('2', '/me'), dependsOn: ['1'] },
    ],
    'depend on each other',
  ],
])('a batch with %s is refused as a whole', async (_what, requests, message) => {
  const { batch } = await stage();
  const heard = await batch(requests);
  expect(heard.status).toBe(400);
  expect(heard.body.error?.code).toBe('BadRequest');
  expect(heard.body.error?.message).toContain(message);
});

test('one write without Content-Type or without body spoils the whole batch, and nothing is done', async () => {
  const { tenant, batch } = await stage();
  const good = revokeItem('1', ordinary(tenant).id);
  const url = `/users/${ordinary(tenant, 1).id}/revokeSignInSessions`;
  for (const bad of [
    { id: '2', method: 'POST', url },
    { id: '2', method: 'POST', url, body: {} },
    { id: '2', method: 'POST', url, headers: { 'Content-Type': 'application/json' } },
  ]) {
    const heard = await batch([good, bad]);
    expect(heard.status).toBe(400);
    expect(heard.body.error?.message).toBe(
      'Write request id : 2 does not contain Content-Type header or body.',
    );
  }
  expect(tenant.record).toEqual([]);
});

test('each item has a status of its own, and headers of the batch do not reach it', async () => {
  const { tenant, batch } = await stage();
  const heard = await batch(
    [
      get('found', `users/${ordinary(tenant).id}?$select=id`),
      get('missing', '/users/nobody@contoso.example'),
      get('versioned', '/v1.0/me'),
      get('absolute', 'https://graph.microsoft.com/v1.0/me'),
      get('plain', "/users?$filter=department ne 'Sales'&$count=true"),
      { ...get('advanced', "/users?$filter=department ne 'Sales'&$count=true&$top=1"), headers: eventual },
      { ...get('count', '/users/$count'), headers: eventual },
      get('nested', '/$batch'),
      revokeItem('denied', tenant.persona('globalAdministrator').id),
    ],
    { headers: eventual },
  );
  const statuses = Object.fromEntries(
    heard.body.responses?.map(response => [response.id, response.status]) ?? [],
  );
  expect(statuses).toEqual({
    found: 200,
    missing: 404,
    versioned: 400,
    absolute: 400,
    plain: 400,
    advanced: 200,
    count: 200,
    nested: 400,
    denied: 403,
  });
  const missing = heard.body.responses?.find(response => response.id === 'missing');
  expect(missing?.body.error?.innerError['request-id']).toBe(heard.headers.get('request-id'));
});

test('next links from within a batch lead to the host that was asked', async () => {
  const { server, batch } = await stage();
  const heard = await batch([get('1', '/users?$select=id')]);
  expect(String(heard.body.responses?.[0]?.body['@odata.nextLink'])).toContain(`${server.url}/v1.0/users?`);
});

test('a bad token refuses the batch from outside', async () => {
  const { tenant, batch } = await stage();
  const heard = await batch([revokeItem('1', ordinary(tenant).id)], {
    headers: { authorization: 'Bearer x.y.z' },
  });
  expect(heard.status).toBe(401);
  expect(tenant.record).toEqual([]);
});

test('what depends on a failed item is not done', async () => {
  const { tenant, batch } = await stage();
  const heard = await batch([
    { ...(revokeItem('2', ordinary(tenant).id) as object), dependsOn: ['1'] },
    get('1', '/users/nobody@contoso.example'),
    { ...get('4', '/me'), dependsOn: ['3'] },
    get('3', '/me'),
  ]);
  const statuses = Object.fromEntries(
    heard.body.responses?.map(response => [response.id, response.status]) ?? [],
  );
  expect(statuses).toEqual({ '1': 404, '2': 424, '3': 200, '4': 200 });
  expect(tenant.record).toEqual([]);
});

test('the log has the batch and behind it each item', async () => {
  const { tenant, batch } = await stage();
  await batch([revokeItem('1', ordinary(tenant).id), get('2', '/users/nobody@contoso.example')]);
  expect(tenant.requests.map(({ method, path, status, inBatch }) => [method, path, status, inBatch])).toEqual(
    [
      ['POST', '/v1.0/$batch', 200, false],
      ['POST', `/v1.0/users/${ordinary(tenant).id}/revokeSignInSessions`, 200, true],
      ['GET', '/v1.0/users/nobody@contoso.example', 404, true],
    ],
  );
});
