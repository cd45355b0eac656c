import { userPath } from './directory.ts';
import type { GraphEndpoint } from './endpoint.ts';
import { field, textOf } from './json-fields.ts';
import type { Lane } from './lane.ts';
import { ListFailure, readList } from './pages.ts';

/** Groups and roles of a user, through groups too. */
export interface Memberships {
  /** Object ids of groups. */
  groups: ReadonlySet<string>;
  /** Template ids of directory roles; null when Graph does not tell them. */
  roles: ReadonlySet<string> | null;
}

interface Held {
  id: string;
  type: string;
  template: string | null;
}

/** What a user is a member of; null when that can't be read. */
export async function readMemberships(
  lane: Lane,
  endpoint: GraphEndpoint,
  userId: string,
  signal?: AbortSignal,
): Promise<Memberships | null> {
  const path = `${userPath(userId)}/transitiveMemberOf?$select=id,roleTemplateId&$top=999`;
  try {
    const held = (await readList(lane, endpoint, path, { keep: heldOf, signal })).filter(one => one !== null);
    const groups = held.filter(one => one.type === '#microsoft.graph.group').map(one => one.id);
    const roles = held.filter(one => one.type === '#microsoft.graph.directoryRole').map(one => one.template);
    // Without the permission to read roles Graph returns them as bare ids (graph-facts 4.2).
    const told = roles.filter(template => template !== null);
    return { groups: new Set(groups), roles: told.length === roles.length ? new Set(told) : null };
  } catch (error) {
    if (error instanceof ListFailure) return null;
    throw error;
  }
}

function heldOf(raw: unknown): Held | null {
  const id = textOf(field(raw, 'id'));
  const type = textOf(field(raw, '@odata.type'));
  if (id === null || type === null) return null;
  return {
    id: id.toLowerCase(),
    type,
    template: textOf(field(raw, 'roleTemplateId'))?.toLowerCase() ?? null,
  };
}
