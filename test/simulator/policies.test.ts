import { expect, test } from 'vitest';
import { every, everyTime } from '../../src/simulator/policies/conditional-access-policy.ts';
import { type Stage, stage } from './stage.ts';

const reader = { persona: 'app', permissions: ['Policy.Read.All'] } as const;
const read = async (s: Stage, path: string, options: Parameters<Stage['send']>[1] = {}) => {
  s.clock.now += 1000;
  const heard = await s.send(path, { as: reader, ...options });
  expect(heard.status, heard.text).toBe(200);
  return heard.body;
};
const conditionalAccess = '/identity/conditionalAccess/policies';

test('policies of Conditional Access come in the shape of Graph; continuous access is told by beta only', async () => {
  const s = await stage({
    policies: {
      conditionalAccess: [
        { displayName: 'Four hours', sessionControls: { signInFrequency: every(4, 'hours') } },
        { state: 'enabledForReportingButNotEnforced', sessionControls: { signInFrequency: everyTime } },
        { sessionControls: { continuousAccessEvaluation: { mode: 'disabled' } } },
        { sessionControls: { continuousAccessEvaluation: { mode: 'strictLocation' } } },
      ],
    },
  });
  const { value } = await read(s, conditionalAccess);
  expect(value).toMatchObject([
    {
      displayName: 'Four hours',
      state: 'enabled',
      conditions: {
        users: { includeUsers: ['All'], excludeGroups: [] },
        applications: { includeApplications: ['All'] },
      },
      sessionControls: {
        signInFrequency: { isEnabled: true, type: 'hours', value: 4, frequencyInterval: 'timeBased' },
        persistentBrowser: null,
      },
    },
    { sessionControls: { signInFrequency: { type: null, value: null, frequencyInterval: 'everyTime' } } },
    { sessionControls: null },
    { sessionControls: null },
  ]);
  expect(JSON.stringify(value)).not.toContain('continuousAccessEvaluation');
  const modes = async (options: Parameters<Stage['send']>[1] = {}) =>
    ((await read(s, `/beta${conditionalAccess}`, options)).value ?? []).map(
      policy =>
        (policy['sessionControls'] as Record<string, { mode: string } | null>)['continuousAccessEvaluation']
          ?.mode,
    );
  expect(await modes()).toEqual([undefined, undefined, 'disabled', 'unknownFutureValue']);
  expect(await modes({ headers: { prefer: 'include-unknown-enum-members' } })).toContain('strictLocation');
});

test('Conditional Access takes one request a second from the whole tenant, and does not say when to come back', async () => {
  const s = await stage();
  const other = { persona: 'userAdministrator', permissions: ['Policy.Read.All'] } as const;
  expect((await s.send(conditionalAccess, { as: reader })).status).toBe(200);
  const second = await s.send(conditionalAccess, { as: other });
  expect(second.status).toBe(429);
  expect(second.headers.get('retry-after')).toBeNull();
  s.clock.now += 1000;
  expect((await s.send(conditionalAccess, { as: other })).status).toBe(200);
});

test('token lifetimes and idle timeouts hide in texts, the latter in two forms', async () => {
  const s = await stage({
    policies: {
      tokenLifetimes: [
        { displayName: '8h', accessTokenSeconds: 8 * 3600, appIds: ['11111111-2222-4333-8444-555555555555'] },
      ],
      idleTimeouts: [
        { seconds: { default: 3600, 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c': 900 } },
        { seconds: { default: 86_400 }, form: 'flat', isOrganizationDefault: false },
      ],
      securityDefaults: true,
    },
  });
  const lifetimes = (await read(s, '/policies/tokenLifetimePolicies')).value ?? [];
  expect(lifetimes).toMatchObject([
    {
      displayName: '8h',
      isOrganizationDefault: false,
      definition: ['{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"8:00:00"}}'],
    },
  ]);
  expect((await read(s, '/policies/activityBasedTimeoutPolicies')).value).toMatchObject([
    {
      definition: [
        '{"ActivityBasedTimeoutPolicy":{"Version":1,"ApplicationPolicies":[{"ApplicationId":"default","WebSessionIdleTimeout":"01:00:00"},{"ApplicationId":"c44b4083-3bb0-49c1-b47d-974e53cbdf3c","WebSessionIdleTimeout":"00:15:00"}]}}',
      ],
    },
    { definition: ['{"ActivityBasedTimeoutPolicy":{"Version":1,"WebSessionIdleTimeout":"1.00:00:00"}}'] },
  ]);
  expect(await read(s, '/policies/identitySecurityDefaultsEnforcementPolicy')).toMatchObject({
    isEnabled: true,
  });
  const path = `/policies/tokenLifetimePolicies/${String(lifetimes[0]?.['id'])}/appliesTo`;
  expect((await read(s, path)).value?.[0]).not.toHaveProperty('appId');
  const permissions = ['Policy.Read.All', 'Application.Read.All'];
  expect((await read(s, path, { as: { persona: 'app', permissions } })).value).toMatchObject([
    { '@odata.type': '#microsoft.graph.servicePrincipal', appId: '11111111-2222-4333-8444-555555555555' },
  ]);
});

test.each([
  [conditionalAccess, 'AccessDenied'],
  ['/policies/tokenLifetimePolicies', 'Authorization_RequestDenied'],
  ['/policies/activityBasedTimeoutPolicies', 'Authorization_RequestDenied'],
  ['/policies/identitySecurityDefaultsEnforcementPolicy', 'Authorization_RequestDenied'],
])('%s takes Policy.Read.All', async (path, code) => {
  const s = await stage();
  const heard = await s.send(path, { as: 'globalAdministrator' });
  expect([heard.status, heard.body.error?.code]).toEqual([403, code]);
});

test('policies can be replaced while the tenant runs', async () => {
  const s = await stage({ policies: { securityDefaults: true } });
  s.tenant.setPolicies({ conditionalAccess: [{ displayName: 'New' }] });
  expect((await read(s, conditionalAccess)).value).toMatchObject([{ displayName: 'New' }]);
  expect(await read(s, '/policies/identitySecurityDefaultsEnforcementPolicy')).toMatchObject({
    isEnabled: false,
  });
});
