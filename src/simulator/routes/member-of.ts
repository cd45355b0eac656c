import { mayReadGroups, mayReadKind, mayReadSelf, userReadLevel } from '../caller.ts';
import { groupEntity, project, roleEntity, selection } from '../entities.ts';
import { denied } from '../graph-error.ts';
import type { SimulatedGroup, SimulatedUser } from '../objects.ts';
import { Random } from '../random.ts';
import { roleTemplates } from '../roles.ts';
import { collection } from './collection.ts';
import { type Call, context, type Realm, type Reply, type Route } from './route.ts';
import { self, userByKey } from './users.ts';

type Holder = { kind: 'group'; group: SimulatedGroup } | { kind: 'directoryRole'; role: DirectoryRole };

interface DirectoryRole {
  id: string;
  displayName: string;
  description: string | null;
  roleTemplateId: string | null;
}

/** A role as it is activated in a tenant: with an id of its own, which is not the template's. */
function directoryRole(displayName: string): DirectoryRole {
  const roleTemplateId = roleTemplates[displayName] ?? null;
  return {
    id: new Random(0, `directory role ${displayName}`).guid(),
    displayName,
    description: null,
    roleTemplateId,
  };
}

function holdersOf(user: SimulatedUser, realm: Realm, transitive: boolean): Holder[] {
  const roles = transitive ? realm.directory.rolesOf(user) : user.roles;
  const groups = transitive ? realm.directory.transitiveGroupsOf(user.id) : realm.directory.groupsOf(user.id);
  return [
    ...roles.map((name): Holder => ({ kind: 'directoryRole', role: directoryRole(name) })),
    ...groups.map((group): Holder => ({ kind: 'group', group })),
  ];
}

/** Roles and groups of a user; those of a type that the caller may not read come as bare ids (graph-facts 4.2). */
function answer(
  call: Call,
  realm: Realm,
  user: SimulatedUser,
  transitive: boolean,
  cast: Holder['kind'] | undefined,
): Reply {
  const own = user.id === call.caller.objectId && mayReadSelf(call.caller);
  if (!own && !mayReadGroups(call.caller) && userReadLevel(call.caller) !== 'all') throw denied();
  const holders = holdersOf(user, realm, transitive).filter(
    holder => cast === undefined || holder.kind === cast,
  );
  const contextUrl = context(
    call,
    cast === undefined ? 'directoryObjects' : cast === 'group' ? 'groups' : 'directoryRoles',
  );
  return collection(call, realm, contextUrl, holders, holder => {
    const type = holder.kind === 'group' ? groupEntity : roleEntity;
    const names = selection(
      type,
      call.query.select?.filter(name => type.properties.has(name.toLowerCase())),
    );
    const object = holder.kind === 'group' ? holder.group : holder.role;
    const readable = mayReadKind(call.caller, holder.kind);
    return {
      ...(cast === undefined && { '@odata.type': `#microsoft.graph.${holder.kind}` }),
      ...(readable ? project(object, names) : { id: object.id }),
    };
  });
}

const casts: [suffix: string, kind: Holder['kind'] | undefined][] = [
  ['', undefined],
  ['/microsoft.graph.group', 'group'],
  ['/microsoft.graph.directoryrole', 'directoryRole'],
];

export const memberOfRoutes: Route[] = [false, true].flatMap(transitive =>
  casts.flatMap(([suffix, cast]): Route[] => {
    const path = `${transitive ? 'transitivememberof' : 'memberof'}${suffix}`;
    return [
      {
        method: 'GET',
        path: `users/{}/${path}`,
        run: (call, realm, [key]) =>
          answer(call, realm, userByKeyOrGroupReader(call, realm, key?.text ?? ''), transitive, cast),
      },
      {
        method: 'GET',
        path: `me/${path}`,
        run: (call, realm) => answer(call, realm, self(call, realm), transitive, cast),
      },
    ];
  }),
);

/** Who reads groups may ask for the groups of anybody, also without reading users. */
function userByKeyOrGroupReader(call: Call, realm: Realm, key: string): SimulatedUser {
  const user = mayReadGroups(call.caller) ? realm.directory.user(key) : undefined;
  return user ?? userByKey(call, realm, key);
}
