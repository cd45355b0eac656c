/** What an access token for Graph says about itself. */
export interface TokenClaims {
  tenantId: string | null;
  /** Object id of the signed-in person or of the app's service principal: the caller. */
  objectId: string | null;
  account: string | null;
  clientId: string | null;
  authType: 'Delegated' | 'AppOnly' | 'Unknown';
  /** Delegated permissions (`scp`) or app permissions (`roles`). */
  permissions: string[];
  /** Template ids of the caller's active directory roles. */
  roleTemplates: string[];
  /** Milliseconds since 1970. */
  expiresAt: number | null;
  /** True for a token of the simulated tenant. */
  simulated: boolean;
}

const simulatedIssuer = 'https://simulated.usersession.invalid/';

/**
 * Reads a token's claims without trusting them: they explain and warn, they never allow anything, which is Graph's to do.
 * A token that is no JWT gives nulls. Claims: Microsoft, "Access token claims reference".
 */
export function readClaims(token: string): TokenClaims {
  const claims = payloadOf(token);
  const text = (name: string) => (typeof claims[name] === 'string' ? claims[name] : null);
  const scp = text('scp');
  const delegated = scp !== null;
  const exp = claims['exp'];
  const roles = listOf(claims['roles']);
  const appOnly = !delegated && (roles.length > 0 || text('idtyp') === 'app');
  return {
    tenantId: text('tid'),
    objectId: text('oid')?.toLowerCase() ?? null,
    account: delegated ? (text('upn') ?? text('unique_name') ?? text('preferred_username')) : null,
    clientId: text('appid') ?? text('azp'),
    authType: delegated ? 'Delegated' : appOnly ? 'AppOnly' : 'Unknown',
    permissions: delegated ? scp.split(' ').filter(Boolean) : roles,
    roleTemplates: listOf(claims['wids']).map(w => w.toLowerCase()),
    expiresAt: typeof exp === 'number' && exp > 0 && exp < 8e9 ? exp * 1000 : null,
    simulated: text('iss')?.startsWith(simulatedIssuer) ?? false,
  };
}

function payloadOf(token: string): Record<string, unknown> {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const listOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : [];
