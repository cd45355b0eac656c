import { expect, test } from 'vitest';
import { simulatedRun } from '../support/simulated-run.ts';

const isRevoke = (url: string, init: RequestInit) =>
  init.method === 'POST' && url.includes('revokeSignInSessions');
const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

test('the clock of a gateway that is an hour behind makes no old stamp a proof', async () => {
  const old = new Date(Date.parse('2026-11-23T09:30:00Z')).toISOString();
  const { run, tenant } = await simulatedRun({
    intercept: async (url, init, next) => {
      if (isRevoke(url, init))
        return new Response('<html>', { status: 502, headers: { date: 'Mon, 23 Nov 2026 09:00:00 GMT' } });
      const answer = await next(url, init);
      const body = (await answer.json()) as object;
      return json(
        answer.status,
        { ...body, signInSessionsValidFromDateTime: old },
        Object.fromEntries(answer.headers),
      );
    },
  });
  const row = await run.revoke({ text: tenant.users[0]?.id ?? '' });
  expect(row.outcome).toBe('Failed');
  expect(tenant.record).toEqual([]);
});

test('a gateway that answers 504 with a clock ahead to a call that was carried out costs one call, and it is proven', async () => {
  const { run, tenant } = await simulatedRun({
    intercept: async (url, init, next) => {
      const answer = await next(url, init);
      return isRevoke(url, init)
        ? new Response('', { status: 504, headers: { date: 'Mon, 23 Nov 2026 11:00:00 GMT' } })
        : answer;
    },
  });
  const user = tenant.users.find(u => !u.userPrincipalName.includes('#EXT#'));
  expect(await run.revoke({ text: user?.id ?? '' })).toMatchObject({ outcome: 'Revoked', attempts: 1 });
  expect(tenant.record).toHaveLength(1);
});

test('where the proof can not be read a call of unknown fate is not repeated for ever', async () => {
  let calls = 0;
  const { run, tenant } = await simulatedRun({
    persona: 'noRead',
    intercept: async (url, init, next) => {
      if (!isRevoke(url, init)) return next(url, init);
      calls += 1;
      return json(504, { error: { code: 'UnknownError', message: '' } }, { 'request-id': 'x' });
    },
  });
  expect(await run.revoke({ text: tenant.users[0]?.id ?? '' })).toMatchObject({ outcome: 'Unknown' });
  expect(calls).toBeLessThanOrEqual(3);
});

test.each([403, 404, 407])(
  'an HTML page with status %i is the word of a proxy, not of Graph',
  async status => {
    const { run, tenant, clock } = await simulatedRun({
      intercept: async () => new Response('<html>blocked</html>', { status }),
    });
    const start = clock.now();
    const row = await run.revoke({ text: tenant.users[0]?.id ?? '' });
    expect(row).toMatchObject({ outcome: 'Failed', detail: expect.stringContaining(`answered ${status}`) });
    expect(clock.now() - start).toBeLessThan(60_000);
  },
);

test('reads that are put off again and again end as Unverified, within five times what a proof is given', async () => {
  const { run, tenant, clock } = await simulatedRun({
    run: { verificationTime: 1 },
    intercept: async (url, init, next) =>
      isRevoke(url, init)
        ? next(url, init)
        : json(
            429,
            { error: { code: 'TooManyRequests', message: '' } },
            { 'retry-after': '20', 'request-id': 'x' },
          ),
  });
  const start = clock.now();
  expect(await run.revoke({ text: tenant.users[0]?.id ?? '' })).toMatchObject({ outcome: 'Unverified' });
  expect(clock.now() - start).toBeLessThanOrEqual(15_000);
});

test('a date in Retry-After is taken by the clock of the service', async () => {
  let refused = false;
  const { run, tenant, clock } = await simulatedRun({
    clockSkewMs: -600_000,
    intercept: async (url, init, next) => {
      if (!isRevoke(url, init) || refused) return next(url, init);
      refused = true;
      const ahead = clock.now() + 600_000;
      const headers = {
        'request-id': 'x',
        date: new Date(ahead).toUTCString(),
        'retry-after': new Date(ahead + 2000).toUTCString(),
      };
      return json(429, { error: { code: 'TooManyRequests', message: '' } }, headers);
    },
  });
  const start = clock.now();
  const user = tenant.users.find(u => !u.userPrincipalName.includes('#EXT#'));
  expect(await run.revoke({ text: user?.id ?? '' })).toMatchObject({ outcome: 'Revoked' });
  expect(clock.now() - start).toBeLessThan(10_000);
});

test('a 401 inside of a batch is answered with a new token, once, and those items go again', async () => {
  let refused = 0;
  const { run, tenant } = await simulatedRun({
    persona: 'globalAdministrator',
    intercept: async (url, init, next) => {
      if (!url.endsWith('/$batch') || !String(init.body).includes('revokeSignIn') || refused > 0)
        return next(url, init);
      const { requests } = JSON.parse(String(init.body)) as { requests: { id: string }[] };
      refused = requests.length;
      return json(
        200,
        {
          responses: requests.map(r => ({
            id: r.id,
            status: 401,
            body: { error: { code: 'InvalidAuthenticationToken', message: 'expired' } },
          })),
        },
        { 'request-id': 'x' },
      );
    },
  });
  const self = tenant.persona('globalAdministrator').id;
  const users = tenant.users.filter(u => !u.userPrincipalName.includes('#EXT#') && u.id !== self).slice(0, 5);
  const rows = await Promise.all(users.map(u => run.revoke({ text: u.id })));
  expect(refused).toBe(5);
  expect(rows.map(r => r.outcome)).toEqual(users.map(() => 'Revoked'));
});

