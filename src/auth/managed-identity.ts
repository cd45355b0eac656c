import { type IdentitySetting, identityOptions } from './identity-options.ts';
import { SignInError } from './sign-in-error.ts';
import type { Signer } from './signer.ts';

/** How MSAL is told not to answer with the token that it keeps; of these @azure/identity hands on neither. */
type PastCache = { claims: string } | { forceRefresh: true };

/** The part of MSAL's application that is used here. */
interface Application {
  acquireToken(request: object): Promise<unknown>;
}

/**
 * The identity of the machine or service that this runs on: Azure virtual machines, App Service, Automation, Arc. With a
 * client id the user-assigned one, else the system's. The first token, and one for a claims challenge, is asked for at the
 * identity service, which may itself answer with one that it keeps.
 */
export async function managedIdentity(setting: IdentitySetting): Promise<Signer> {
  const { ManagedIdentityCredential } = await import('@azure/identity');
  const open = (past: PastCache | null) => {
    const options = { clientId: setting.clientId, ...identityOptions(setting) };
    const credential = new ManagedIdentityCredential(options);
    const application: Application = credential['managedIdentityApp'];
    const acquire = application.acquireToken.bind(application);
    if (past) application.acquireToken = request => acquire({ ...request, ...past });
    return credential;
  };
  const credential = open(null);
  // MSAL keeps the tokens of managed identities for the whole process: without this a new signer would get the old one's.
  let isNew = true;
  return {
    async getToken(scopes, wish) {
      try {
        const past = wish.claims ? { claims: wish.claims } : isNew ? { forceRefresh: true as const } : null;
        const token = await (past ? open(past) : credential).getToken(scopes, wish);
        isNew = false;
        return token;
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
