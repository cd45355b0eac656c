import { expect, test } from 'vitest';
import { showSessionPolicy } from '../../src/operations/session-policy.ts';
import type { PolicyOptions } from '../../src/simulator/simulated-tenant.ts';
import {
  readingPermissions,
  simulatedReading,
  type SimulatedReadingOptions,
} from '../support/simulated-reading.ts';

async function shown(
  policies: PolicyOptions | undefined,
  options: SimulatedReadingOptions = {},
  users?: number,
) {
  const s = await simulatedReading({ ...options, ...(policies && { policies }), signIns: { cast: false } });
  const named =
    users === undefined ? {} : { users: s.tenant.users.slice(0, users).map(({ id }) => ({ text: id })) };
  return { ...s, ...(await showSessionPolicy(named, s.reading)) };
}

test('the usual tenant: every kind, with what it does to a revocation and what to change', async () => {
  const { policies, warnings, putOff } = await shown(undefined);
  expect(warnings).toEqual([]);
  expect(putOff()).toBe(0);
  const told = policies.map(({ kind, state, setting, verdict, advice }) => [
    kind,
    state,
    setting,
    verdict,
    advice !== null,
  ]);
  expect(told).toEqual([
    ['SignInFrequency', 'Enabled', 'sign in every 4 h', 'Faster', false],
    ['PersistentBrowser', 'Enabled', 'never persistent', 'Faster', false],
    ['SignInFrequency', 'Enabled', 'sign in every 24 h', 'Faster', false],
    ['SignInFrequency', 'ReportOnly', 'sign in every time', 'NoEffect', false],
    ['ContinuousAccess', 'Enabled', 'continuous access evaluation is off', 'Slower', true],
    ['SignInFrequency', 'Disabled', 'sign in every 30 days', 'NoEffect', false],
    ['TokenLifetime', 'Enabled', 'access tokens live 8 h', 'Slower', true],
    ['IdleTimeout', 'Enabled', 'all others: 1 h idle; Azure Portal: 15 min idle', 'Faster', false],
    ['SecurityDefaults', 'Disabled', 'security defaults are off', 'NoEffect', false],
  ]);
  expect(policies[0]?.appliesTo).toBe(
    'roles Global Administrator, User Administrator, Exchange Administrator except 1 group; all apps',
  );
  expect(policies[3]?.appliesTo).toContain('depends on sign-in risk');
  expect(policies.every(row => row.covers === null)).toBe(true);
});

test('of users asked for it says whom a policy covers, and that it can not say it', async () => {
  const s = await simulatedReading({
    signIns: { cast: false },
    policies: {
      conditionalAccess: [
        { displayName: 'all', sessionControls: { persistentBrowser: { isEnabled: true, mode: 'never' } } },
        {
          displayName: 'at risk',
          conditions: { signInRiskLevels: ['high'] },
          sessionControls: { persistentBrowser: { isEnabled: true, mode: 'never' } },
        },
        {
          displayName: 'contractors',
          conditions: { users: { includeGroups: ['contractors'] } },
          sessionControls: { persistentBrowser: { isEnabled: true, mode: 'never' } },
        },
      ],
    },
  });
  const group = s.tenant.groups.find(one => one.displayName === 'Contractors')!;
  const [first, ...others] = s.tenant.policies.conditionalAccess;
  s.tenant.setPolicies({
    conditionalAccess: [
      first!,
      others[0]!,
      { ...others[1]!, conditions: { ...others[1]!.conditions, users: { includeGroups: [group.id] } } },
    ],
  });
  const contractor = s.tenant.users.find(user => group.memberIds.includes(user.id))!;
  const other = s.tenant.persona('globalAdministrator');
  const gone = s.tenant.deletedUsers[0]!;
  const users = [contractor, other, gone].map(({ id }) => ({ text: id }));
  const { policies, unresolved } = await showSessionPolicy({ users }, s.reading);
  const covered = policies.slice(0, 3).map(row => row.covers?.map(one => one.covered));
  expect(covered).toEqual([
    [true, true],
    [null, null],
    [true, false],
  ]);
  expect(policies[1]?.covers?.[0]).toMatchObject({ confidence: 'Inferred', userId: contractor.id });
  expect(unresolved).toMatchObject([{ outcome: 'NotFound' }]);
});

test('a tenant with nothing but security defaults has longer tokens in Microsoft 365 clients', async () => {
  const { policies } = await shown({ securityDefaults: true });
  expect(policies).toMatchObject([{ kind: 'SecurityDefaults', state: 'Enabled', verdict: 'Slower' }]);
  expect(policies[0]?.because).toContain('2 h instead of 60 to 90 min');
});

test('token lifetimes: short and default ones, and one that is on no app', async () => {
  const { policies } = await shown({
    tokenLifetimes: [
      { accessTokenSeconds: 600, isOrganizationDefault: true },
      { accessTokenSeconds: 5400, appIds: ['a0000000-0000-4000-8000-000000000000'] },
      { accessTokenSeconds: 86_399 },
    ],
  });
  const found = policies.filter(row => row.kind === 'TokenLifetime');
  expect(found.map(row => [row.verdict, row.appliesTo])).toEqual([
    ['Faster', 'all apps (default of the organization)'],
    ['NoEffect', 'apps a0000000-0000-4000-8000-000000000000'],
    ['NoEffect', 'no app'],
  ]);
});

test('a mode of continuous access that came later is told, since the header asks for it', async () => {
  const { policies } = await shown({
    conditionalAccess: [{ sessionControls: { continuousAccessEvaluation: { mode: 'strictLocation' } } }],
  });
  expect(policies[0]).toMatchObject({ kind: 'ContinuousAccess', verdict: 'NoEffect' });
  expect(policies[0]?.setting).toContain('strict');
});

test('without the permission nothing is asked', async () => {
  const permissions = readingPermissions.filter(name => name !== 'Policy.Read.All');
  await expect(shown(undefined, { as: { permissions } })).rejects.toMatchObject({ code: 'NotAllowed' });
});

test('what one policy endpoint refuses is a warning, and the others are told', async () => {
  const { policies, warnings } = await shown(undefined, {
    intercept: (url, init, next) =>
      url.includes('conditionalAccess')
        ? Promise.resolve(
            new Response('{"error":{"code":"AccessDenied","message":"No."}}', {
              status: 403,
              headers: { 'request-id': 'x' },
            }),
          )
        : next(url, init),
  });
  expect(policies.map(row => row.kind)).toEqual(['TokenLifetime', 'IdleTimeout', 'SecurityDefaults']);
  expect(warnings).toEqual([
    expect.stringContaining('Conditional Access can not be read (403 AccessDenied: No)'),
  ]);
});

test('Conditional Access is read once a second at most, also by several at once, and never put off', async () => {
  const s = await simulatedReading({ signIns: { cast: false } });
  const start = s.clock.now();
  await Promise.all(Array.from({ length: 5 }, () => showSessionPolicy({}, s.reading)));
  expect(s.putOff()).toBe(0);
  expect(s.clock.now() - start).toBeGreaterThanOrEqual(4000);
});
