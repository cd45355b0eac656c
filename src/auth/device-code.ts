import { type IdentitySetting, identityOptions } from './identity-options.ts';
import type { Person, Signer, TokenWish } from './signer.ts';

/** A person who signs in on another device: shows an address and a code, and waits until the code has been entered. */
export async function deviceCode(setting: IdentitySetting, person: () => Person): Promise<Signer> {
  const { DeviceCodeCredential } = await import('@azure/identity');
  const credential = new DeviceCodeCredential({
    tenantId: setting.tenantId ?? 'organizations',
    clientId: setting.clientId,
    disableAutomaticAuthentication: true,
    userPromptCallback: ({ message, userCode, verificationUri }) =>
      person().prompt({ message, userCode, verificationUri }),
    ...identityOptions(setting),
  });
  return withPerson(credential, person);
}

interface PersonalCredential extends Signer {
  authenticate(scopes: string[], wish: TokenWish): Promise<unknown>;
}

/** Asks the person only when one is there, and otherwise takes what can be had without. */
export function withPerson(
  credential: PersonalCredential,
  person: () => Person,
  before: () => void = () => {},
): Signer {
  return {
    async getToken(scopes, wish) {
      try {
        return await credential.getToken(scopes, wish);
      } catch (error) {
        if ((error as Error).name !== 'AuthenticationRequiredError' || !person().present) throw error;
      }
      before();
      await credential.authenticate(scopes, { ...wish, abortSignal: person().signal });
      return credential.getToken(scopes, wish);
    },
  };
}
