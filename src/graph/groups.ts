import type { GraphEndpoint } from './endpoint.ts';
import { isGuid } from './guid.ts';
import type { Lane } from './lane.ts';
import { ListFailure, readList } from './pages.ts';
import { longestName, shortened } from './shortened.ts';

export interface Group {
  id: string;
  displayName: string | null;
  /** True for `HiddenMembership`: without Member.Read.Hidden its members are not shown, and the list may look empty. */
  hidden: boolean;
}

/** A member of a group, of whatever kind. */
export interface Member {
  id: string;
  /** As `#microsoft.graph.user`. */
  type: string;
  userPrincipalName: string | null;
  displayName: string | null;
}

const select = '$select=id,displayName,visibility';

/** Reads groups and who is in them. */
export class Groups {
  readonly #lane: Lane;
  readonly #endpoint: GraphEndpoint;

  constructor(lane: Lane, endpoint: GraphEndpoint) {
    this.#lane = lane;
    this.#endpoint = endpoint;
  }

  /**
   * The groups that an object id or an exact display name (whatever its case) may mean; several when a name is not unique.
   * @throws ListFailure
   */
  async find(idOrName: string, signal?: AbortSignal): Promise<Group[]> {
    const text = idOrName.trim();
    // An id goes through the same filter, so that one way of reading serves both.
    const property = isGuid(text) ? 'id' : 'displayName';
    const filter = encodeURIComponent(`${property} eq '${text.replace(/'/g, "''")}'`);
    const list = await this.#list(`/groups?$filter=${filter}&${select}`, raw => raw, signal);
    return list.map(raw => groupOf(raw, property, text));
  }

  /**
   * Everybody and everything in a group; `transitive` goes through the groups in it, which are then left out themselves.
   * Without Graph's advanced index, which lags: whoever is missing from it would stay signed in.
   * @throws ListFailure also when the kind of a member can't be read: never half a group
   */
  async members(group: Group, transitive: boolean, signal?: AbortSignal): Promise<Member[]> {
    const relation = transitive ? 'transitiveMembers' : 'members';
    const members = await this.#list(
      `/groups/${group.id}/${relation}?$select=id,userPrincipalName,displayName&$top=999`,
      memberOf,
      signal,
    );
    return transitive ? members.filter(m => m.type !== '#microsoft.graph.group') : members;
  }

  #list<T>(path: string, keep: (raw: unknown) => T, signal?: AbortSignal): Promise<T[]> {
    return readList(this.#lane, this.#endpoint, path, { keep, signal });
  }
}

/** @throws ListFailure for a group that was not asked for: its members would be the wrong people */
function groupOf(raw: unknown, property: 'id' | 'displayName', asked: string): Group {
  const { id, displayName, visibility, [property]: named } = (raw ?? {}) as Record<string, unknown>;
  if (!isGuid(id) || typeof named !== 'string' || comparable(named) !== comparable(asked)) {
    throw new ListFailure(`the answer has a group that was not asked for`);
  }
  return { id, displayName: textOf(displayName), hidden: visibility === 'HiddenMembership' };
}

const comparable = (name: string): string => name.normalize().trim().toLowerCase();

function memberOf(raw: unknown): Member {
  const { id, userPrincipalName, displayName, '@odata.type': type } = (raw ?? {}) as Record<string, unknown>;
  if (!isGuid(id) || typeof type !== 'string') {
    throw new ListFailure(
      'of some members Graph does not tell what they are; add the permission User.Read.All or Directory.Read.All',
    );
  }
  return {
    id: id.toLowerCase(),
    type: shortened(type, longestName),
    userPrincipalName: textOf(userPrincipalName),
    displayName: textOf(displayName),
  };
}

const textOf = (value: unknown): string | null =>
  typeof value === 'string' ? shortened(value, longestName) : null;
