import { expect, test } from 'vitest';
import { type AskForToken, RenewableToken } from '../../src/auth/renewable-token.ts';
import { SimulatedTenant } from '../../src/simulator/simulated-tenant.ts';
import { simulatedRun } from '../support/simulated-run.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const minutes = 60_000;

function setUp(ask: (clock: VirtualClock, tenant: SimulatedTenant) => AskForToken) {
  const clock = new VirtualClock();
  const tenant = new SimulatedTenant({ now: () => clock.now() });
  const first = tenant.issueToken({ persona: 'app', lifetimeSeconds: 3600 });
  return { clock, tenant, first, source: new RenewableToken({ token: first }, ask(clock, tenant), clock) };
}

test('a token is asked for again five minutes before its end, once, while the old one is still used', async () => {
  const asked: [string, number][] = [];
  const { clock, first, source } = setUp((c, tenant) => async reason => {
    asked.push([reason, c.now()]);
    return { token: tenant.issueToken({ persona: 'app', lifetimeSeconds: 3600 }) };
  });
  const start = clock.now();
  await clock.sleep(54 * minutes);
  expect(await source.token()).toBe(first);
  expect(asked).toEqual([]);
  await clock.sleep(1.5 * minutes);
  expect(await source.token()).toBe(first);
  await clock.sleep(1);
  expect(await source.token()).not.toBe(first);
  expect(asked.map(([reason, at]) => [reason, at - start])).toEqual([['expiring', 55.5 * minutes]]);
});

test('a token that is over is waited for and not sent once more', async () => {
  const { clock, first, source } = setUp((_c, tenant) => async () => ({
    token: tenant.issueToken({ persona: 'app', lifetimeSeconds: 7200 }),
  }));
  await clock.sleep(61 * minutes);
  expect(await source.token()).not.toBe(first);
});

test('claims that Graph wants are handed to whoever gives the token, and many refusals ask once', async () => {
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
  const asked: unknown[] = [];
  const { first, source } = setUp((_c, tenant) => async (reason, wanted) => {
    asked.push([reason, wanted]);
    return { token: tenant.issueToken({ persona: 'app' }) };
  });
  const renewed = await Promise.all([source.renew(first, claims), source.renew(first, claims)]);
  expect(new Set(renewed).size).toBe(1);
  expect(renewed[0]).not.toBe(first);
  expect(asked).toEqual([['refused', claims]]);
});

test.each([
  ['another account of the same tenant', (t: SimulatedTenant) => t.issueToken('helpdeskAdministrator')],
  ['another tenant', () => new SimulatedTenant({ seed: 2 }).issueToken('app')],
  ['text that is no token', () => 'two words'],
])('a token of %s is not taken', async (_whose, other) => {
  const { first, source } = setUp((_c, tenant) => async () => ({ token: other(tenant) }));
  expect(await source.renew(first)).toBeNull();
  expect(await source.token()).toBe(first);
});

test('a run of 40 minutes with tokens of five loses nobody', async () => {
  const { run, tenant, clock } = await simulatedRun({
    users: 2600,
    persona: { persona: 'app', lifetimeSeconds: 300 },
    tokenLifetimeSeconds: 300,
  });
  const people = tenant.users.filter(u => !u.userPrincipalName.includes('#EXT#')).slice(0, 2400);
  const start = clock.now();
  const rows = [];
  // As fast as a command upstream gives them: one a second.
  for (const { id } of people) {
    rows.push(run.revoke({ text: id }));
    await clock.sleep(1000);
  }
  const outcomes = (await Promise.all(rows)).map(r => r.outcome);
  expect(clock.now() - start).toBeGreaterThanOrEqual(40 * minutes);
  expect(new Set(outcomes)).toEqual(new Set(['Revoked']));
  expect(tenant.record).toHaveLength(people.length);
}, 120_000);

test('a token that came in the background is not taken for one that satisfies what Graph wants', async () => {
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
  const asked: unknown[] = [];
  const { clock, first, source } = setUp((_c, tenant) => async (reason, wanted) => {
    asked.push([reason, wanted]);
    return { token: tenant.issueToken({ persona: 'app' }) };
  });
  await clock.sleep(56 * minutes);
  const early = source.token();
  const renewed = await Promise.all([source.renew(first, claims), source.renew(first, claims)]);
  expect(asked).toEqual([
    ['expiring', undefined],
    ['refused', claims],
  ]);
  expect(new Set([first, await early, ...renewed]).size).toBe(2);
  expect(await source.token()).toBe(renewed[0]);
  // A call that was on the way all the time has it for the taking.
  expect(await source.renew(first, claims)).toBe(renewed[0]);
  expect(asked).toHaveLength(2);
});

test('when there is no other token, calls that are refused together ask once', async () => {
  let asked = 0;
  const { first, source } = setUp(() => async () => {
    asked += 1;
    throw new Error('AADSTS7000222: over.');
  });
  const claims = '{"access_token":{}}';
  const renewed = await Promise.all(Array.from({ length: 8 }, () => source.renew(first, claims)));
  expect(new Set(renewed)).toEqual(new Set([null]));
  expect([asked, source.refusal]).toEqual([1, 'AADSTS7000222: over.']);
});