test('a batch that is refused as a whole goes again item by item', async () => {
  const { run, tenant } = await simulatedRun({
    intercept: async (url, init, next) =>
      url.endsWith('/$batch') && String(init.body).includes('revokeSignIn')
        ? json(
            400,
            { error: { code: 'BadRequest', message: 'Write request id : 1 ...' } },
            { 'request-id': 'x' },
          )
        : next(url, init),
  });
  const users = tenant.users.filter(u => !u.userPrincipalName.includes('#EXT#')).slice(0, 3);
  const rows = await Promise.all(users.map(u => run.revoke({ text: u.id })));
  expect(rows.map(r => r.outcome)).toEqual(['Revoked', 'Revoked', 'Revoked']);
});

test('an answer about somebody else proves nothing', async () => {
  const { run, tenant } = await simulatedRun({
    run: { verificationTime: 1 },
    intercept: async (url, init, next) => {
      const answer = await next(url, init);
      if (isRevoke(url, init)) return answer;
      const body = (await answer.json()) as object;
      const other = {
        ...body,
        id: 'ffffffff-1111-4222-8333-444444444444',
        userPrincipalName: 'other@contoso.example',
      };
      return json(answer.status, other, Object.fromEntries(answer.headers));
    },
  });
  expect(await run.revoke({ text: tenant.users[0]?.id ?? '' })).toMatchObject({ outcome: 'Unverified' });
});

test('text that is no proper Unicode is refused and costs nobody anything', async () => {
  const { run, tenant } = await simulatedRun({ persona: 'globalAdministrator' });
  const self = run.revoke({ text: tenant.persona('globalAdministrator').id });
  const bad = run.revoke({ text: '\ud800@contoso.example' });
  await run.end();
  expect((await bad).outcome).toBe('InvalidReference');
  expect((await self).outcome).toBe('Excluded');
});

test('the own account is left alone under every heading, also when users can not be read', async () => {
  const { run, tenant } = await simulatedRun({
    persona: { persona: 'userAdministrator', permissions: ['User.RevokeSessions.All'] },
  });
  const rows = ['Email', 'User', 'UserId', 'UPN', 'Mail'].map(heading =>
    run.revoke({ properties: { [heading]: tenant.persona('userAdministrator').userPrincipalName } }),
  );
  await run.end();
  expect((await Promise.all(rows)).map(r => r.outcome)).toEqual(rows.map(() => 'Excluded'));
  expect(tenant.record).toEqual([]);
});

test('an excluded id that nobody has is a typo and stops the run', async () => {
  const excludeUsers = [{ text: 'ffffffff-1111-4222-8333-444444444444' }];
  await expect(simulatedRun({ run: { excludeUsers } })).rejects.toThrow('No user of this tenant has this id');
});

test('what would be left alone is said beforehand, and a refused sign-in is no answer', async () => {
  const { run, tenant } = await simulatedRun({
    persona: 'userAdministrator',
    run: { excludeGroups: ['Break Glass'] },
  });
  const glass = tenant.groups.find(g => g.displayName === 'Break Glass')?.memberIds[0] ?? '';
  expect((await run.describe({ text: tenant.persona('userAdministrator').id })).text).toContain(
    '[your own account, left alone]',
  );
  expect((await run.describe({ text: glass })).text).toContain('excluded, left alone');
  const refused = await simulatedRun({ lendOnce: true });
  refused.tenant.expireTokens();
  await expect(refused.run.describe({ text: tenant.users[0]?.id ?? '' })).rejects.toThrow('Sign in again');
});

test.each([
  [-12 * 60_000, "This machine's clock is 12 minutes behind Graph's"],
  [45 * 60_000, "This machine's clock is 45 minutes ahead of Graph's"],
])(
  'a local clock that is off by %i ms is told once, and every proof holds',
  async (clockSkewMs, sentence) => {
    const warnings: string[] = [];
    const { run, tenant } = await simulatedRun({ clockSkewMs, onWarning: text => warnings.push(text) });
    const users = tenant.users.filter(u => !u.userPrincipalName.includes('#EXT#')).slice(0, 30);
    const rows = await Promise.all(users.map(u => run.revoke({ text: u.id })));
    expect(rows.map(r => r.outcome)).toEqual(users.map(() => 'Revoked'));
    await run.end();
    expect(warnings).toEqual([expect.stringContaining(sentence)]);
  },
);

test("a local clock that is off by four minutes is nobody's trouble", async () => {
  const warnings: string[] = [];
  const { run, tenant } = await simulatedRun({
    clockSkewMs: 240_000,
    onWarning: text => warnings.push(text),
  });
  await run.revoke({ text: tenant.users[0]?.id ?? '' });
  await run.end();
  expect(warnings).toEqual([]);
});

test('an untrusted certificate costs no waiting, and nobody is counted as perhaps revoked', async () => {
  let calls = 0;
  const { run, tenant, clock } = await simulatedRun({
    intercept: async () => {
      calls += 1;
      const cause = Object.assign(new Error('unable to verify'), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
      throw new TypeError('fetch failed', { cause });
    },
  });
  const start = clock.now();
  const row = await run.revoke({ text: tenant.users[0]?.id ?? '' });
  expect(row).toMatchObject({ outcome: 'Failed', detail: expect.stringContaining('NODE_EXTRA_CA_CERTS') });
  expect(clock.now()).toBe(start);
  expect(calls).toBeLessThanOrEqual(2);
});
