import fc from 'fast-check';
import { expect, test } from 'vitest';
import { userEntity } from '../../src/simulator/entities.ts';
import { parseFilter } from '../../src/simulator/odata-filter.ts';
import { matches } from '../../src/simulator/odata-match.ts';
import { eventual, type Heard, type Stage, stage } from './stage.ts';

const list = (on: Stage, filter: string, headers: Record<string, string> = {}): Promise<Heard> =>
  on.send(
    `/users?$filter=${encodeURIComponent(filter)}&$top=999&$select=id${headers === eventual ? '&$count=true' : ''}`,
    { headers },
  );

type User = Stage['tenant']['users'][number];

const plainFilters: [filter: string, test: (user: User) => boolean][] = [
  ["department eq 'Sales'", user => user.department === 'Sales'],
  ["department eq 'sALES'", user => user.department === 'Sales'],
  ['accountEnabled eq false', user => !user.accountEnabled],
  ["userType eq 'Guest'", user => user.userType === 'Guest'],
  ["startsWith(displayName,'a')", user => /^a/i.test(user.displayName)],
  ["startswith(userPrincipalName, 'ANNA')", user => /^anna/i.test(user.userPrincipalName)],
  ["department in ('Sales','HR')", user => user.department === 'Sales' || user.department === 'HR'],
  [
    "department eq 'HR' or department eq 'Sales' and accountEnabled eq true",
    user => user.department === 'HR' || (user.department === 'Sales' && user.accountEnabled),
  ],
  [
    "(department eq 'HR' or department eq 'Sales') and accountEnabled eq true",
    user => (user.department === 'HR' || user.department === 'Sales') && user.accountEnabled,
  ],
  ["displayName eq 'Siobhán O''Connor'", user => user.displayName === "Siobhán O'Connor"],
  ["mail eq 'ADELEV@contoso.example'", user => user.mail === 'adelev@contoso.example'],
  [
    "proxyAddresses/any(p:p eq 'smtp:info@contoso.example')",
    user => user.proxyAddresses.includes('smtp:info@contoso.example'),
  ],
  [
    "proxyAddresses/any(x:startsWith(x,'smtp:adele'))",
    user => user.proxyAddresses.some(address => /^smtp:adele/i.test(address)),
  ],
  [
    "identities/any(i:i/issuer eq 'google.com')",
    user => user.identities.some(identity => identity.issuer === 'google.com'),
  ],
  [
    "identities/any(c:c/issuerAssignedId eq 'adelev@contoso.example' and c/issuer eq 'contoso.example')",
    user => user.mailNickname === 'adelev',
  ],
];

const advancedFilters: [filter: string, test: (user: User) => boolean][] = [
  ["department ne 'Sales'", user => user.department !== 'Sales'],
  ['department eq null', user => user.department === null],
  ["not(startsWith(displayName,'a'))", user => !/^a/i.test(user.displayName)],
  [
    "NOT department eq 'Sales' AND accountEnabled eq false",
    user => user.department !== 'Sales' && !user.accountEnabled,
  ],
  ["endsWith(mail,'@fabrikam.example')", user => user.mail?.endsWith('@fabrikam.example') ?? false],
];

test.each([...plainFilters, ...advancedFilters])('%s finds whom it says', async (filter, expected) => {
  const on = await stage();
  const heard = await list(on, filter, eventual);
  const wanted = on.tenant.users.filter(expected).map(user => user.id);
  expect(wanted.length).toBeGreaterThan(0);
  expect(heard.body.value?.map(item => item['id']).toSorted()).toEqual(wanted.toSorted());
});

test('a plain filter needs nothing, an advanced one the header and the count', async () => {
  const on = await stage();
  for (const [filter] of plainFilters)
    expect([filter, (await list(on, filter)).status]).toEqual([filter, 200]);
  for (const [filter] of advancedFilters) {
    const without = await list(on, filter);
    expect(without.status).toBe(400);
    expect(without.body.error?.code).toBe('Request_UnsupportedQuery');
    const headerOnly = await on.send(`/users?$filter=${encodeURIComponent(filter)}`, { headers: eventual });
    expect(headerOnly.status).toBe(400);
    const countOnly = await on.send(`/users?$count=true&$filter=${encodeURIComponent(filter)}`);
    expect(countOnly.status).toBe(400);
  }
});

