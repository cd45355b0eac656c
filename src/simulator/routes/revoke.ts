import type { AuditInitiator } from '../audit-log.ts';
import { mayCallRevoke } from '../caller.ts';
import { badRequest, denied, notFound } from '../graph-error.ts';
import type { SimulatedUser } from '../objects.ts';
import { endSessions } from '../revocation.ts';
import { mayRevoke } from '../roles.ts';
import { type Call, context, type Realm, type Reply, type Route } from './route.ts';

const refusal = 'Access to invalidate refresh tokens operation is denied.';

const revokeOther: Route['run'] = (call, realm, keys) => {
  const [key] = keys;
  if (!mayCallRevoke(call.caller)) throw denied(refusal);
  const user = realm.directory.user(key?.text ?? '');
  if (!user) throw notFound(key?.text ?? '');
  return revoke(call, realm, user);
};

const revokeSelf: Route['run'] = (call, realm) => {
  if (call.caller.appOnly) throw badRequest('/me request is only valid with delegated authentication flow.');
  return revokeOther(call, realm, [{ text: call.caller.objectId, quoted: false }]);
};

/** Everybody may end the own sessions; for others the roles decide, unless an application calls (graph-facts 1.7). */
function revoke(call: Call, realm: Realm, user: SimulatedUser): Reply {
  const { caller, now } = call;
  const allowed =
    caller.appOnly ||
    caller.objectId === user.id ||
    mayRevoke(caller.roles, realm.directory.roleTarget(user));
  if (!allowed) throw denied(refusal);
  checkBody(call.body);
  realm.revocations.push({ userId: user.id, at: now, requestId: call.requestId, effective: !user.external });
  endSessions(realm, user, initiatorOf(call, realm), now);
  return {
    status: 200,
    headers: { Location: 'https://graph.microsoft.com' },
    body: { '@odata.context': context(call, 'Edm.Boolean'), value: true },
  };
}

function initiatorOf({ caller }: Call, realm: Realm): AuditInitiator {
  const { objectId: id, appId, appOnly } = caller;
  if (appOnly) return { app: { servicePrincipalId: id, displayName: realm.appName(appId) } };
  return { user: { id, userPrincipalName: realm.directory.user(id)?.userPrincipalName ?? null } };
}

/** The action has no parameters; no body and an empty object are the same, what is no JSON is refused. */
function checkBody(body: string): void {
  if (body.trim() === '') return;
  try {
    JSON.parse(body);
  } catch {
    throw badRequest(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  }
}

const actions: { name: string; betaOnly?: true }[] = [
  { name: 'revokesigninsessions' },
  { name: 'microsoft.graph.revokesigninsessions' },
  { name: 'invalidateallrefreshtokens', betaOnly: true },
  { name: 'microsoft.graph.invalidateallrefreshtokens', betaOnly: true },
];

/** All the ways to write the call (graph-facts 1.1 and 1.2). */
export const revokeRoutes: Route[] = actions.flatMap(({ name, betaOnly }): Route[] => [
  { method: 'POST', path: `users/{}/${name}`, betaOnly, run: revokeOther },
  { method: 'POST', path: `me/${name}`, betaOnly, run: revokeSelf },
]);
