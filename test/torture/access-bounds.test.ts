import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listSessions } from '../../src/operations/list-sessions.ts';
import type { SignInSession } from '../../src/protocol/session.ts';
import type { PolicyOptions, SimulatedTenant } from '../../src/simulator/simulated-tenant.ts';
import { simulatedReading, type SimulatedReading } from '../support/simulated-reading.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Tenants; in each of them fourteen people, with three sessions each. */
const tenants = process.env['TORTURE'] ? 3000 : 60;

const groups = ['Contractors', 'Leavers', 'Break Glass', 'Project Falcon'];

/** Mostly the first, at times one of the others. */
const mostly = <const T extends string>(usual: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

const accessPolicy = fc.record({
  include: mostly('all', 'group', 'role', 'some', 'guests'),
  group: fc.constantFrom(...groups),
  exclude: mostly('none', ...groups),
  state: mostly('enabled', 'disabled', 'enabledForReportingButNotEnforced'),
  what: fc.constantFrom('frequency', 'everyTime', 'noContinuousAccess', 'persistent', 'nothing'),
  hours: fc.integer({ min: 1, max: 24 }),
  apps: mostly('All', 'Office365', 'exchange', 'MicrosoftAdminPortals'),
  clientType: mostly('all', 'browser', 'mobileAppsAndDesktopClients', 'other'),
  condition: mostly('none', 'risk', 'platform', 'place', 'device'),
});

const scenario = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  policies: fc.array(accessPolicy, { maxLength: 4 }),
  lifetime: fc.option(
    fc.record({
      minutes: fc.integer({ min: 10, max: 1439 }),
      ofAll: fc.boolean(),
      app: fc.constantFrom('exchange' as const, 'ledger' as const, 'azure' as const),
    }),
    { nil: undefined },
  ),
  lateMinutes: fc.constantFrom(0, 0, 30, 120),
  duplicates: fc.constantFrom(0, 0.3),
  withinHours: fc.integer({ min: 1, max: 40 }),
  /** Continuous access evaluation is switched off for everybody once the sessions are there. */
  switchedOff: fc.boolean(),
  /** From then to the listing. */
  afterMinutes: fc.integer({ min: 0, max: 300 }),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer S> ? S : never;
type AccessPolicy = typeof accessPolicy extends fc.Arbitrary<infer S> ? S : never;

/** Switched off where a policy is enabled already: the first one makes tokens shorter, and those before it live on. */
function withoutContinuousAccess(options: PolicyOptions): PolicyOptions {
  const conditionalAccess = options.conditionalAccess ?? [];
  if (!conditionalAccess.some(policy => policy.state === 'enabled')) return options;
  const off = { sessionControls: { continuousAccessEvaluation: { mode: 'disabled' as const } } };
  return { ...options, conditionalAccess: [...conditionalAccess, off] };
}

function policiesOf(s: Scenario, tenant: SimulatedTenant): PolicyOptions {
  const { apps } = tenant.sessions;
  const resource = {
    exchange: apps.outlookMobile.resources[0]?.id ?? '',
    ledger: apps.ledger.resources[0]?.id ?? '',
    azure: apps.portal.resources[0]?.id ?? '',
  };
  const groupId = (name: string) => tenant.groups.find(group => group.displayName === name)?.id ?? '';
  const usersOf = (one: AccessPolicy) => ({
    ...(one.include === 'all' && { includeUsers: ['All'] }),
    ...(one.include === 'some' && {
      includeUsers: tenant.users.filter((_, index) => index % 2 === 0).map(user => user.id),
    }),
    ...(one.include === 'guests' && { includeUsers: ['GuestsOrExternalUsers'] }),
    ...(one.include === 'group' && { includeGroups: [groupId(one.group)] }),
    ...(one.include === 'role' && { includeRoles: ['62e90394-69f5-4237-9190-012177145e10'] }),
    ...(one.exclude !== 'none' && { excludeGroups: [groupId(one.exclude)] }),
  });
  return {
    conditionalAccess: s.policies.map(one => ({
      state: one.state,
      conditions: {
        users: usersOf(one),
        applications: { includeApplications: [one.apps === 'exchange' ? resource.exchange : one.apps] },
        clientAppTypes: [one.clientType],
        ...(one.condition === 'risk' && { signInRiskLevels: ['high'] }),
        ...(one.condition === 'platform' && {
          platforms: { includePlatforms: ['windows'], excludePlatforms: [] },
        }),
        ...(one.condition === 'place' && {
          locations: { includeLocations: ['All'], excludeLocations: ['AllTrusted'] },
        }),
        ...(one.condition === 'device' && {
          devices: { deviceFilter: { mode: 'include' as const, rule: 'device.isCompliant -eq True' } },
        }),
      },
      sessionControls: {
        ...(one.what === 'frequency' && {
          signInFrequency: {
            isEnabled: true,
            type: 'hours' as const,
            value: one.hours,
            authenticationType: 'primaryAndSecondaryAuthentication' as const,
            frequencyInterval: 'timeBased' as const,
          },
        }),
        ...(one.what === 'everyTime' && {
          signInFrequency: {
            isEnabled: true,
            type: null,
            value: null,
            authenticationType: 'primaryAndSecondaryAuthentication' as const,
            frequencyInterval: 'everyTime' as const,
          },
        }),
        ...(one.what === 'noContinuousAccess' && {
          continuousAccessEvaluation: { mode: 'disabled' as const },
        }),
        ...(one.what === 'persistent' && { persistentBrowser: { isEnabled: true, mode: 'always' as const } }),
      },
    })),
    tokenLifetimes: s.lifetime
      ? [
          {
            accessTokenSeconds: s.lifetime.minutes * 60,
            isOrganizationDefault: s.lifetime.ofAll,
            appIds: s.lifetime.ofAll ? [] : [resource[s.lifetime.app]],
          },
        ]
      : [],
  };
}

/** Some of everybody: external ones, administrators, members of groups. */
function people(tenant: SimulatedTenant): string[] {
  const some = (list: readonly { id: string }[], count: number) => list.slice(0, count).map(one => one.id);
  const enabled = tenant.users.filter(user => user.accountEnabled);
  return [
    ...new Set([
      ...some(
        enabled.filter(user => user.external),
        2,
      ),
      ...some(
        enabled.filter(user => user.roles.length > 0),
        2,
      ),
      ...some(
        enabled.filter(user => user.roles.length === 0 && !user.external),
        8,
      ),
      ...tenant.groups.flatMap(group =>
        group.displayName === 'Contractors' ? group.memberIds.slice(0, 2) : [],
      ),
    ]),
  ].filter(id => enabled.some(user => user.id === id));
}

async function tenantOf(s: Scenario): Promise<SimulatedReading & { ids: string[] }> {
  const stage = await simulatedReading({
    seed: s.seed,
    users: 100,
    signIns: {
      cast: false,
      lateMs: { from: 0, to: s.lateMinutes * minuteMs },
      duplicates: s.duplicates,
      mostAlternatives: 100,
    },
    reportQuota: { limit: 5, windowSeconds: 10 },
  });
  stage.tenant.setPolicies(policiesOf(s, stage.tenant));
  const ids = people(stage.tenant);
  stage.tenant.sessions.populate(
    ids.map(id => ({ id })),
    { perUser: 3, withinMs: s.withinHours * hourMs },
  );
  if (s.switchedOff) stage.tenant.setPolicies(withoutContinuousAccess(policiesOf(s, stage.tenant)));
  return { ...stage, ids };
}

const list = async ({ reading, ids }: SimulatedReading & { ids: string[] }): Promise<SignInSession[]> => {
  const { sessions, unresolved } = await listSessions({ users: ids.map(text => ({ text })) }, reading);
  expect(unresolved).toEqual([]);
  return sessions;
};

const at = (time: string | null): number | null => (time === null ? null : Date.parse(time));

/** The sessions of the tenant that a row is about. */
function lived(tenant: SimulatedTenant, row: SignInSession): number {
  const session = tenant.sessions.of(row.userId ?? '').find(one => one.id === row.sessionId);
  expect(session, `no session ${row.sessionId}`).toBeDefined();
  return session?.aliveUntil(row.resourceId ?? '') ?? 0;
}

const told = (row: SignInSession): string =>
  `${row.appDisplayName} ${row.resourceDisplayName} cae=${row.continuousAccess}: ${row.because} ${row.detail}`;

const hasCondition = (s: Scenario): boolean =>
  s.policies.some(one => one.condition !== 'none' || !['All', 'exchange'].includes(one.apps));

/** The longest life of a token that the tenant gives out for a row, told from its own policies. */
function longestLife(tenant: SimulatedTenant, row: SignInSession): number {
  if (row.continuousAccess === true) return 15 * minuteMs;
  const { tokenLifetimes, conditionalAccess } = tenant.policies;
  const policy =
    tokenLifetimes.find(one => one.isOrganizationDefault) ??
    tokenLifetimes.find(one => one.appIds.includes(row.resourceId ?? ''));
  if (policy) return policy.accessTokenSeconds * 1000;
  return conditionalAccess.some(one => one.state === 'enabled') ? 90 * minuteMs : 2 * hourMs;
}

/** What Entra can't end, by the kinds of clients that there are. */
function keepsItsOwn(tenant: SimulatedTenant, row: SignInSession): boolean {
  const session = tenant.sessions.of(row.userId ?? '').find(one => one.id === row.sessionId);
  return (
    session === undefined || session.plan.user.external || ['webApp', 'spa'].includes(session.plan.app.client)
  );
}

/** The share of its bound that the longest-lived session came to, by what the bound is about. */
class Tightness {
  readonly #most = new Map<string, number>();
  rows = 0;

  add(row: SignInSession, share: number): void {
    this.rows += 1;
    const kind = row.because.includes('policy')
      ? 'policy'
      : (/15 min|90 min|2 h/.exec(row.because)?.[0] ?? row.because);
    this.#most.set(kind, Math.max(share, this.#most.get(kind) ?? 0));
  }

  get all(): Record<string, number> {
    return Object.fromEntries(this.#most);
  }
}

test('no simulated session outlives its bound, with a revocation and without, and no bound is looser than the rules', async () => {
  const tightness = new Tightness();
  const kept = { bounded: 0, endless: 0 };
  await fc.assert(
    fc.asyncProperty(scenario, async s => {
      const stage = await tenantOf(s);
      const { tenant, clock, ids } = stage;
      await clock.sleep(s.afterMinutes * minuteMs);
      const before = (await list(stage)).filter(row => row.appId !== null);
      const now = clock.now();
      const revoked = new Set(ids.filter((_, index) => index % 2 === 0));
      for (const id of revoked) tenant.revokeElsewhere(id);
      const shortly = (await list(stage)).filter(row => row.appId !== null);
      const rows = [
        ...before.map(row => ({
          row,
          bound: at(revoked.has(row.userId ?? '') ? row.accessUntilIfRevoked : row.accessUntil),
        })),
        ...shortly.map(row => ({ row, bound: at(row.accessUntil) })),
      ];
      await clock.sleep(Math.max(0, ...rows.map(({ bound }) => bound ?? 0)) - clock.now() + minuteMs);
      for (const { row, bound } of rows) {
        const end = lived(tenant, row);
        if (bound !== null)
          expect(end, `${new Date(end).toISOString()} ${told(row)}`).toBeLessThanOrEqual(bound);
      }
      for (const row of before) {
        const bound = at(row.accessUntilIfRevoked);
        expect(bound === null, told(row)).toBe(keepsItsOwn(tenant, row));
        if (bound !== null && row.confidence === 'Known')
          expect(bound - now, told(row)).toBeLessThanOrEqual(longestLife(tenant, row) + 2000);
        if (revoked.has(row.userId ?? '')) {
          if (bound !== null) tightness.add(row, (lived(tenant, row) - now) / (bound - now));
          continue;
        }
        kept[row.accessUntil === null ? 'endless' : 'bounded'] += 1;
        if (row.accessUntil === null && !keepsItsOwn(tenant, row) && !hasCondition(s))
          expect(lived(tenant, row), told(row)).toBe(Infinity);
      }
      for (const row of shortly)
        if (revoked.has(row.userId ?? '')) expect(row.accessUntil).toBe(row.accessUntilIfRevoked);
    }),
    { numRuns: tenants, seed: 20261123, endOnFailure: true },
  );
  expect(tightness.rows).toBeGreaterThan(500);
  expect(kept.bounded).toBeGreaterThan(50);
  expect(kept.endless).toBeGreaterThan(50);
  for (const [kind, share] of Object.entries(tightness.all)) expect(share, kind).toBeGreaterThan(0.9);
  expect(Object.keys(tightness.all).toSorted()).toEqual(['15 min', '2 h', '90 min', 'policy']);
});
