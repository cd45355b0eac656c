import { expect, test } from 'vitest';
import { ordinary, revokeItem, stage } from './stage.ts';

const quota = (limit: number, model: 'bucket' | 'sliding' | 'fixed' = 'bucket') => ({
  limit,
  windowSeconds: 10,
  model,
});

test('items beyond the write quota are throttled one by one, with their own Retry-After, in a batch that is 200', async () => {
  const { tenant, batch, clock } = await stage({ writeQuota: quota(5) });
  const items = tenant.users
    .filter(user => user.department === 'Students')
    .slice(0, 8)
    .map((user, index) => revokeItem(String(index), user.id));
  const heard = await batch(items);
  expect(heard.status).toBe(200);
  expect(heard.headers.get('retry-after')).toBeNull();
  const throttled = heard.body.responses?.filter(response => response.status === 429) ?? [];
  expect(throttled).toHaveLength(3);
  expect(tenant.record).toHaveLength(5);
  for (const response of throttled) {
    expect(Number(response.headers['Retry-After'])).toBeGreaterThanOrEqual(2);
    expect(response.headers['x-ms-throttle-information']).toBe('WriteLimitExceeded');
    expect(response.headers['x-ms-throttle-scope']).toMatch(
      new RegExp(`^Tenant_Application/Write/[0-9a-f-]{36}/${tenant.tenantId}$`),
    );
    expect(response.body.error).toMatchObject({ code: 'TooManyRequests' });
  }
  clock.now += 10_000;
  expect((await batch(items.slice(0, 3))).body.responses?.map(response => response.status)).toEqual([
    200, 200, 200,
  ]);
});

test.each(['bucket', 'sliding', 'fixed'] as const)(
  'with the model %s the given Retry-After is enough',
  async model => {
    const { tenant, send, clock } = await stage({ writeQuota: quota(4, model) });
    const path = `/users/${ordinary(tenant).id}/revokeSignInSessions`;
    for (let i = 0; i < 4; i++) expect((await send(path, { method: 'POST' })).status).toBe(200);
    const refused = await send(path, { method: 'POST' });
    expect(refused.status).toBe(429);
    clock.now += Number(refused.headers.get('retry-after')) * 1000;
    expect((await send(path, { method: 'POST' })).status).toBe(200);
  },
);

test('reads cost nothing of the write quota, refused and failed writes do', async () => {
  const { tenant, send } = await stage({ writeQuota: quota(4) });
  for (let i = 0; i < 10; i++) expect((await send('/me')).status).toBe(200);
  expect((await send('/users/nobody@contoso.example/revokeSignInSessions', { method: 'POST' })).status).toBe(
    404,
  );
  expect(
    (
      await send(`/users/${tenant.persona('globalAdministrator').id}/revokeSignInSessions`, {
        method: 'POST',
      })
    ).status,
  ).toBe(403);
  expect((await send('/nothing', { method: 'POST' })).status).toBe(400);
  expect((await send('/me/revokeSignInSessions', { method: 'POST' })).status).toBe(200);
  expect((await send('/me/revokeSignInSessions', { method: 'POST' })).status).toBe(429);
  expect(tenant.record).toHaveLength(1);
});

test('how full the quota is, is told from 0.8 on', async () => {
  const { tenant, send } = await stage({ writeQuota: quota(10) });
  const told: (string | null)[] = [];
  for (let i = 0; i < 12; i++) {
    const heard = await send(`/users/${ordinary(tenant).id}/revokeSignInSessions`, { method: 'POST' });
    told.push(heard.headers.get('x-ms-throttle-limit-percentage'));
  }
  expect(told.slice(0, 8)).toEqual(Array.from({ length: 8 }, () => null));
  expect(told.slice(8)).toEqual(['0.90', '1.00', '1.10', '1.10']);
});

test('resource units are a budget of their own', async () => {
  const { send } = await stage({ resourceUnits: { limit: 6, windowSeconds: 10 } });
  const first = await send('/users');
  expect(first.headers.get('x-ms-resource-unit')).toBe('2');
  await send('/users');
  await send('/users');
  const refused = await send('/me');
  expect(refused.status).toBe(429);
  expect(refused.headers.get('x-ms-throttle-information')).toBe('ResourceUnitLimitExceeded');
  expect(refused.body.error?.message).toBe('Please retry again later.');
});

test('requests cost what the table says', async () => {
  const { tenant, send } = await stage();
  const group = `/groups/${tenant.groups[0]!.id}`;
  const costs: [path: string, units: string][] = [
    ['/users', '2'],
    ['/users?$select=id', '1'],
    ['/users?$top=5', '1'],
    ['/users?$select=id&$top=5', '1'],
    ['/users/nobody@contoso.example', '1'],
    ['/me', '1'],
    ['/groups', '1'],
    [`${group}/members`, '3'],
    [`${group}/members?$select=id&$top=10`, '1'],
    [`${group}/transitiveMembers`, '5'],
    [`${group}/transitiveMembers?$select=id`, '4'],
  ];
  for (const [path, units] of costs)
    expect([path, (await send(path)).headers.get('x-ms-resource-unit')]).toEqual([path, units]);
});

test('a Retry-After can be prescribed', async () => {
  const { send } = await stage({ writeQuota: quota(1), retryAfterSeconds: 150 });
  await send('/me/revokeSignInSessions', { method: 'POST' });
  const refused = await send('/me/revokeSignInSessions', { method: 'POST' });
  expect(refused.headers.get('retry-after')).toBe('150');
  expect(refused.body.error?.message).toBe(
    'Your request is throttled temporarily. Please try after 150 seconds.',
  );
});
