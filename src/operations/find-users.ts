import type { TokenClaims } from '../auth/access-token.ts';
import type { GraphEndpoint } from '../graph/endpoint.ts';
import type { Group, Groups } from '../graph/groups.ts';
import type { Lane } from '../graph/lane.ts';
import { isGuid } from '../graph/guid.ts';
import { ListFailure, readList } from '../graph/pages.ts';
import { isPermitted } from '../graph/permissions.ts';
import { longestName, shortened } from '../graph/shortened.ts';
import { RequestError } from '../protocol/errors.ts';
import type { UserSource } from '../protocol/messages.ts';
import type { ObjectReference } from '../protocol/reference.ts';
import { missingSentence } from './preflight.ts';

/** What finding users stands on. */
export interface Finding {
  lane: Lane;
  endpoint: GraphEndpoint;
  groups: Groups;
  caller: TokenClaims;
  log: (message: string) => void;
}

/** A source that the directory is asked for. */
export type DirectorySource = Exclude<UserSource, { kind: 'record' }>;

/** Who is in a source: users, and what else a group has, each ready to be revoked by its id. */
export interface Found {
  references: ObjectReference[];
  /** How many of them are users. */
  users: number;
}

/**
 * Reads a source to its end.
 * @throws RequestError InvalidSource or SourceUnreadable, with Graph's own words
 */
export async function findUsers(
  source: DirectorySource,
  finding: Finding,
  signal?: AbortSignal,
): Promise<Found> {
  switch (source.kind) {
    case 'me':
      return me(finding.caller);
    case 'group':
      return groupMembers(source.group, source.transitive ?? false, finding, signal);
    case 'filter':
      return filtered(source.filter, finding, signal);
    case 'allUsers':
      return usersOf(await list(usersPath(), {}, finding, signal));
  }
}

/** The token's own object id, and never Graph's `/me`: a partner's person has no user in the customer's tenant. */
function me(caller: TokenClaims): Found {
  if (caller.authType !== 'Delegated' || caller.objectId === null) {
    throw new RequestError(
      'InvalidSource',
      'You are not signed in as a person, so there is no "me": this sign-in is an app or does not say whose it is. Name the user.',
    );
  }
  const properties = {
    id: caller.objectId,
    userPrincipalName: caller.account,
    '@odata.type': '#microsoft.graph.user',
  };
  return { references: [{ properties }], users: 1 };
}

const usersPath = (query = ''): string => `/users?${query}$select=id,userPrincipalName,displayName&$top=999`;

async function filtered(filter: string, finding: Finding, signal?: AbortSignal): Promise<Found> {
  // Graph takes an empty filter for no filter: it would mean everybody.
  if (filter.trim() === '') {
    throw new RequestError(
      'InvalidSource',
      'The filter is blank, which would mean everybody. Say all users if all are meant.',
    );
  }
  const query = `$filter=${encodeURIComponent(filter)}&`;
  try {
    const options = { keep: userOf, signal };
    return usersOf(await readList(finding.lane, finding.endpoint, usersPath(query), options));
  } catch (error) {
    if (!(error instanceof ListFailure)) throw error;
    if (error.code !== 'Request_UnsupportedQuery') throw unreadable(error, 'FindUsers', finding.caller);
  }
  finding.log(
    'This filter needs the advanced index of Graph, which may lag behind the directory by a little.',
  );
  return usersOf(
    await list(usersPath(`$count=true&${query}`), { ConsistencyLevel: 'eventual' }, finding, signal),
  );
}

async function groupMembers(
  idOrName: string,
  transitive: boolean,
  finding: Finding,
  signal?: AbortSignal,
): Promise<Found> {
  const refused = (error: unknown) =>
    error instanceof ListFailure ? unreadable(error, 'FindGroups', finding.caller) : error;
  const group = await oneGroup(idOrName, finding, signal).catch(error => {
    throw refused(error);
  });
  let members: Awaited<ReturnType<Groups['members']>>;
  try {
    members = await finding.groups.members(group, transitive, signal);
  } catch (error) {
    throw refused(error);
  }
  const references = members.map(({ id, type, userPrincipalName, displayName }) => ({
    properties: { id, '@odata.type': type, userPrincipalName, displayName },
  }));
  return { references, users: members.filter(m => m.type === '#microsoft.graph.user').length };
}

/**
 * The one group that is meant.
 * @throws RequestError InvalidSource when it is none or several, or when its members are hidden from this sign-in
 * @throws ListFailure
 */
export async function oneGroup(
  idOrName: string,
  finding: Pick<Finding, 'groups' | 'caller'>,
  signal?: AbortSignal,
): Promise<Group> {
  if (idOrName.trim() === '') throw new RequestError('InvalidSource', 'The name of the group is blank.');
  const [group, ...others] = await finding.groups.find(idOrName, signal);
  if (!group) {
    throw new RequestError(
      'InvalidSource',
      `There is no group "${idOrName}" in this tenant. Give its object id or its exact display name.`,
    );
  }
  if (others.length > 0) {
    const ids = [group, ...others].map(g => g.id).join(', ');
    throw new RequestError(
      'InvalidSource',
      `${others.length + 1} groups are called "${idOrName}". Give the object id of the one you mean: ${ids}.`,
    );
  }
  const { authType, permissions } = finding.caller;
  if (group.hidden && authType !== 'Unknown' && !permissions.includes('Member.Read.Hidden')) {
    throw new RequestError(
      'InvalidSource',
      `The members of "${group.displayName ?? group.id}" are hidden, and this sign-in lacks Member.Read.Hidden: the list would look empty.`,
    );
  }
  return group;
}

async function list(
  path: string,
  headers: Record<string, string>,
  finding: Finding,
  signal?: AbortSignal,
): Promise<ObjectReference[]> {
  try {
    return await readList(finding.lane, finding.endpoint, path, { keep: userOf, headers, signal });
  } catch (error) {
    throw error instanceof ListFailure ? unreadable(error, 'FindUsers', finding.caller) : error;
  }
}

function unreadable(
  failure: ListFailure,
  feature?: 'FindUsers' | 'FindGroups',
  caller?: TokenClaims,
): RequestError {
  const code = failure.status === 401 ? 'NotSignedIn' : 'SourceUnreadable';
  const missing =
    failure.status === 403 && feature && caller && !isPermitted(feature, caller.permissions)
      ? ` ${missingSentence(feature, caller)}`
      : '';
  return new RequestError(
    code,
    `Graph does not give these users: ${failure.message}. Nobody was revoked.${missing}`,
  );
}

function userOf(raw: unknown): ObjectReference {
  const { id, userPrincipalName, displayName } = (raw ?? {}) as Record<string, unknown>;
  if (!isGuid(id))
    throw new RequestError('SourceUnreadable', 'Graph gave a user without an id. Nobody was revoked.');
  const text = (value: unknown) => (typeof value === 'string' ? shortened(value, longestName) : null);
  return { properties: { id, userPrincipalName: text(userPrincipalName), displayName: text(displayName) } };
}

function usersOf(list: readonly ObjectReference[]): Found {
  // A list that was begun anew, or that changed while it was read, may name somebody twice.
  const byId = new Map(list.map(one => [one.properties['id']?.toLowerCase(), one]));
  return { references: [...byId.values()], users: byId.size };
}
