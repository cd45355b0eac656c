import type { Directory } from '../directory.ts';
import type { SimulatedUser } from '../objects.ts';
import { templateId } from '../roles.ts';
import type { ConditionalAccessPolicy, PolicyConditions, PolicyGuests } from './conditional-access-policy.ts';

/** What a policy looks at when somebody asks for a token. */
export interface Circumstances {
  readonly user: SimulatedUser;
  readonly resource: { readonly id: string; readonly office: boolean };
  /** As `clientAppTypes` names it. */
  readonly clientType: 'browser' | 'mobileAppsAndDesktopClients' | 'other';
  readonly platform: string;
  readonly trustedPlace: boolean;
  readonly compliant: boolean;
  readonly risk: string;
}

/** Resources that stand behind the portals of administrators. */
const adminPortals = ['797f4846-ba00-4fd7-ba43-dac1f8f63013'];

/** Decides for whom a policy of Conditional Access is, as Entra does: what is excluded is out, whatever includes it. */
export class Coverage {
  readonly #directory: Directory;
  readonly #memberships = new Map<string, { groups: ReadonlySet<string>; roles: ReadonlySet<string> }>();

  constructor(directory: Directory) {
    this.#directory = directory;
  }

  covers({ conditions }: ConditionalAccessPolicy, now: Circumstances): boolean {
    return (
      this.#coversUser(conditions, now.user) &&
      coversApplication(conditions, now.resource) &&
      (conditions.clientAppTypes.includes('all') || conditions.clientAppTypes.includes(now.clientType)) &&
      coversSurroundings(conditions, now) &&
      atRisk(conditions.signInRiskLevels, now.risk) &&
      atRisk(conditions.userRiskLevels, now.risk)
    );
  }

  #coversUser({ users }: PolicyConditions, user: SimulatedUser): boolean {
    const { groups, roles } = this.#membershipsOf(user);
    const named = (
      ids: readonly string[],
      theGroups: readonly string[],
      theRoles: readonly string[],
    ): boolean =>
      ids.some(
        id =>
          id === 'All' || id === user.id || (id === 'GuestsOrExternalUsers' && guestType(user) !== undefined),
      ) ||
      theGroups.some(id => groups.has(id)) ||
      theRoles.some(id => roles.has(id));
    const included =
      named(users.includeUsers, users.includeGroups, users.includeRoles) ||
      isGuest(users.includeGuestsOrExternalUsers, user);
    return (
      included &&
      !named(users.excludeUsers, users.excludeGroups, users.excludeRoles) &&
      !isGuest(users.excludeGuestsOrExternalUsers, user)
    );
  }

  #membershipsOf(user: SimulatedUser): { groups: ReadonlySet<string>; roles: ReadonlySet<string> } {
    const known = this.#memberships.get(user.id);
    if (known) return known;
    const groups = new Set(this.#directory.transitiveGroupsOf(user.id).map(group => group.id));
    const roles = new Set(this.#directory.rolesOf(user).map(templateId));
    const memberships = { groups, roles };
    this.#memberships.set(user.id, memberships);
    return memberships;
  }
}

function guestType(user: SimulatedUser): string | undefined {
  if (user.external) return user.userType === 'Guest' ? 'b2bCollaborationGuest' : 'b2bCollaborationMember';
  return user.userType === 'Guest' ? 'internalGuest' : undefined;
}

function isGuest(guests: PolicyGuests | null, user: SimulatedUser): boolean {
  const type = guestType(user);
  return type !== undefined && (guests?.guestOrExternalUserTypes.split(',').includes(type) ?? false);
}

/** Policies look at the resource that is asked for, not at the client (Microsoft, "Targeting resources"). */
function coversApplication({ applications }: PolicyConditions, resource: Circumstances['resource']): boolean {
  const named = (ids: readonly string[]): boolean =>
    ids.some(
      id =>
        id === 'All' ||
        id === resource.id ||
        (id === 'Office365' && resource.office) ||
        (id === 'MicrosoftAdminPortals' && adminPortals.includes(resource.id)),
    );
  return named(applications.includeApplications) && !named(applications.excludeApplications);
}

function coversSurroundings(
  { platforms, locations, devices }: PolicyConditions,
  now: Circumstances,
): boolean {
  const platformNamed = (names: readonly string[]): boolean =>
    names.includes('all') || names.includes(now.platform);
  const placeNamed = (names: readonly string[]): boolean =>
    names.includes('All') || (names.includes('AllTrusted') && now.trustedPlace);
  const filter = devices?.deviceFilter;
  return (
    (!platforms ||
      (platformNamed(platforms.includePlatforms) && !platformNamed(platforms.excludePlatforms))) &&
    (!locations || (placeNamed(locations.includeLocations) && !placeNamed(locations.excludeLocations))) &&
    (!filter || meetsRule(filter.rule, now) === (filter.mode === 'include'))
  );
}

/** Of the language of device filters this tenant understands the commonest rule; no device meets another one. */
const meetsRule = (rule: string, { compliant }: Circumstances): boolean =>
  /^device\.isCompliant -eq True$/i.test(rule.trim()) && compliant;

const atRisk = (levels: readonly string[], risk: string): boolean =>
  levels.length === 0 || levels.includes(risk);
