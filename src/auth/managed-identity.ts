import { type IdentitySetting, identityOptions } from './identity-options.ts';
import type { Signer } from './signer.ts';

/**
 * The identity of the machine or service that this runs on: Azure virtual machines, App Service, Automation, Arc. With a
 * client id the user-assigned one, else the system's. Its tokens know no claims challenge.
 */
export async function managedIdentity(setting: IdentitySetting): Promise<Signer> {
  const { ManagedIdentityCredential } = await import('@azure/identity');
  return new ManagedIdentityCredential({ clientId: setting.clientId, ...identityOptions(setting) });
}
