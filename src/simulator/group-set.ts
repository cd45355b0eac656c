import type { Cast } from './cast.ts';
import type { SimulatedGroup, SimulatedThing, SimulatedUser } from './objects.ts';
import type { Random } from './random.ts';

type GroupDraft = Partial<SimulatedGroup> & { displayName: string };

/** The groups of every simulated tenant, and the devices, contacts and service principals in them. */
export function makeGroups(
  random: Random,
  domain: string,
  startedAt: number,
  cast: Cast,
  users: readonly SimulatedUser[],
): { groups: SimulatedGroup[]; things: SimulatedThing[] } {
  const createdDateTime = new Date(Math.floor(startedAt / 1000) * 1000 - 400 * 86_400_000)
    .toISOString()
    .replace('.000Z', 'Z');
  const groups: SimulatedGroup[] = [];
  const things: SimulatedThing[] = [];

  const add = (draft: GroupDraft): SimulatedGroup => {
    const nickname = `${draft.displayName.toLowerCase().replace(/[^a-z0-9]+/g, '')}${groups.length}`;
    const group: SimulatedGroup = {
      id: random.guid(),
      description: null,
      mailEnabled: false,
      mail: draft.mailEnabled ? `${nickname}@${domain}` : null,
      mailNickname: nickname,
      securityEnabled: true,
      groupTypes: [],
      visibility: null,
      isAssignableToRole: null,
      membershipRule: null,
      createdDateTime,
      memberIds: [],
      roles: [],
      ...draft,
    };
    groups.push(group);
    return group;
  };
  const thing = <T extends SimulatedThing>(made: T): T => {
    things.push(made);
    return made;
  };
  const device = (displayName: string): SimulatedThing =>
    thing({ kind: 'device', id: random.guid(), displayName });
  const ids = (members: readonly { readonly id: string }[]): string[] => members.map(member => member.id);
  const inDepartment = (name: string): SimulatedUser[] => users.filter(user => user.department === name);

  const [firstGuest, secondGuest, thirdGuest] = cast.guests;
  const engineers = inDepartment('Engineering').filter(user => !user.external);
  const ordinarySales = cast.sales.filter(user => user.roles.length === 0 && !user.external);
  const contact = thing({
    kind: 'orgContact',
    id: random.guid(),
    displayName: 'Auditor (Woodgrove)',
    mail: 'auditor@woodgrove.example',
  });
  const robot = thing({
    kind: 'servicePrincipal',
    id: random.guid(),
    displayName: 'falcon-build-agent',
    appId: random.guid(),
  });

  const vendors = add({
    displayName: 'Project Falcon Vendors',
    memberIds: ids([secondGuest, cast.contractors[2]].filter(present)),
  });
  const testers = add({
    displayName: 'Project Falcon Testers',
    memberIds: [
      ...ids(engineers.slice(0, 1)),
      ...ids(ordinarySales.slice(0, 2)),
      ...ids(cast.contractors.slice(3, 5)),
      vendors.id,
    ],
  });
  add({
    displayName: 'Project Falcon',
    description: 'Everything that a group can hold',
    mailEnabled: true,
    groupTypes: ['Unified'],
    visibility: 'Private',
    memberIds: [
      ...ids(engineers.slice(0, 6)),
      ...ids([firstGuest].filter(present)),
      device('DESKTOP-FALCON1').id,
      testers.id,
      contact.id,
      robot.id,
      ...ids(cast.sales.filter(user => user.roles.length > 0)),
      ...ids(cast.contractors.slice(0, 2)),
    ],
  });
  add({
    displayName: 'Contractors',
    memberIds: [...ids(cast.contractors), ...ids([thirdGuest].filter(present))],
  });
  add({
    displayName: 'Leavers',
    memberIds: [...ids(cast.leavers), device('LAPTOP-RETURNED7').id, ...ids([secondGuest].filter(present))],
  });
  add({ displayName: 'Break Glass', memberIds: ids(cast.breakGlass) });
  add({ displayName: 'Sales Team', memberIds: ids(inDepartment('Sales')) });
  add({
    displayName: 'Sales Team',
    description: 'Left over from a merger',
    memberIds: ids(ordinarySales.slice(0, 1)),
  });
  add({ displayName: 'Nobody Here', memberIds: [] });
  add({
    displayName: 'Wellbeing Circle',
    visibility: 'HiddenMembership',
    memberIds: ids(ordinarySales.slice(1, 4)),
  });
  add({
    displayName: 'Tier 0 Operators',
    isAssignableToRole: true,
    roles: ['Intune Administrator'],
    memberIds: ids(cast.tierZero),
  });
  add({ displayName: 'Students', memberIds: ids(inDepartment('Students')) });
  add({
    displayName: 'Everyone',
    groupTypes: ['DynamicMembership'],
    membershipRule: 'user.objectId -ne null',
    memberIds: ids(users),
  });
  add({ displayName: "R&D #1, 100% O'Hare", memberIds: ids(engineers.slice(2, 5)) });
  return { groups, things };
}

const present = <T>(value: T | undefined): value is T => value !== undefined;
