import type { IdentitySetting } from './identity-options.ts';
import { SignInError } from './sign-in-error.ts';
import type { Signer } from './signer.ts';

/** Whoever `az login` signed in. */
export async function azureCli(setting: IdentitySetting): Promise<Signer> {
  const { AzureCliCredential } = await import('@azure/identity');
  const credential = new AzureCliCredential({ tenantId: setting.tenantId, processTimeoutInMs: 30_000 });
  return {
    async getToken(scopes, wish) {
      try {
        return await credential.getToken(scopes, wish);
      } catch (error) {
        const said = error instanceof Error ? error.message : String(error);
        // Entra's own codes have their own sentences.
        if (/AADSTS/.test(said)) throw error;
        if (/not be found|not found/i.test(said)) {
          throw new SignInError('The Azure CLI (az) is not installed, or not on the PATH of this process.');
        }
        if (/az login/i.test(said)) {
          throw new SignInError('Nobody is signed in with the Azure CLI. Run: az login');
        }
        throw error;
      }
    },
  };
}
