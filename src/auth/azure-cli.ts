import type { IdentitySetting } from './identity-options.ts';
import { SignInError } from './sign-in-error.ts';
import type { Signer } from './signer.ts';

/** Whoever `az login` signed in. */
export async function azureCli(setting: IdentitySetting): Promise<Signer> {
  const { AzureCliCredential } = await import('@azure/identity');
  const credential = new AzureCliCredential({ tenantId: setting.tenantId, processTimeoutInMs: 30_000 });
  return {
    async getToken(scopes, wish) {
      if (wish.claims) throw new SignInError(challenged(wish.claims, scopes[0] ?? '', setting.tenantId));
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

/** In base64; Graph's challenges have some hundred letters. */
const longestChallenge = 1000;

/** Nothing but a person at the CLI answers a challenge. What Graph words is in the command as base64 only, which no shell minds. */
function challenged(claims: string, scope: string, tenantId: string | undefined): string {
  const why = 'Graph wants a new sign-in (a claims challenge), which the Azure CLI takes a person for.';
  const challenge = Buffer.from(claims).toString('base64');
  if (challenge.length > longestChallenge) return `${why} Run: az logout, then: az login`;
  const tenant = tenantId && /^\w[\w.-]*$/.test(tenantId) ? ` --tenant ${tenantId}` : '';
  return `${why} Run: az login --claims-challenge ${challenge} --scope ${scope}${tenant}`;
}
