import { expect, test } from 'vitest';
import { eventual, type GraphItem, groupNamed, stage } from './stage.ts';

const kinds = (items: GraphItem[] | undefined): string[] =>
  [...new Set(items?.map(item => String(item['@odata.type']).replace('#microsoft.graph.', '')))].sort();

const everything = { persona: 'userAdministrator', permissions: ['Directory.Read.All'] } as const;

test('a group is found by its exact name, of which there may be two', async () => {
  const { tenant, send } = await stage();
  const find = async (name: string): Promise<GraphItem[]> =>
    (
      await send(
        `/groups?$filter=${encodeURIComponent(`displayName eq '${name.replaceAll("'", "''")}'`)}&$select=id,displayName`,
      )
    ).body.value ?? [];
  expect(await find('Contractors')).toEqual([
    { id: groupNamed(tenant, 'Contractors').id, displayName: 'Contractors' },
  ]);
  expect(await find('Sales Team')).toHaveLength(2);
  expect(await find("R&D #1, 100% O'Hare")).toHaveLength(1);
  expect(await find('Contractor')).toEqual([]);
});

test('a group is fetched by id; what is no id is told so', async () => {
  const { tenant, send } = await stage();
  const group = groupNamed(tenant, 'Project Falcon');
  expect((await send(`/groups/${group.id}`)).body).toMatchObject({
    id: group.id,
    displayName: 'Project Falcon',
  });
  expect((await send('/groups/falcon')).body.error).toMatchObject({
    code: 'Request_BadRequest',
    message: "Invalid object identifier 'falcon'.",
  });
  expect((await send('/groups/0d1f0e61-0000-4000-8000-000000000000/members')).status).toBe(404);
  expect((await send(`/groups/${group.id}`, { as: 'reader' })).status).toBe(403);
  expect((await send(`/groups/${group.id}/members`, { as: 'reader' })).status).toBe(403);
});

test('direct members are of every kind; v1.0 leaves the service principal out, beta and transitive members do not', async () => {
  const { tenant, send } = await stage();
  const path = `/groups/${groupNamed(tenant, 'Project Falcon').id}`;
  const v1 = await send(`${path}/members`, { as: everything });
  expect(kinds(v1.body.value)).toEqual(['device', 'group', 'orgContact', 'user']);
  expect(v1.body['@odata.context']).toBe('https://graph.microsoft.com/v1.0/$metadata#directoryObjects');
  expect(kinds((await send(`/beta${path}/members`, { as: everything })).body.value)).toContain(
    'servicePrincipal',
  );
  const transitive = await send(`${path}/transitiveMembers`, { as: everything });
  expect(kinds(transitive.body.value)).toContain('servicePrincipal');
  const ids = transitive.body.value?.map(item => item['id']);
  expect(new Set(ids).size).toBe(ids?.length);
  expect(ids).toContain(groupNamed(tenant, 'Project Falcon Vendors').id);
  expect(ids!.length).toBeGreaterThan(v1.body.value!.length);
});

test('members of a type that may not be read are ids only, and the status says nothing about it', async () => {
  const { tenant, send } = await stage();
  const path = `/groups/${groupNamed(tenant, 'Project Falcon').id}/members`;
  const heard = await send(path);
  expect(heard.status).toBe(200);
  const device = heard.body.value?.find(item => item['@odata.type'] === '#microsoft.graph.device');
  expect(Object.keys(device ?? {})).toEqual(['@odata.type', 'id']);
  const blind = await send(path, { as: { permissions: ['GroupMember.Read.All'] } });
  const user = blind.body.value?.find(item => item['@odata.type'] === '#microsoft.graph.user');
  expect(blind.status).toBe(200);
  expect(Object.keys(user ?? {})).toEqual(['@odata.type', 'id']);
});

test('a selection applies to each type as far as it has the property', async () => {
  const { tenant, send } = await stage();
  const path = `/groups/${groupNamed(tenant, 'Project Falcon').id}/members?$select=id,userPrincipalName,accountEnabled`;
  const { body } = await send(path, { as: everything });
  const user = body.value?.find(item => item['@odata.type'] === '#microsoft.graph.user');
  const device = body.value?.find(item => item['@odata.type'] === '#microsoft.graph.device');
  expect(Object.keys(user ?? {})).toEqual(['@odata.type', 'id', 'userPrincipalName', 'accountEnabled']);
  expect(Object.keys(device ?? {})).toEqual(['@odata.type', 'id']);
});

