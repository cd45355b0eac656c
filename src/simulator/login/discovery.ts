import type { LoginAnswer, LoginCall, LoginRealm } from './login-call.ts';

/** What clients read first: where everything is. `common` and `organizations` stay what they are, as in Entra. */
export function openIdConfiguration(call: LoginCall, realm: LoginRealm): LoginAnswer {
  const shared = ['common', 'organizations'].includes(call.tenant.toLowerCase());
  const tenant = shared ? call.tenant.toLowerCase() : realm.world.tenantId;
  const base = `${call.origin}/${tenant}`;
  const body = {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: `${call.origin}/${shared ? '{tenantid}' : tenant}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    claims_supported: [
      'sub',
      'iss',
      'aud',
      'exp',
      'iat',
      'nonce',
      'preferred_username',
      'name',
      'tid',
      'ver',
    ],
    tenant_region_scope: 'EU',
    cloud_instance_name: new URL(call.origin).host,
    msgraph_host: new URL(call.origin).host,
  };
  return { status: 200, body };
}

/** Whether this login endpoint is one at all: it is the only one that there is. */
export function instanceDiscovery(call: LoginCall): LoginAnswer {
  const { host } = new URL(call.origin);
  const asked = URL.parse(call.query.get('authorization_endpoint') ?? '')?.pathname.split('/')[1] || 'common';
  return {
    status: 200,
    body: {
      tenant_discovery_endpoint: `${call.origin}/${asked}/v2.0/.well-known/openid-configuration`,
      'api-version': call.query.get('api-version') ?? '1.1',
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    },
  };
}
