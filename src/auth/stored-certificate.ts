import { CertificateStore } from './certificate-store.ts';
import { CertificateStoreError } from './certificate-store-error.ts';
import { heard, type IdentitySetting, identityOptions } from './identity-options.ts';
import { appOf } from './required.ts';
import { SignInError } from './sign-in-error.ts';
import type { Signer } from './signer.ts';
import { signAssertion } from './store-assertion.ts';

/** An app with a certificate in the operating system's store, whose key signs there and never leaves it. */
export async function storedCertificate(
  which: { thumbprint?: string; subjectName?: string },
  setting: IdentitySetting,
): Promise<Signer> {
  const { tenantId, clientId } = appOf(setting);
  try {
    const store = new CertificateStore();
    const certificate = await store.find(which);
    const audience = `${setting.loginUrl}/${tenantId}/oauth2/v2.0/token`;
    const { ClientAssertionCredential } = await import('@azure/identity');
    // A certificate may end, or be taken away, while a run goes on.
    const assertion = () => signAssertion(store, certificate, { audience, clientId }).catch(inWords);
    return new ClientAssertionCredential(
      tenantId,
      clientId,
      heard(setting, assertion),
      identityOptions(setting),
    );
  } catch (error) {
    return inWords(error);
  }
}

function inWords(error: unknown): never {
  throw error instanceof CertificateStoreError ? new SignInError(error.message) : error;
}
