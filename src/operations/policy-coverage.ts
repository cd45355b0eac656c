import type { ConditionalAccessPolicy, PolicyUsers } from '../graph/conditional-access.ts';
import type { Memberships } from '../graph/memberships.ts';
import { isOfficeResource } from '../graph/well-known-resources.ts';

/** Whether a policy covers something; `maybe` where that can't be decided before a sign-in, or was not readable. */
export type Coverage = 'yes' | 'no' | 'maybe';

/** A user, as far as it decides who covers them. */
export interface CoveredUser {
  id: string;
  /** Signs in at another tenant. */
  external: boolean;
  /** A guest of the directory; null when not known. */
  guest: boolean | null;
  /** Null when not readable. */
  memberships: Memberships | null;
}

/** What is used, as far as it decides which policies apply. */
export interface CoveredUse {
  appId: string | null;
  resourceId: string | null;
  clientApp: string | null;
}

/** Whether a policy covers this user in this use, whatever its state is. */
export function coverage(policy: ConditionalAccessPolicy, user: CoveredUser, use: CoveredUse): Coverage {
  return all([userCoverage(policy, user), appCoverage(policy, use), clientCoverage(policy, use)]);
}

/** Whether a policy covers this user in anything; conditions on the sign-in are left open. */
export function userCoverage(policy: ConditionalAccessPolicy, user: CoveredUser): Coverage {
  const included = isAmong(policy.include, user);
  const excluded = isAmong(policy.exclude, user);
  const condition: Coverage = policy.conditions.length > 0 ? 'maybe' : 'yes';
  return all([included, not(excluded), condition]);
}

function isAmong(side: PolicyUsers, user: CoveredUser): Coverage {
  return any([
    side.users.includes('all') || side.users.includes(user.id) ? 'yes' : 'no',
    side.users.includes('guestsorexternalusers') ? guestCoverage(user) : 'no',
    side.guestKinds.length > 0 ? kindCoverage(side.guestKinds, user) : 'no',
    shared(side.groups, user.memberships?.groups),
    shared(side.roles, user.memberships?.roles),
  ]);
}

const guestCoverage = ({ external, guest }: CoveredUser): Coverage =>
  external || guest === true ? 'yes' : guest === false ? 'no' : 'maybe';

/** Which kind of external user somebody is, and of which tenant, the directory does not tell for sure. */
function kindCoverage(kinds: readonly string[], user: CoveredUser): Coverage {
  if (user.external || user.guest === null) return 'maybe';
  return user.guest && kinds.includes('internalGuest') ? 'yes' : 'no';
}

function shared(wanted: readonly string[], held: ReadonlySet<string> | null | undefined): Coverage {
  if (wanted.length === 0) return 'no';
  if (!held) return 'maybe';
  return wanted.some(id => held.has(id)) ? 'yes' : 'no';
}

/** Policies are about resources; that a client is named is left open, since only some clients are resources, too. */
function appCoverage({ apps }: ConditionalAccessPolicy, use: CoveredUse): Coverage {
  if (apps.otherwise) return 'maybe';
  return all([isApp(apps.include, use), not(isApp(apps.exclude, use))]);
}

function isApp(ids: readonly string[], { appId, resourceId }: CoveredUse): Coverage {
  if (ids.includes('all')) return 'yes';
  const named = ids.filter(id => id !== 'none');
  if (named.length === 0) return 'no';
  const resource = resourceId?.toLowerCase() ?? null;
  if (resource === null) return 'maybe';
  if (named.includes(resource)) return 'yes';
  const office = named.includes('office365');
  if (office && isOfficeResource(resource)) return 'yes';
  // A bundle such as MicrosoftAdminPortals, or Office 365 with what this table does not know.
  if (named.some(id => !/^[0-9a-f-]{36}$/.test(id))) return 'maybe';
  return named.includes(appId?.toLowerCase() ?? '') ? 'maybe' : 'no';
}

function clientCoverage({ clientAppTypes }: ConditionalAccessPolicy, { clientApp }: CoveredUse): Coverage {
  const types = clientAppTypes.map(type => type.toLowerCase());
  if (types.length === 0 || types.includes('all')) return 'yes';
  const asks = (type: string): Coverage => (types.includes(type) ? 'yes' : 'no');
  switch (clientApp?.toLowerCase()) {
    case undefined:
      return 'maybe';
    case 'browser':
      return asks('browser');
    case 'mobile apps and desktop clients':
      return asks('mobileappsanddesktopclients');
    case 'exchange activesync':
      return any([asks('exchangeactivesync'), asks('other')]);
    default:
      return asks('other');
  }
}

const all = (parts: readonly Coverage[]): Coverage =>
  parts.includes('no') ? 'no' : parts.includes('maybe') ? 'maybe' : 'yes';

const any = (parts: readonly Coverage[]): Coverage =>
  parts.includes('yes') ? 'yes' : parts.includes('maybe') ? 'maybe' : 'no';

const not = (one: Coverage): Coverage => (one === 'yes' ? 'no' : one === 'no' ? 'yes' : 'maybe');
