import type { ManagedIdentity } from './app-registration.ts';
import { describe, EntraError } from './entra-error.ts';
import { managedIdentityToken } from './issued-tokens.ts';
import type { LoginAnswer, LoginCall, LoginRealm } from './login-call.ts';
import { checkResource } from './requested-scopes.ts';
import type { Recorder } from './sign-in-record.ts';

/*
 * Sources: Microsoft, "How to use managed identities for App Service" (REST endpoint reference) and "How to use managed
 * identities on an Azure VM to acquire an access token" (error handling). Its own wording stands where they give none.
 */

/** What App Service offers its processes at `IDENTITY_ENDPOINT`. */
export function appServiceIdentity(call: LoginCall, realm: LoginRealm, record: Recorder): LoginAnswer {
  const refuse = (status: number, message: string): LoginAnswer => ({
    status,
    body: { statusCode: status, message, correlationId: realm.random.guid() },
  });
  if (call.headers['x-identity-header'] !== realm.apps.identityHeader)
    return refuse(401, 'The header X-IDENTITY-HEADER is missing or wrong.');
  const version = call.query.get('api-version') ?? '';
  if (version !== '2019-08-01') return refuse(400, `The api-version '${version}' is not supported.`);
  const resource = call.query.get('resource');
  if (!resource) return refuse(400, "The parameter 'resource' is missing.");
  try {
    const { identity, token, lifetimeSeconds } = acquire(call, realm, record, resource, {
      resourceIdName: 'mi_res_id',
      unknown:
        'No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.',
    });
    const body = {
      access_token: token,
      client_id: identity.clientId,
      expires_on: String(Math.floor(call.now / 1000) + lifetimeSeconds),
      resource,
      token_type: 'Bearer',
    };
    return { status: 200, body };
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    return refuse(400, error.code === 0 ? error.message : describe(error));
  }
}

/** What the metadata service of a virtual machine offers. */
export function imdsIdentity(call: LoginCall, realm: LoginRealm, record: Recorder): LoginAnswer {
  const refuse = (text: string, error = 'invalid_request'): LoginAnswer => ({
    status: 400,
    body: { error, error_description: text },
  });
  if (call.headers['metadata']?.toLowerCase() !== 'true')
    return refuse('Required metadata header not specified');
  if (call.query.get('api-version') !== '2018-02-01')
    return refuse('Required api-version parameter not specified or not supported');
  const resource = call.query.get('resource');
  if (!resource) return refuse('Required audience parameter not specified');
  try {
    const { identity, token, lifetimeSeconds } = acquire(call, realm, record, resource, {
      resourceIdName: 'msi_res_id',
      unknown: 'Identity not found',
    });
    const now = Math.floor(call.now / 1000);
    const body = {
      access_token: token,
      client_id: identity.clientId,
      expires_in: String(lifetimeSeconds),
      expires_on: String(now + lifetimeSeconds),
      ext_expires_in: String(lifetimeSeconds),
      not_before: String(now),
      resource,
      token_type: 'Bearer',
    };
    return { status: 200, body };
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    return refuse(error.code === 0 ? error.message : describe(error), error.error);
  }
}

/** A token of the identity that is named, else of the machine's own. */
function acquire(
  call: LoginCall,
  realm: LoginRealm,
  record: Recorder,
  resource: string,
  words: { resourceIdName: string; unknown: string },
): { identity: ManagedIdentity; token: string; lifetimeSeconds: number } {
  const identity = find(call, realm, words.resourceIdName);
  const appId = identity?.clientId ?? call.query.get('client_id') ?? '';
  const attempt = { appId, kind: 'managedIdentity', user: null } as const;
  try {
    if (!identity) throw new EntraError(400, 'invalid_request', 0, words.unknown);
    checkResource(resource, call.origin, realm);
    const issued = managedIdentityToken(identity, call.now, realm);
    record(attempt);
    return { identity, ...issued };
  } catch (error) {
    if (error instanceof EntraError) record(attempt, error);
    throw error;
  }
}

function find(call: LoginCall, realm: LoginRealm, resourceIdName: string): ManagedIdentity | undefined {
  const { query } = call;
  const clientId = query.get('client_id');
  const objectId = query.get('object_id') ?? query.get('principal_id');
  const resourceId = query.get(resourceIdName);
  const named = clientId !== null || objectId !== null || resourceId !== null;
  return realm.apps.managedIdentities.find(one =>
    named
      ? same(clientId, one.clientId) && same(objectId, one.objectId) && same(resourceId, one.resourceId)
      : one.kind === 'system',
  );
}

const same = (asked: string | null, has: string | undefined): boolean =>
  asked === null || asked.toLowerCase() === has?.toLowerCase();
