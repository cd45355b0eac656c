import type { IdentitySetting } from './identity-options.ts';
import { SignInError } from './sign-in-error.ts';

/**
 * Tenant and app of a sign-in that needs both.
 * @throws SignInError that names what is missing
 */
export function appOf({ tenantId, clientId }: IdentitySetting): { tenantId: string; clientId: string } {
  if (tenantId && clientId) return { tenantId, clientId };
  const missing = tenantId ? 'the client id: -ClientId (--client-id)' : 'the tenant: -TenantId (--tenant-id)';
  throw new SignInError(`This way to sign in needs ${missing}.`);
}
