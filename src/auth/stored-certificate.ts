import type { IdentitySetting } from './identity-options.ts';
import { SignInError } from './sign-in-error.ts';
import type { Signer } from './signer.ts';

export async function certificateInStore(
  _which: { thumbprint?: string; subjectName?: string },
  _setting: IdentitySetting,
): Promise<Signer> {
  throw new SignInError('The certificate store is not part of this build.');
}
