import type { SimulatedGroup, SimulatedThing, SimulatedUser } from './objects.ts';
import type { RoleTarget } from './roles.ts';
import type { World } from './world.ts';

export type DirectoryObject =
  | { kind: 'user'; user: SimulatedUser }
  | { kind: 'group'; group: SimulatedGroup }
  | { kind: 'device' | 'orgContact' | 'servicePrincipal'; thing: SimulatedThing };

const nothing: readonly never[] = [];

/** Finds what the world holds without walking through it: by id, name, address and membership. */
export class Directory {
  readonly #objects = new Map<string, DirectoryObject>();
  readonly #usersByName = new Map<string, SimulatedUser>();
  readonly #usersByAddress = new Map<string, SimulatedUser[]>();
  readonly #groupsOf = new Map<string, SimulatedGroup[]>();
  readonly #transitiveMembers = new Map<string, DirectoryObject[]>();

  constructor(world: World) {
    for (const user of world.users) {
      this.#objects.set(user.id, { kind: 'user', user });
      this.#usersByName.set(user.userPrincipalName.toLowerCase(), user);
      const addresses = [...user.proxyAddresses, ...(user.mail ? [user.mail] : [])];
      for (const address of new Set(addresses.map(text => text.toLowerCase())))
        append(this.#usersByAddress, address, user);
    }
    for (const group of world.groups) this.#objects.set(group.id, { kind: 'group', group });
    for (const thing of world.things) this.#objects.set(thing.id, { kind: thing.kind, thing });
    for (const group of world.groups) for (const id of group.memberIds) append(this.#groupsOf, id, group);
  }

  object(id: string): DirectoryObject | undefined {
    return this.#objects.get(id.toLowerCase());
  }

  /** By object id or UPN, both without regard to case. An alias address is neither. */
  user(idOrName: string): SimulatedUser | undefined {
    const found = this.object(idOrName);
    return found?.kind === 'user' ? found.user : this.#usersByName.get(idOrName.toLowerCase());
  }

  group(id: string): SimulatedGroup | undefined {
    const found = this.object(id);
    return found?.kind === 'group' ? found.group : undefined;
  }

  /** Whoever has the value as mail address, or as entry of proxyAddresses (`smtp:...`). */
  usersWithAddress(value: string): readonly SimulatedUser[] {
    return this.#usersByAddress.get(value.toLowerCase()) ?? nothing;
  }

  members(group: SimulatedGroup): DirectoryObject[] {
    return group.memberIds.map(id => this.object(id)).filter(found => found !== undefined);
  }

  /** Everything below the group, each object once, nested groups included. Groups may hold each other. */
  transitiveMembers(group: SimulatedGroup): DirectoryObject[] {
    const known = this.#transitiveMembers.get(group.id);
    if (known) return known;
    const seen = new Set([group.id]);
    const found: DirectoryObject[] = [];
    const waiting = [group];
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      for (const id of next.memberIds) {
        const member = this.object(id);
        if (!member || seen.has(id)) continue;
        seen.add(id);
        found.push(member);
        if (member.kind === 'group') waiting.push(member.group);
      }
    }
    this.#transitiveMembers.set(group.id, found);
    return found;
  }

  groupsOf(id: string): readonly SimulatedGroup[] {
    return this.#groupsOf.get(id) ?? nothing;
  }

  transitiveGroupsOf(id: string): SimulatedGroup[] {
    const found = new Set<SimulatedGroup>(this.groupsOf(id));
    for (const group of found) for (const above of this.groupsOf(group.id)) found.add(above);
    return [...found];
  }

  /** Own roles, and those of role-assignable groups: such a group passes them to direct members only. */
  rolesOf(user: SimulatedUser): string[] {
    return [...new Set([...user.roles, ...this.groupsOf(user.id).flatMap(group => group.roles)])];
  }

  roleTarget(user: SimulatedUser): RoleTarget {
    const protectedByMembership =
      user.restrictedManagement || this.groupsOf(user.id).some(group => group.isAssignableToRole);
    return { roles: this.rolesOf(user), protectedByMembership };
  }
}

function append<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
