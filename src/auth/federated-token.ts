import { heard, type IdentitySetting, identityOptions } from './identity-options.ts';
import { appOf } from './required.ts';
import { SignInError } from './sign-in-error.ts';
import type { Signer } from './signer.ts';
import { readSmallFile } from './small-file.ts';

/**
 * An app that trusts another identity provider (GitHub, Azure Pipelines, Kubernetes), whose token is in a file. The file
 * is read anew for each sign-in, since whoever wrote it replaces it before the token in it ends.
 */
export async function federatedToken(file: string, setting: IdentitySetting): Promise<Signer> {
  const { tenantId, clientId } = appOf(setting);
  const { ClientAssertionCredential } = await import('@azure/identity');
  const assertion = async () => {
    const text = (await readSmallFile(file, 'federated token file')).toString('utf8');
    if (text.trim() === '') throw new SignInError(`The federated token file ${file} is empty.`);
    return text.trim();
  };
  return new ClientAssertionCredential(
    tenantId,
    clientId,
    heard(setting, assertion),
    identityOptions(setting),
  );
}
