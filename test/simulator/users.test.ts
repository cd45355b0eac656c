import { expect, test } from 'vitest';
import { eventual, type GraphItem, ordinary, stage } from './stage.ts';

const enc = encodeURIComponent;

test('without a selection a user has the default properties and no others', async () => {
  const { tenant, send } = await stage();
  const heard = await send(`/users/${ordinary(tenant).id}`);
  expect(Object.keys(heard.body).sort()).toEqual(
    [
      '@odata.context',
      'businessPhones',
      'displayName',
      'givenName',
      'id',
      'jobTitle',
      'mail',
      'mobilePhone',
      'officeLocation',
      'preferredLanguage',
      'surname',
      'userPrincipalName',
    ].sort(),
  );
  expect(heard.body['@odata.context']).toBe('https://graph.microsoft.com/v1.0/$metadata#users/$entity');
});

test('with a selection exactly the selected ones come, in Graph\u2019s spelling', async () => {
  const { tenant, send } = await stage();
  const user = ordinary(tenant);
  const heard = await send(
    `/users/${user.id}?$select=ID,accountenabled,userType,signInSessionsValidFromDateTime`,
  );
  const { '@odata.context': context, ...rest } = heard.body;
  expect(context).toBe(
    'https://graph.microsoft.com/v1.0/$metadata#users(ID,accountenabled,userType,signInSessionsValidFromDateTime)/$entity',
  );
  expect(rest).toEqual({
    id: user.id,
    accountEnabled: true,
    userType: 'Member',
    signInSessionsValidFromDateTime: user.signInSessionsValidFromDateTime,
  });
});

test('an unknown property is 400, one that is not served here 501', async () => {
  const { tenant, send } = await stage();
  const path = `/users/${ordinary(tenant).id}`;
  expect((await send(`${path}?$select=shoeSize`)).status).toBe(400);
  expect((await send(`${path}?$select=mailboxSettings`)).status).toBe(501);
});

test('a guest is found by id and by name, the hash sign encoded', async () => {
  const { tenant, send } = await stage();
  const guest = tenant.users.find(user => user.external)!;
  expect((await send(`/users/${enc(guest.userPrincipalName)}?$select=id`)).body['id']).toBe(guest.id);
  expect((await send(`/users/${guest.id}?$select=identities`)).body['identities']).toEqual(guest.identities);
  expect((await send(`/users/${guest.userPrincipalName}`)).status).toBe(404);
});

test('what may be read depends on the permission', async () => {
  const { tenant, send } = await stage();
  const path = `/users/${ordinary(tenant).id}`;
  expect((await send(path, { as: 'noRead' })).body.error).toMatchObject({
    code: 'Authorization_RequestDenied',
    message: 'Insufficient privileges to complete the operation.',
  });
  expect((await send('/users', { as: 'noRead' })).status).toBe(403);
  expect((await send('/users/nobody@contoso.example', { as: 'noRead' })).status).toBe(403);

  const basic = { permissions: ['User.ReadBasic.All'] };
  expect((await send(`${path}?$select=id,displayName,mail`, { as: basic })).status).toBe(200);
  expect((await send(`${path}?$select=id,accountEnabled`, { as: basic })).status).toBe(403);
  expect((await send(`/users?$select=signInSessionsValidFromDateTime`, { as: basic })).status).toBe(403);
  expect((await send(path, { as: basic })).body).toMatchObject({ jobTitle: null, id: ordinary(tenant).id });
});

test('a list comes in pages of a hundred, or of up to 999 as asked', async () => {
  const { tenant, send } = await stage({ users: 1200 });
  expect((await send('/users?$select=id')).body.value).toHaveLength(100);
  const large = await send('/users?$select=id&$top=999');
  expect(large.body.value).toHaveLength(999);
  expect(large.body['@odata.count']).toBeUndefined();
  for (const top of ['0', '1000']) {
    const refused = await send(`/users?$top=${top}`);
    expect(refused.body.error).toMatchObject({
      code: 'Request_UnsupportedQuery',
      message: `Invalid page size specified: '${top}'. Must be between 1 and 999 inclusive.`,
    });
  }
  expect((await send('/users?$skip=5')).status).toBe(400);
  expect(tenant.users).toHaveLength(1200);
});

test('next links are absolute, on the host that was asked, and lead through everybody once', async () => {
  const { tenant, server, send } = await stage({ users: 450, emptyPages: true });
  const seen: unknown[] = [];
  let pages = 0;
  let empty = 0;
  let path = '/users?$select=id&$top=120&$count=true';
  while (path !== '') {
    const { body } = await send(path, { headers: eventual });
    pages++;
    if (body.value?.length === 0) empty++;
    expect(body['@odata.count']).toBe(pages === 1 ? 450 : undefined);
    seen.push(...(body.value ?? []).map(item => item['id']));
    const next = body['@odata.nextLink'] as string | undefined;
    if (next !== undefined) expect(next.startsWith(`${server.url}/v1.0/users?`)).toBe(true);
    path = next?.slice(server.url.length) ?? '';
  }
  expect(empty).toBe(1);
  expect(pages).toBe(5);
  expect(seen).toEqual(tenant.users.map(user => user.id));
});

test('the header of an advanced query has to come with each page', async () => {
  const { server, send } = await stage();
  const { body } = await send('/users?$count=true', { headers: eventual });
  const next = (body['@odata.nextLink'] as string).slice(server.url.length);
  expect((await send(next)).status).toBe(400);
  expect((await send(next, { headers: eventual })).status).toBe(200);
});

test('a page token that is invented, altered or of another list is refused', async () => {
  const { server, send } = await stage();
  const { body } = await send('/users?$select=id');
  const token = new URL(body['@odata.nextLink'] as string).searchParams.get('$skiptoken') ?? '';
  expect(server.url).toContain('127.0.0.1');
  for (const path of [
    '/users?$skiptoken=abc',
    `/users?$skiptoken=${token.slice(0, -6)}`,
    `/groups?$skiptoken=${token}`,
  ]) {
    const heard = await send(path);
    expect(heard.body.error).toMatchObject({
      code: 'Request_BadRequest',
      message: 'The page token is not valid.',
    });
  }
});

test('the number of users is plain text and needs the header', async () => {
  const { send } = await stage();
  const heard = await send("/users/$count?$filter=department eq 'Sales'", { headers: eventual });
  expect(heard.text).toMatch(/^\d+$/);
  expect((await send('/users/$count')).status).toBe(400);
});

test('a client that wants no metadata gets no contexts and types, but its next link', async () => {
  const { send } = await stage();
  const heard = await send('/users?$select=id', {
    headers: { accept: 'application/json;odata.metadata=none' },
  });
  expect(Object.keys(heard.body)).toEqual(['@odata.nextLink', 'value']);
});

test('who is asked for by an unencoded plus sign is somebody else', async () => {
  const { send } = await stage();
  const found = async (filter: string): Promise<GraphItem[]> =>
    (await send(`/users?$filter=${filter}&$select=displayName`)).body.value ?? [];
  expect(await found("displayName eq '%2B41 44 668 18 00'")).toHaveLength(1);
  expect(await found("displayName eq '+41 44 668 18 00'")).toHaveLength(0);
});
