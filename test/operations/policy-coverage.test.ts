import { describe, expect, test } from 'vitest';
import { conditionalAccessOf } from '../../src/graph/conditional-access.ts';
import { idleTimeoutOf, tokenLifetimeOf } from '../../src/graph/lifetime-policies.ts';
import { coverage, userCoverage } from '../../src/operations/policy-coverage.ts';
import { accessPolicy, nobody, someone } from '../support/tenant-policies.ts';

const member = { ...someone, memberships: { groups: new Set(['g1']), roles: new Set(['r1']) } };
const unread = { ...someone, memberships: null };
const guest = { ...someone, guest: true };
const external = { ...someone, external: true, guest: true };

describe('whom a policy covers', () => {
  test.each([
    ['everybody', { include: { ...nobody, users: ['all'] } }, someone, 'yes'],
    ['nobody', { include: { ...nobody, users: ['none'] } }, someone, 'no'],
    ['by id', { include: { ...nobody, users: [someone.id] } }, someone, 'yes'],
    ['by group', { include: { ...nobody, groups: ['g1'] } }, member, 'yes'],
    ['by another group', { include: { ...nobody, groups: ['g2'] } }, member, 'no'],
    ['by a group that can not be read', { include: { ...nobody, groups: ['g1'] } }, unread, 'maybe'],
    ['by role', { include: { ...nobody, roles: ['r1'] } }, member, 'yes'],
    ['except a group', { exclude: { ...nobody, groups: ['g1'] } }, member, 'no'],
    ['except a group that can not be read', { exclude: { ...nobody, groups: ['g1'] } }, unread, 'maybe'],
    ['except oneself, whatever includes', { exclude: { ...nobody, users: [someone.id] } }, unread, 'no'],
    ['guests: a member', { include: { ...nobody, users: ['guestsorexternalusers'] } }, someone, 'no'],
    ['guests: a guest', { include: { ...nobody, users: ['guestsorexternalusers'] } }, guest, 'yes'],
    ['guests of a kind: a member', { include: { ...nobody, guestKinds: ['internalGuest'] } }, someone, 'no'],
    ['guests of a kind: that guest', { include: { ...nobody, guestKinds: ['internalGuest'] } }, guest, 'yes'],
    [
      'guests of a kind: an external one',
      { include: { ...nobody, guestKinds: ['internalGuest'] } },
      external,
      'maybe',
    ],
    ['depending on the place', { conditions: ['location'] }, someone, 'maybe'],
    [
      'depending on the place, but not this user',
      { conditions: ['location'], exclude: { ...nobody, users: ['all'] } },
      someone,
      'no',
    ],
  ] as const)('%s', (_, policy, user, expected) => {
    expect(userCoverage(accessPolicy(policy as never), user)).toBe(expected);
  });
});

describe('what a policy covers', () => {
  const exchange = '00000002-0000-0ff1-ce00-000000000000';
  const graph = '00000003-0000-0000-c000-000000000000';
  const use = { appId: 'a0000000-0000-4000-8000-000000000000', resourceId: exchange, clientApp: 'Browser' };
  const apps = (include: string[], exclude: string[] = []) => ({
    apps: { include, exclude, otherwise: false },
  });
  test.each([
    ['all apps', apps(['all']), use, 'yes'],
    ['the resource', apps([exchange]), use, 'yes'],
    ['another resource', apps([graph]), use, 'no'],
    ['the client', apps([use.appId]), use, 'maybe'],
    ['Office 365', apps(['office365']), use, 'yes'],
    ['Office 365: Graph', apps(['office365']), { ...use, resourceId: graph }, 'maybe'],
    ['all but the resource', apps(['all'], [exchange]), use, 'no'],
    ['a bundle', apps(['microsoftadminportals']), use, 'maybe'],
    ['no app at all', apps(['none']), use, 'no'],
    ['user actions', { apps: { include: [], exclude: [], otherwise: true } }, use, 'maybe'],
    ['browsers', { clientAppTypes: ['browser'] }, use, 'yes'],
    ['native clients', { clientAppTypes: ['mobileAppsAndDesktopClients'] }, use, 'no'],
    ['other clients', { clientAppTypes: ['other'] }, { ...use, clientApp: 'IMAP4' }, 'yes'],
    [
      'a client that the log does not name',
      { clientAppTypes: ['browser'] },
      { ...use, clientApp: null },
      'maybe',
    ],
  ] as const)('%s', (_, policy, of, expected) => {
    expect(coverage(accessPolicy(policy as never), someone, of)).toBe(expected);
  });
});

describe('policies as Graph writes them', () => {
  test('conditions that hold for all are none, and unknown ones count', () => {
    const policy = conditionalAccessOf({
      id: 'p',
      state: 'enabled',
      conditions: {
        users: { includeUsers: ['All'] },
        applications: { includeApplications: ['All'] },
        clientAppTypes: ['all'],
        platforms: { includePlatforms: ['all'], excludePlatforms: [] },
        locations: { includeLocations: ['All'], excludeLocations: ['AllTrusted'] },
        signInRiskLevels: [],
        somethingNew: { mode: 'strict' },
      },
      sessionControls: {
        signInFrequency: { isEnabled: true, type: 'days', value: 2, frequencyInterval: 'timeBased' },
      },
    });
    expect(policy?.conditions).toEqual(['location', 'somethingNew']);
    expect(policy?.frequency?.ms).toBe(48 * 3_600_000);
  });

  test('every time is five minutes, and a frequency that is off is none', () => {
    const frequency = (signInFrequency: object) =>
      conditionalAccessOf({ id: 'p', sessionControls: { signInFrequency } })?.frequency;
    const everyTime = { isEnabled: true, frequencyInterval: 'everyTime', type: null, value: null };
    expect(frequency(everyTime)).toMatchObject({ ms: 300_000, everyTime: true });
    expect(
      frequency({ isEnabled: false, type: 'hours', value: 4, frequencyInterval: 'timeBased' }),
    ).toBeNull();
    expect(
      frequency({ isEnabled: true, type: 'years', value: 4, frequencyInterval: 'timeBased' }),
    ).toBeNull();
  });

  test('token lifetimes and both forms of idle timeouts', () => {
    const lifetime = (text: string) => tokenLifetimeOf({ id: 'p', definition: [text] })?.accessTokenMs;
    expect(lifetime('{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"8:00:00"}}')).toBe(
      8 * 3_600_000,
    );
    expect(lifetime('{"TokenLifetimePolicy":{"Version":1}}')).toBeNull();
    expect(lifetime('no json')).toBeNull();
    const idle = (text: string) => idleTimeoutOf({ id: 'p', definition: [text] })?.timeouts;
    expect(
      idle(
        '{"ActivityBasedTimeoutPolicy":{"Version":1,"ApplicationPolicies":[{"ApplicationId":"default","WebSessionIdleTimeout":"01:00:00"},{"ApplicationId":"c44b4083-3bb0-49c1-b47d-974e53cbdf3c","WebSessionIdleTimeout":"1.00:00:00"}]}}',
      ),
    ).toEqual([
      { appId: 'default', ms: 3_600_000 },
      { appId: 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c', ms: 86_400_000 },
    ]);
    expect(idle('{"ActivityBasedTimeoutPolicy":{"Version":1,"WebSessionIdleTimeout":"00:15:00"}}')).toEqual([
      { appId: 'default', ms: 900_000 },
    ]);
  });
});
