import { type IdentitySetting, identityOptions } from './identity-options.ts';
import { SignInError } from './sign-in-error.ts';
import type { Signer } from './signer.ts';

/**
 * The identity of the machine or service that this runs on: Azure virtual machines, App Service, Automation, Arc. With a
 * client id the user-assigned one, else the system's. Its tokens know no claims challenge.
 */
export async function managedIdentity(setting: IdentitySetting): Promise<Signer> {
  const { ManagedIdentityCredential } = await import('@azure/identity');
  const credential = new ManagedIdentityCredential({
    clientId: setting.clientId,
    ...identityOptions(setting),
  });
  return {
    async getToken(scopes, wish) {
      try {
        return await credential.getToken(scopes, wish);
      } catch (error) {
        const said = error instanceof Error ? error.message : String(error);
        if (/AADSTS/.test(said)) throw error;
        if (/identity not found|no (user|managed).*identit|invalid_request/i.test(said)) {
          throw new SignInError(
            setting.clientId
              ? `This machine has no managed identity with the client id ${setting.clientId}. Assign it to the machine, or correct the id.`
              : 'This machine has no managed identity of its own. Switch on the system-assigned one, or give the client id of one that is assigned to it.',
          );
        }
        if (/unreachable|not available|network|timed? ?out/i.test(said)) {
          throw new SignInError(
            'There is no managed identity to be had: this is no machine or service of Azure that has one, or its metadata service (169.254.169.254) does not answer. It must not go through a proxy.',
          );
        }
        throw error;
      }
    },
  };
}
