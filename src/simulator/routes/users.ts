import { mayReadSelf, userReadLevel } from '../caller.ts';
import { badRequest, denied, notFound, unsupportedQuery } from '../graph-error.ts';
import type { SimulatedUser } from '../objects.ts';
import { userView } from '../views.ts';
import { collection } from './collection.ts';
import { type Call, contextOf, isEventual, type Realm, type Reply, type Route } from './route.ts';

const list: Route['run'] = (call, realm) => {
  if (userReadLevel(call.caller) === 'none') throw denied();
  const view = userView(call, realm);
  return collection(
    call,
    realm,
    contextOf(call, 'users'),
    realm.finder.users(call.query, isEventual(call)),
    view,
  );
};

const count: Route['run'] = (call, realm) => {
  if (userReadLevel(call.caller) === 'none') throw denied();
  if (!isEventual(call)) throw unsupportedQuery('$count is not currently supported.');
  return { status: 200, body: String(realm.finder.users({ ...call.query, count: true }, true).length) };
};

const get: Route['run'] = (call, realm, [key]) => one(call, realm, userByKey(call, realm, key?.text ?? ''));

const me: Route['run'] = (call, realm) => one(call, realm, self(call, realm));

function one(call: Call, realm: Realm, user: SimulatedUser): Reply {
  const view = userView(call, realm, user.id === call.caller.objectId)(user);
  return { status: 200, body: { '@odata.context': `${contextOf(call, 'users')}/$entity`, ...view } };
}

/** The user a path names, if the caller may read users at all: who may not, learns nothing about who exists. */
export function userByKey(call: Call, realm: Realm, key: string): SimulatedUser {
  const user = realm.directory.user(key);
  const own = user !== undefined && user.id === call.caller.objectId && mayReadSelf(call.caller);
  if (!own && userReadLevel(call.caller) === 'none') throw denied();
  if (!user) throw notFound(key);
  return user;
}

/** The signed-in user; a partner's user is not in the tenant. */
export function self(call: Call, realm: Realm): SimulatedUser {
  const { caller } = call;
  if (caller.appOnly) throw badRequest('/me request is only valid with delegated authentication flow.');
  if (!mayReadSelf(caller)) throw denied();
  const user = realm.directory.user(caller.objectId);
  if (!user) throw notFound(caller.objectId);
  return user;
}

export const userRoutes: Route[] = [
  { method: 'GET', path: 'users', units: () => 2, run: list },
  { method: 'GET', path: 'users/$count', run: count },
  { method: 'GET', path: 'users/{}', run: get },
  { method: 'GET', path: 'me', run: me },
];
