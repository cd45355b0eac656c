import { field, listOf, textOf, textsOf } from './json-fields.ts';
import { longestName, shortened } from './shortened.ts';

/** Whom a policy includes, or whom it excludes; ids are in lower case. */
export interface PolicyUsers {
  /** Object ids, or `all`, `none`, `guestsorexternalusers`. */
  users: string[];
  groups: string[];
  /** Template ids of roles. */
  roles: string[];
  /** Kinds of guests and external users, as `internalGuest`. */
  guestKinds: string[];
}

/** How often somebody has to sign in anew. */
export interface SignInFrequency {
  /** Milliseconds; of every time the five minutes that Microsoft allows for clocks (graph-facts 6). */
  ms: number;
  everyTime: boolean;
  /** Only the second factor is asked for anew. */
  secondFactorOnly: boolean;
}

export type PolicyState = 'Enabled' | 'Disabled' | 'ReportOnly';

/** A policy of Conditional Access, as far as it makes sessions longer or shorter. */
export interface ConditionalAccessPolicy {
  id: string;
  name: string | null;
  state: PolicyState;
  include: PolicyUsers;
  exclude: PolicyUsers;
  apps: {
    /** App ids, or `all`, `none`, `office365`, ... */
    include: string[];
    exclude: string[];
    /** It is about something else than apps: user actions, authentication contexts, a filter. */
    otherwise: boolean;
  };
  /** `all`, or browser, mobileAppsAndDesktopClients, exchangeActiveSync, other. */
  clientAppTypes: string[];
  /** Conditions that only a sign-in decides, in words. */
  conditions: string[];
  frequency: SignInFrequency | null;
  persistentBrowser: 'always' | 'never' | null;
  /** As Graph has it: disabled, strictEnforcement, strictLocation. */
  continuousAccess: string | null;
}

/** Reads a policy; null for what is none. */
export function conditionalAccessOf(raw: unknown): ConditionalAccessPolicy | null {
  const id = textOf(field(raw, 'id'));
  if (id === null) return null;
  const name = textOf(field(raw, 'displayName'));
  const conditions = field(raw, 'conditions');
  const users = field(conditions, 'users');
  const apps = field(conditions, 'applications');
  const controls = field(raw, 'sessionControls');
  const persistent = field(controls, 'persistentBrowser');
  const mode = textOf(field(persistent, 'mode'));
  return {
    id,
    name: name && shortened(name, longestName),
    state: states[textOf(field(raw, 'state')) ?? ''] ?? 'Disabled',
    include: usersOf(users, 'include'),
    exclude: usersOf(users, 'exclude'),
    apps: {
      include: idsOf(apps, 'includeApplications'),
      exclude: idsOf(apps, 'excludeApplications'),
      otherwise:
        idsOf(apps, 'includeUserActions').length > 0 ||
        listOf(field(apps, 'includeAuthenticationContextClassReferences')).length > 0 ||
        isSet(field(apps, 'applicationFilter')),
    },
    clientAppTypes: textsOf(field(conditions, 'clientAppTypes')),
    conditions: conditionsOf(conditions),
    frequency: frequencyOf(field(controls, 'signInFrequency')),
    persistentBrowser:
      field(persistent, 'isEnabled') === true && (mode === 'always' || mode === 'never') ? mode : null,
    continuousAccess: textOf(field(field(controls, 'continuousAccessEvaluation'), 'mode')),
  };
}

const states: Readonly<Record<string, PolicyState>> = {
  enabled: 'Enabled',
  disabled: 'Disabled',
  enabledForReportingButNotEnforced: 'ReportOnly',
};

const idsOf = (of: unknown, name: string): string[] => textsOf(field(of, name)).map(id => id.toLowerCase());

function usersOf(users: unknown, side: 'include' | 'exclude'): PolicyUsers {
  const kinds = textOf(field(field(users, `${side}GuestsOrExternalUsers`), 'guestOrExternalUserTypes'));
  return {
    users: idsOf(users, `${side}Users`),
    groups: idsOf(users, `${side}Groups`),
    roles: idsOf(users, `${side}Roles`),
    guestKinds: kinds?.split(',').map(kind => kind.trim()) ?? [],
  };
}

/** Conditions that hold for every sign-in or for none, whatever else is known of it. */
const decided = ['users', 'applications', 'clientAppTypes'];

const words: Readonly<Record<string, string>> = {
  locations: 'location',
  platforms: 'platform',
  devices: 'device',
  deviceStates: 'device state',
  userRiskLevels: 'user risk',
  signInRiskLevels: 'sign-in risk',
  servicePrincipalRiskLevels: 'service principal risk',
  insiderRiskLevels: 'insider risk',
  authenticationFlows: 'authentication flow',
  clientApplications: 'client application',
};

/** A condition that nobody here knows yet counts as one that only a sign-in decides. */
function conditionsOf(conditions: unknown): string[] {
  if (typeof conditions !== 'object' || conditions === null) return [];
  return Object.entries(conditions)
    .filter(
      ([name, value]) => !name.startsWith('@') && !decided.includes(name) && isSet(value) && !isForAll(value),
    )
    .map(([name]) => words[name] ?? shortened(name, 40));
}

const isSet = (value: unknown): boolean =>
  value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);

/** Includes all and excludes nothing, as `{includePlatforms: ['all'], excludePlatforms: []}`. */
function isForAll(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([name, list]) =>
    /^include/.test(name) ? textsOf(list).some(one => one.toLowerCase() === 'all') : !isSet(list),
  );
}

const hourMs = 3_600_000;

function frequencyOf(raw: unknown): SignInFrequency | null {
  if (field(raw, 'isEnabled') !== true) return null;
  const secondFactorOnly = field(raw, 'authenticationType') === 'secondaryAuthentication';
  if (field(raw, 'frequencyInterval') === 'everyTime')
    return { ms: 5 * 60_000, everyTime: true, secondFactorOnly };
  const value = field(raw, 'value');
  const unit = field(raw, 'type');
  if (typeof value !== 'number' || !(value > 0) || (unit !== 'hours' && unit !== 'days')) return null;
  return { ms: value * (unit === 'days' ? 24 * hourMs : hourMs), everyTime: false, secondFactorOnly };
}
