import { templateId, ordinaryMemberTemplate } from '../roles.ts';
import type { SimulatedUser } from '../objects.ts';
import { graphAudience } from '../tokens.ts';
import type { ManagedIdentity, RegisteredApp } from './app-registration.ts';
import { encodeJson } from './jwt.ts';
import type { LoginCall, LoginRealm } from './login-call.ts';
import type { RequestedScopes } from './requested-scopes.ts';

/** Between the 60 and 90 minutes of Entra. */
const usualLifetimeSeconds = 3900;
const managedIdentityLifetimeSeconds = 86_400;

/** Whether the client declared that it understands claims challenges. */
function declaresCp1(call: LoginCall): boolean {
  try {
    const claims = JSON.parse(call.form.get('claims') ?? '{}') as {
      access_token?: { xms_cc?: { values?: unknown[] } };
    };
    return claims.access_token?.xms_cc?.values?.includes('cp1') ?? false;
  } catch {
    return false;
  }
}

/** What an app gets that acts by itself. */
export function appTokens(call: LoginCall, app: RegisteredApp, realm: LoginRealm): Record<string, unknown> {
  const lifetimeSeconds = realm.accessTokenLifetimeSeconds ?? usualLifetimeSeconds;
  const token = realm.issuer.issue(
    {
      objectId: app.servicePrincipalId,
      appId: app.appId,
      appOnly: true,
      name: app.displayName,
      permissions: app.consented ? app.permissions : [],
      roleTemplateIds: app.roles.map(templateId),
      lifetimeSeconds,
      continuousAccess: declaresCp1(call),
      audience: graphAudience,
    },
    call.now,
  );
  return bearer(token, lifetimeSeconds);
}

/** What the machine gets: without `cp1`, for managed identities are outside of continuous access evaluation. */
export function managedIdentityToken(
  identity: ManagedIdentity,
  now: number,
  realm: LoginRealm,
): { token: string; lifetimeSeconds: number } {
  const lifetimeSeconds = realm.accessTokenLifetimeSeconds ?? managedIdentityLifetimeSeconds;
  const token = realm.issuer.issue(
    {
      objectId: identity.objectId,
      appId: identity.clientId,
      appOnly: true,
      name: identity.kind === 'system' ? 'simulated-machine' : 'simulated-identity',
      permissions: identity.permissions,
      roleTemplateIds: [],
      lifetimeSeconds,
      continuousAccess: false,
      audience: graphAudience,
    },
    now,
  );
  return { token, lifetimeSeconds };
}

/** What an app gets on behalf of a person: access, refresh and id token. */
export function userTokens(
  call: LoginCall,
  app: RegisteredApp,
  user: SimulatedUser,
  scopes: RequestedScopes,
  realm: LoginRealm,
  nonce: string | null = null,
): Record<string, unknown> {
  const lifetimeSeconds = realm.accessTokenLifetimeSeconds ?? usualLifetimeSeconds;
  const token = realm.issuer.issue(
    {
      objectId: user.id,
      appId: app.appId,
      appOnly: false,
      upn: user.userPrincipalName,
      name: user.displayName,
      appName: app.displayName,
      permissions: app.permissions,
      roleTemplateIds: [...realm.directory.rolesOf(user).map(templateId), ordinaryMemberTemplate],
      lifetimeSeconds,
      continuousAccess: declaresCp1(call),
      audience: graphAudience,
    },
    call.now,
  );
  const granted = app.permissions.map(name => `${graphAudience}/${name}`);
  return {
    ...bearer(token, lifetimeSeconds),
    // Clients look for the scopes that they asked for when they go through their cache.
    scope: [...new Set([...granted, ...scopes.all])].join(' '),
    ...(scopes.all.includes('offline_access') && {
      refresh_token: realm.refreshTokens.issue({
        appId: app.appId,
        user,
        issuedAt: call.now,
        ordinal: realm.issuer.issued,
      }),
    }),
    ...(scopes.all.includes('openid') && { id_token: idToken(call, app, user, realm, nonce) }),
    client_info: clientInfo(user, realm),
  };
}

/** Tells MSAL which account the tokens belong to. */
export const clientInfo = (user: SimulatedUser, realm: LoginRealm): string =>
  encodeJson({ uid: user.id, utid: realm.world.tenantId });

function bearer(token: string, lifetimeSeconds: number): Record<string, unknown> {
  return {
    token_type: 'Bearer',
    expires_in: lifetimeSeconds,
    ext_expires_in: lifetimeSeconds,
    access_token: token,
  };
}

function idToken(
  call: LoginCall,
  app: RegisteredApp,
  user: SimulatedUser,
  realm: LoginRealm,
  nonce: string | null,
): string {
  const { tenantId } = realm.world;
  const issuedAt = Math.floor(call.now / 1000);
  return realm.key.sign({
    aud: app.appId,
    iss: `${call.origin}/${tenantId}/v2.0`,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + 3600,
    name: user.displayName,
    ...(nonce !== null && { nonce }),
    oid: user.id,
    preferred_username: user.userPrincipalName,
    sub: user.id,
    tid: tenantId,
    uti: realm.random.guid(),
    ver: '2.0',
  });
}
