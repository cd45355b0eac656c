import { isOfficeClient, isOfficeResource, speaksContinuousAccess } from '../graph/well-known-resources.ts';
import type { AccessRule } from '../protocol/session.ts';
import type { CloudName } from '../protocol/tenant.ts';
import { type CoveredUse, type CoveredUser, coverage, userCoverage } from './policy-coverage.ts';
import type { TenantPolicies } from './tenant-policies.ts';

/** A length of time that nothing exceeds, and whether it is certain. */
export interface Limit {
  ms: number;
  known: boolean;
  rule: AccessRule;
  /** Where it comes from, as a part of a sentence. */
  why: string;
}

/** What the rules of the tenant and of Microsoft make of one user's use of one app. */
export interface SessionRules {
  /** How long an access token lives that is not one of continuous access evaluation. */
  tokenLife: Limit;
  /** Whether a policy switches continuous access evaluation off; `unspoken` for a resource that has none. */
  continuousAccess: 'on' | 'off' | 'maybe' | 'unspoken';
  /** After how long somebody has to sign in anew, for sure; null when no policy says so. */
  frequency: { ms: number; policy: string } | null;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Without a policy access tokens live 60 to 90 minutes (graph-facts 5.3). */
export const usualLifeMs = 90 * minuteMs;

/** Teams and clients of Microsoft 365 in tenants without Conditional Access (graph-facts 5.1). */
const officeLifeMs = 2 * hourMs;

/** The longest that a token lifetime policy may say (graph-facts 6). */
const longestLifeMs = 24 * hourMs;

/** Works out the rules for one use. */
export function sessionRules(
  policies: TenantPolicies,
  user: CoveredUser,
  use: CoveredUse,
  cloud: CloudName | null,
): SessionRules {
  return {
    tokenLife: tokenLife(policies, use),
    continuousAccess: speaksContinuousAccess(use.resourceId, cloud) ? switchedOn(policies, user) : 'unspoken',
    frequency: frequencyOf(policies, user, use),
  };
}

/** The longest that an access token of any app may live here: for somebody of whom no app is known. */
export function worstTokenLife(policies: TenantPolicies): Limit {
  if (!policies.tokenLifetimes) return unreadableLifetimes;
  const fallback = policies.conditionalAccess?.some(p => p.state === 'Enabled') ? ninetyMinutes : twoHours;
  const byPolicy = lifetimesOf(policies).map(({ ms, name }) => policyLimit(ms, name));
  const ofAll = organizationLimit(policies);
  return { ...(ofAll ?? longest([fallback, ...byPolicy])), known: false };
}

function tokenLife(policies: TenantPolicies, use: CoveredUse): Limit {
  if (!policies.tokenLifetimes) return unreadableLifetimes;
  const ofAll = organizationLimit(policies);
  if (ofAll) return ofAll;
  const usual = usualLife(policies, use);
  const lifetimes = lifetimesOf(policies);
  // A policy is put on the resource that tokens are for. On a client it may do nothing.
  const isOnResource = ({ appIds }: (typeof lifetimes)[number]) =>
    appIds?.includes(use.resourceId ?? '') ?? false;
  const onResource = lifetimes.filter(isOnResource);
  const possible = lifetimes.filter(
    one => !isOnResource(one) && (one.appIds === null || one.appIds.includes(use.appId ?? '')),
  );
  const limits = (of: typeof lifetimes) => of.map(({ ms, name }) => policyLimit(ms, name));
  if (possible.length === 0) return onResource.length > 0 ? longest(limits(onResource)) : usual;
  const sure = onResource.length > 0 ? limits(onResource) : [usual];
  return { ...longest([...sure, ...limits(possible)]), known: false };
}

const lifetimesOf = ({ tokenLifetimes }: TenantPolicies) =>
  (tokenLifetimes ?? []).flatMap(({ accessTokenMs, name, appIds, organizationDefault }) =>
    accessTokenMs === null || organizationDefault ? [] : [{ ms: accessTokenMs, name, appIds }],
  );

/** A policy for the whole organization goes before those of apps (graph-facts 6). */
function organizationLimit({ tokenLifetimes }: TenantPolicies): Limit | null {
  const limits = (tokenLifetimes ?? []).flatMap(({ accessTokenMs, name, organizationDefault }) =>
    accessTokenMs === null || !organizationDefault ? [] : [policyLimit(accessTokenMs, name)],
  );
  return limits.length > 0 ? longest(limits) : null;
}

function usualLife({ conditionalAccess }: TenantPolicies, { appId, resourceId }: CoveredUse): Limit {
  const client = isOfficeClient(appId);
  if (!client && !isOfficeResource(resourceId)) return ninetyMinutes;
  if (!conditionalAccess) return { ...twoHours, known: false };
  if (conditionalAccess.some(policy => policy.state === 'Enabled')) return ninetyMinutes;
  // Whether a policy that only reports counts, and what else is a client of Microsoft 365, nobody says.
  return { ...twoHours, known: client && conditionalAccess.every(policy => policy.state === 'Disabled') };
}

const ninetyMinutes: Limit = {
  ms: usualLifeMs,
  known: true,
  rule: 'TokenLifetime',
  why: 'access tokens live up to 90 min',
};

const twoHours: Limit = {
  ms: officeLifeMs,
  known: true,
  rule: 'TokenLifetime',
  why: 'access tokens of Microsoft 365 clients live 2 h without Conditional Access',
};

const unreadableLifetimes: Limit = {
  ms: longestLifeMs,
  known: false,
  rule: 'TokenLifetimePolicy',
  why: 'access tokens live up to 90 min, or up to 24 h by a token lifetime policy, which could not be read',
};

const policyLimit = (ms: number, name: string | null): Limit => ({
  ms,
  known: true,
  rule: 'TokenLifetimePolicy',
  why: `access tokens live ${inWords(ms)} by the token lifetime policy ${quoted(name)}`,
});

const longest = (limits: readonly Limit[]): Limit =>
  limits.reduce((most, limit) => (limit.ms > most.ms ? limit : most), limits[0] ?? ninetyMinutes);

/** A policy that switches it off has no conditions but users (graph-facts 6). */
function switchedOn(
  { conditionalAccess }: TenantPolicies,
  user: CoveredUser,
): SessionRules['continuousAccess'] {
  if (!conditionalAccess) return 'maybe';
  const off = conditionalAccess
    .filter(({ state, continuousAccess }) => state === 'Enabled' && continuousAccess === 'disabled')
    .map(policy => userCoverage(policy, user));
  return off.includes('yes') ? 'off' : off.includes('maybe') ? 'maybe' : 'on';
}

/** The shortest of those that cover for sure; one that only may cover shortens nothing. */
function frequencyOf(
  { conditionalAccess }: TenantPolicies,
  user: CoveredUser,
  use: CoveredUse,
): SessionRules['frequency'] {
  const sure = (conditionalAccess ?? []).flatMap(policy =>
    policy.frequency && policy.state === 'Enabled' && coverage(policy, user, use) === 'yes'
      ? [{ ms: policy.frequency.ms, policy: quoted(policy.name) }]
      : [],
  );
  return sure.toSorted((a, b) => a.ms - b.ms)[0] ?? null;
}

export const quoted = (name: string | null): string => (name === null ? '(without a name)' : `"${name}"`);

/** For a sentence: `15 min`, `90 min`, `2 h`, `1 h 30 min` above two hours, `5 days`. */
export function inWords(ms: number): string {
  const minutes = Math.round(ms / minuteMs);
  if (minutes < 120 && minutes !== 60) return `${minutes} min`;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (rest > 0) return `${hours} h ${rest} min`;
  return hours >= 48 && hours % 24 === 0 ? `${hours / 24} days` : `${hours} h`;
}