test('the cast to users needs header and count, and its items do not repeat their type', async () => {
  const { tenant, send } = await stage();
  const path = `/groups/${groupNamed(tenant, 'Project Falcon').id}/transitiveMembers/microsoft.graph.user`;
  expect((await send(path)).status).toBe(400);
  expect((await send(path, { headers: eventual })).status).toBe(400);
  expect((await send(`${path}?$count=true`)).status).toBe(400);
  const heard = await send(`${path}?$count=true&$select=id,userPrincipalName&$top=5`, { headers: eventual });
  expect(heard.status).toBe(200);
  expect(heard.body.value).toHaveLength(5);
  expect(Object.keys(heard.body.value?.[0] ?? {})).toEqual(['id', 'userPrincipalName']);
  const count = await send(`${path}/$count`, { headers: eventual });
  expect(Number(count.text)).toBe(heard.body['@odata.count']);
});

test('members come in pages too', async () => {
  const { tenant, server, send } = await stage({ users: 350 });
  let path = `/groups/${groupNamed(tenant, 'Everyone').id}/members?$select=id`;
  const seen: unknown[] = [];
  while (path !== '') {
    const { body } = await send(path);
    seen.push(...(body.value ?? []).map(item => item['id']));
    path = (body['@odata.nextLink'] as string | undefined)?.slice(server.url.length) ?? '';
  }
  expect(new Set(seen).size).toBe(350);
});

test('an empty group is an empty list; a hidden one is refused without its permission', async () => {
  const { tenant, send } = await stage();
  expect((await send(`/groups/${groupNamed(tenant, 'Nobody Here').id}/members`)).body.value).toEqual([]);
  const hidden = `/groups/${groupNamed(tenant, 'Wellbeing Circle').id}/members`;
  expect((await send(hidden)).status).toBe(403);
  const as = { permissions: ['GroupMember.Read.All', 'User.Read.All', 'Member.Read.Hidden'] };
  expect((await send(hidden, { as })).body.value?.length).toBeGreaterThan(0);
});

test('roles of a user are ids for a reader of groups, and names for a reader of roles', async () => {
  const { tenant, send } = await stage();
  const path = `/users/${tenant.persona('globalAdministrator').id}/transitiveMemberOf/microsoft.graph.directoryRole`;
  const bare = await send(path);
  expect(bare.status).toBe(200);
  expect(Object.keys(bare.body.value?.[0] ?? {})).toEqual(['id']);
  for (const permission of ['RoleManagement.Read.Directory', 'Directory.Read.All']) {
    const told = await send(path, { as: { permissions: ['User.Read.All', permission] } });
    expect(told.body.value).toMatchObject([
      { displayName: 'Global Administrator', roleTemplateId: '62e90394-69f5-4237-9190-012177145e10' },
    ]);
  }
  expect((await send(path, { as: 'noRead' })).status).toBe(403);
});

test('a role through a group is seen transitively, and the group says that it can hold roles', async () => {
  const { tenant, send } = await stage();
  const member = tenant.users.find(user => user.jobTitle === 'Tier 0 Operator')!;
  const as = everything;
  const direct = await send(`/users/${member.id}/memberOf`, { as });
  expect(kinds(direct.body.value)).toEqual(['group']);
  expect(direct.body.value).toContainEqual(
    expect.objectContaining({ displayName: 'Tier 0 Operators', isAssignableToRole: true }),
  );
  const transitive = await send(`/users/${member.id}/transitiveMemberOf/microsoft.graph.directoryRole`, {
    as,
  });
  expect(transitive.body.value?.map(item => item['displayName'])).toEqual(['Intune Administrator']);
});

test('getByIds returns what there is, without a word about the rest', async () => {
  const { tenant, send } = await stage();
  const [user] = tenant.users;
  const group = groupNamed(tenant, 'Leavers');
  const ids = [user!.id, group.id, '0d1f0e61-0000-4000-8000-000000000000', tenant.deletedUsers[0]!.id];
  const ask = { method: 'POST', body: { ids, types: ['user', 'group'] }, as: everything };
  const heard = await send('/directoryObjects/getByIds', ask);
  expect(heard.body.value?.map(item => item['id'])).toEqual([user!.id, group.id]);
  expect(heard.headers.get('x-ms-resource-unit')).toBe('5');
  expect((await send('/directoryObjects/getByIds?$select=id', ask)).headers.get('x-ms-resource-unit')).toBe(
    '2',
  );
  expect((await send('/directoryObjects/getByIds', { ...ask, as: 'userAdministrator' })).status).toBe(403);
  expect((await send('/directoryObjects/getByIds', { ...ask, body: { ids: ['x'] } })).status).toBe(400);
});

test('the organization names the tenant', async () => {
  const { tenant, send } = await stage();
  const { body } = await send('/organization');
  expect(body.value).toMatchObject([{ id: tenant.tenantId, verifiedDomains: [{ name: tenant.domain }] }]);
});
