import { mayReadKind, userReadLevel } from './caller.ts';
import type { DirectoryObject } from './directory.ts';
import {
  basicUserProperties,
  contactEntity,
  deviceEntity,
  groupEntity,
  project,
  selection,
  servicePrincipalEntity,
  userEntity,
} from './entities.ts';
import { badRequest, denied } from './graph-error.ts';
import type { SimulatedUser } from './objects.ts';
import type { EntityType } from './odata-match.ts';
import type { Call, Realm } from './routes/route.ts';

type View = Record<string, unknown>;

const entities: Readonly<Record<DirectoryObject['kind'], EntityType>> = {
  user: userEntity,
  group: groupEntity,
  device: deviceEntity,
  orgContact: contactEntity,
  servicePrincipal: servicePrincipalEntity,
};

/**
 * How this call sees users: with what it selected, from the next replica. Refuses a selection that goes beyond
 * User.ReadBasic.All when the caller has no more than that (graph-facts 4.1).
 */
export function userView(call: Call, realm: Realm, own = false): (user: SimulatedUser) => View {
  const names = selection(userEntity, call.query.select);
  const basic = !own && userReadLevel(call.caller) === 'basic';
  const hidden = basic ? names.filter(name => !basicUserProperties.includes(name)) : [];
  if (hidden.length > 0 && call.query.select) throw denied();
  const replica = realm.replicas.next();
  return user => {
    const view = project(user, names);
    for (const name of hidden) view[name] = null;
    if ('signInSessionsValidFromDateTime' in view) {
      view['signInSessionsValidFromDateTime'] = realm.replicas.read(user, replica, call.now);
    }
    return view;
  };
}

/**
 * How this call sees objects of any kind: each says its type, has those of the selected properties that its type has,
 * and is reduced to its id where the caller may not read the type. Graph answers that with 200 (graph-facts 4.2).
 */
export function memberView(call: Call, realm: Realm): (object: DirectoryObject) => View {
  const { select } = call.query;
  const known = (name: string): boolean =>
    Object.values(entities).some(type => type.properties.has(name.toLowerCase()));
  const unknown = select?.find(name => !known(name));
  if (unknown !== undefined) {
    throw badRequest(
      `Parsing OData Select and Expand failed: Could not find a property named '${unknown}' on type 'microsoft.graph.directoryObject'.`,
    );
  }
  const namesFor = (type: EntityType): readonly string[] =>
    selection(
      type,
      select?.filter(name => type.properties.has(name.toLowerCase())),
    );
  const forUsers = select && { ...call, query: { ...call.query, select: [...namesFor(userEntity)] } };
  const viewUser = mayReadKind(call.caller, 'user') ? userView(forUsers ?? call, realm) : undefined;
  return object => {
    const id =
      object.kind === 'user' ? object.user.id : object.kind === 'group' ? object.group.id : object.thing.id;
    const typed = { '@odata.type': `#microsoft.graph.${object.kind}` };
    if (!mayReadKind(call.caller, object.kind)) return { ...typed, id };
    if (object.kind === 'user') return { ...typed, ...viewUser?.(object.user) };
    return {
      ...typed,
      ...project(object.kind === 'group' ? object.group : object.thing, namesFor(entities[object.kind])),
    };
  };
}

/** The type behind a cast like `microsoft.graph.user`. */
export function castKind(text: string): DirectoryObject['kind'] | undefined {
  const name = /^microsoft\.graph\.(\w+)$/i.exec(text)?.[1]?.toLowerCase();
  return (Object.keys(entities) as DirectoryObject['kind'][]).find(kind => kind.toLowerCase() === name);
}
