import { type Cast, makeCast } from './cast.ts';
import { makeGroups } from './group-set.ts';
import type { SimulatedGroup, SimulatedThing, SimulatedUser } from './objects.ts';
import { People } from './people.ts';
import type { PersonaName } from './personas.ts';
import { Random } from './random.ts';

/** Everything the simulated tenant holds. */
export interface World {
  readonly tenantId: string;
  readonly domain: string;
  /** In the order in which they are listed: by id, so that nothing can be concluded from it. */
  readonly users: readonly SimulatedUser[];
  /** Were users once; nothing finds them any more. */
  readonly deletedUsers: readonly SimulatedUser[];
  readonly groups: readonly SimulatedGroup[];
  readonly things: readonly SimulatedThing[];
  readonly personas: ReadonlyMap<PersonaName, SimulatedUser>;
}

const domain = 'contoso.example';

/** How fifty ordinary people are spread; the cast has some of each department already. */
const departments = Object.entries({
  Engineering: 12,
  Students: 14,
  Support: 6,
  Finance: 5,
  Operations: 4,
  Marketing: 3,
  HR: 2,
  Legal: 2,
  Sales: 1,
  Contractors: 1,
}).flatMap(([name, share]) => Array.from({ length: share }, () => name));

/**
 * Makes the same tenant from the same seed and size, down to the ids. Only the times are relative to `startedAt`, so
 * that nothing in the directory lies in the future of a handed-in clock.
 */
export function makeWorld(seed: number, size: number, startedAt: number): World {
  const random = new Random(seed, 'world');
  const tenantId = random.guid();
  const people = new People(random, domain, startedAt);
  const cast: Cast = makeCast(people, domain);
  const users = [...cast.users];
  while (users.length < size) {
    const position = users.length - cast.users.length;
    const department = departments[(position * 7) % departments.length] ?? 'Operations';
    const chance = random.below(100);
    users.push(people.make({ department, enabled: chance >= 4, ...(chance > 96 && { mail: null }) }));
  }
  const { groups, things } = makeGroups(random, domain, startedAt, cast, users);
  users.sort((a, b) => (a.id < b.id ? -1 : 1));
  return { tenantId, domain, users, deletedUsers: cast.deleted, groups, things, personas: cast.personas };
}