test.each([
  [
    "departement eq 'Sales'",
    'BadRequest',
    "Could not find a property named 'departement' on type 'microsoft.graph.user'.",
  ],
  ['', 'BadRequest', 'Invalid filter clause'],
  ['department', 'BadRequest', 'Invalid filter clause'],
  ["department eq 'Sales", 'BadRequest', 'Invalid filter clause'],
  ["department eq 'O'Hare'", 'BadRequest', 'Invalid filter clause'],
  ['department eq Sales', 'BadRequest', 'Invalid filter clause'],
  ["department = 'Sales'", 'BadRequest', 'Invalid filter clause'],
  ["contains(displayName,'a')", 'BadRequest', 'Invalid filter clause'],
  ["(department eq 'Sales'", 'BadRequest', 'Invalid filter clause'],
  [
    "signInSessionsValidFromDateTime le '2026-01-01'",
    'Request_UnsupportedQuery',
    'Unsupported or invalid query filter clause',
  ],
  [
    "startsWith(accountEnabled,'t')",
    'Request_UnsupportedQuery',
    'Unsupported or invalid query filter clause',
  ],
  ["endsWith(displayName,'t')", 'Request_UnsupportedQuery', 'Unsupported or invalid query filter clause'],
  [
    "identities/any(i:i/signInType eq 'federated')",
    'Request_UnsupportedQuery',
    'Unsupported or invalid query filter clause',
  ],
  ["proxyAddresses eq 'smtp:x'", 'Request_UnsupportedQuery', 'Unsupported or invalid query filter clause'],
  [
    "department/any(d:d eq 'Sales')",
    'Request_UnsupportedQuery',
    'Unsupported or invalid query filter clause',
  ],
  ['('.repeat(2000), 'BadRequest', 'nested too deeply'],
])('%s is refused', async (filter, code, message) => {
  const heard = await list(await stage(), filter);
  expect(heard.status).toBe(400);
  expect(heard.body.error?.code).toBe(code);
  expect(heard.body.error?.message).toContain(message);
});

test('fifteen alternatives are the most without the advanced header', async () => {
  const on = await stage();
  const ids = on.tenant.users.slice(0, 16).map(user => `'${user.id}'`);
  expect((await list(on, `id in (${ids.slice(1).join(',')})`)).body.value).toHaveLength(15);
  const refused = await list(on, `id in (${ids.join(',')})`);
  expect(refused.body.error?.message).toContain('Max allowed: 15');
  expect((await list(on, `id in (${ids.join(',')})`, eventual)).body.value).toHaveLength(16);
});

test('any text can be asked for when its quotes are doubled', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, other) => {
      const filter = parseFilter(`displayName eq '${text.replaceAll("'", "''")}'`);
      expect(matches(filter, userEntity, { displayName: text })).toBe(true);
      expect(matches(filter, userEntity, { displayName: `${other}${text}x` })).toBe(false);
    }),
  );
});

test('and, or, not and parentheses mean what they mean in JavaScript', () => {
  const names = ['displayName', 'department', 'jobTitle'] as const;
  const leaf = fc.constantFrom(...names).map(name => [`${name} eq 'x'`, `o.${name} === 'x'`] as const);
  const { tree } = fc.letrec<{ tree: readonly [string, string] }>(tie => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc
        .tuple(tie('tree'), tie('tree'))
        .map(([a, b]) => [`${a[0]} and ${b[0]}`, `${a[1]} && ${b[1]}`] as const),
      fc
        .tuple(tie('tree'), tie('tree'))
        .map(([a, b]) => [`${a[0]} or ${b[0]}`, `${a[1]} || ${b[1]}`] as const),
      tie('tree').map(a => [`not(${a[0]})`, `!(${a[1]})`] as const),
      tie('tree').map(a => [`(${a[0]})`, `(${a[1]})`] as const),
    ),
  }));
  const object = fc.record({
    displayName: fc.constantFrom('x', 'y'),
    department: fc.constantFrom('x', 'y'),
    jobTitle: fc.constantFrom('x', 'y'),
  });
  fc.assert(
    fc.property(tree, object, ([filter, script], o) => {
      const expected: unknown = new Function('o', `return ${script};`)(o);
      expect(matches(parseFilter(filter), userEntity, o)).toBe(expected);
    }),
  );
});

test('searching finds words of names and beginnings of addresses, and needs the header', async () => {
  const { tenant, send } = await stage();
  const path = `/users?$search=${encodeURIComponent('"displayName:vance" OR "mail:diegos"')}&$select=displayName&$count=true`;
  const heard = await send(path, { headers: eventual });
  const names = heard.body.value?.map(item => String(item['displayName'])) ?? [];
  expect(names).toContain('Adele Vance');
  expect(names).toContain('Diego Siciliani');
  expect(heard.body['@odata.count']).toBe(names.length);
  expect((await send(path)).body.error?.message).toContain('ConsistencyLevel: eventual');
  expect((await send('/users?$search=vance&$count=true', { headers: eventual })).status).toBe(400);
  expect(tenant.users.length).toBe(300);
});

test('sorting a filtered list is advanced; sorting by other than the names is refused', async () => {
  const { send } = await stage();
  const path =
    "/users?$filter=department eq 'Sales'&$orderby=userPrincipalName desc&$select=userPrincipalName";
  expect((await send(path)).status).toBe(400);
  const heard = await send(`${path}&$count=true`, { headers: eventual });
  const names = heard.body.value?.map(item => String(item['userPrincipalName'])) ?? [];
  expect(names).toEqual(names.toSorted((a, b) => b.localeCompare(a, 'en')));
  expect((await send('/users?$orderby=department')).status).toBe(400);
});
