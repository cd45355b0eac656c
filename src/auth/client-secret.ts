import { type IdentitySetting, identityOptions } from './identity-options.ts';
import { appOf } from './required.ts';
import type { Signer } from './signer.ts';

/** An app with a client secret. */
export async function clientSecret(secret: string, setting: IdentitySetting): Promise<Signer> {
  const { tenantId, clientId } = appOf(setting);
  const { ClientSecretCredential } = await import('@azure/identity');
  return new ClientSecretCredential(tenantId, clientId, secret, identityOptions(setting));
}
