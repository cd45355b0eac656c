import { mayReadGroups, mayReadHiddenMembers } from '../caller.ts';
import type { DirectoryObject } from '../directory.ts';
import { groupEntity, project, selection, userEntity } from '../entities.ts';
import { checkedFilter } from '../finder.ts';
import { denied, invalidIdentifier, noSuchSegment, notFound, unsupportedQuery } from '../graph-error.ts';
import type { SimulatedGroup } from '../objects.ts';
import { matches } from '../odata-match.ts';
import { searchTest } from '../odata-search.ts';
import { castKind, memberView } from '../views.ts';
import { collection } from './collection.ts';
import { type Call, context, contextOf, isEventual, type Realm, type Reply, type Route } from './route.ts';

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function found(call: Call, realm: Realm): readonly SimulatedGroup[] {
  if (!mayReadGroups(call.caller)) throw denied();
  const filter = checkedFilter(call.query, groupEntity, isEventual(call));
  const { search } = call.query;
  const searched = search === undefined ? undefined : searchTest(search, groupEntity);
  return realm.world.groups.filter(
    group => (!filter || matches(filter, groupEntity, group)) && (!searched || searched(group)),
  );
}

const list: Route['run'] = (call, realm) => {
  const names = selection(groupEntity, call.query.select);
  return collection(call, realm, contextOf(call, 'groups'), found(call, realm), group =>
    project(group, names),
  );
};

const count: Route['run'] = (call, realm) => {
  if (!isEventual(call)) throw unsupportedQuery('$count is not currently supported.');
  return {
    status: 200,
    body: String(found({ ...call, query: { ...call.query, count: true } }, realm).length),
  };
};

const get: Route['run'] = (call, realm, [key]) => {
  const group = groupByKey(call, realm, key?.text ?? '');
  const names = selection(groupEntity, call.query.select);
  return {
    status: 200,
    body: { '@odata.context': `${contextOf(call, 'groups')}/$entity`, ...project(group, names) },
  };
};

function groupByKey(call: Call, realm: Realm, id: string): SimulatedGroup {
  if (!mayReadGroups(call.caller)) throw denied();
  if (!guid.test(id)) throw invalidIdentifier(id);
  const group = realm.directory.group(id);
  if (!group) throw notFound(id);
  return group;
}

/** Who is in the group; v1.0 leaves service principals out of direct members (graph-facts 4.2). */
function membersOf(call: Call, realm: Realm, id: string, transitive: boolean): DirectoryObject[] {
  const group = groupByKey(call, realm, id);
  if (group.visibility === 'HiddenMembership' && !mayReadHiddenMembers(call.caller)) throw denied();
  if (transitive) return realm.directory.transitiveMembers(group);
  const members = realm.directory.members(group);
  return call.version === 'v1.0' ? members.filter(member => member.kind !== 'servicePrincipal') : members;
}

function listMembers(call: Call, realm: Realm, id: string, transitive: boolean): Reply {
  if (call.query.count && !isEventual(call)) throw unsupportedQuery('Unsupported Query.');
  if (call.query.filter !== undefined || call.query.search !== undefined) {
    throw unsupportedQuery('Unsupported Query.');
  }
  const members = membersOf(call, realm, id, transitive);
  return collection(call, realm, context(call, 'directoryObjects'), members, memberView(call, realm));
}

function listCast(call: Call, realm: Realm, id: string, cast: string, transitive: boolean): Reply {
  const kind = castKind(cast);
  if (!kind) throw noSuchSegment(cast);
  if (!isEventual(call) || !call.query.count) throw unsupportedQuery('Unsupported Query.');
  const filter = checkedFilter(call.query, userEntity, true);
  const searched = call.query.search === undefined ? undefined : searchTest(call.query.search, userEntity);
  const members = membersOf(call, realm, id, transitive).filter(member => {
    if (member.kind !== kind) return false;
    if (member.kind !== 'user') return true;
    return (!filter || matches(filter, userEntity, member.user)) && (!searched || searched(member.user));
  });
  const view = memberView(call, realm);
  return collection(call, realm, contextOf(call, `${kind}s`), members, member => {
    const properties = view(member);
    // A list of one type does not repeat it.
    delete properties['@odata.type'];
    return properties;
  });
}

function countMembers(
  call: Call,
  realm: Realm,
  id: string,
  cast: string | undefined,
  transitive: boolean,
): Reply {
  if (!isEventual(call)) throw unsupportedQuery('$count is not currently supported.');
  const kind = cast === undefined ? undefined : castKind(cast);
  if (cast !== undefined && !kind) throw noSuchSegment(cast);
  const members = membersOf(call, realm, id, transitive);
  return { status: 200, body: String(members.filter(member => !kind || member.kind === kind).length) };
}

const text = (keys: readonly { text: string }[], index: number): string => keys[index]?.text ?? '';

const memberRoutes = [false, true].flatMap((transitive): Route[] => {
  const path = `groups/{}/${transitive ? 'transitivemembers' : 'members'}`;
  const units = (): number => (transitive ? 5 : 3);
  return [
    {
      method: 'GET',
      path,
      units,
      run: (call, realm, keys) => listMembers(call, realm, text(keys, 0), transitive),
    },
    {
      method: 'GET',
      path: `${path}/$count`,
      units,
      run: (call, realm, keys) => countMembers(call, realm, text(keys, 0), undefined, transitive),
    },
    {
      method: 'GET',
      path: `${path}/{}`,
      units,
      run: (call, realm, keys) => listCast(call, realm, text(keys, 0), text(keys, 1), transitive),
    },
    {
      method: 'GET',
      path: `${path}/{}/$count`,
      units,
      run: (call, realm, keys) => countMembers(call, realm, text(keys, 0), text(keys, 1), transitive),
    },
  ];
});

export const groupRoutes: Route[] = [
  { method: 'GET', path: 'groups', run: list },
  { method: 'GET', path: 'groups/$count', run: count },
  { method: 'GET', path: 'groups/{}', run: get },
  ...memberRoutes,
];
