import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type IdentitySetting, identityOptions } from './identity-options.ts';
import { appOf } from './required.ts';
import { SignInError } from './sign-in-error.ts';
import type { Signer } from './signer.ts';

/** An app with a certificate and its key in a file: PEM, or PFX (PKCS #12). */
export async function certificateFile(
  path: string,
  password: string | undefined,
  setting: IdentitySetting,
): Promise<Signer> {
  const { tenantId, clientId } = appOf(setting);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new SignInError(
      unreadable[error.code ?? ''] ? `${path}: ${unreadable[error.code ?? '']}` : error.message,
    );
  });
  const pem = isPem(bytes) ? bytes.toString('latin1') : await fromPfx(bytes, path, password);
  const certificate = certificateIn(pem, path);
  checkTimes(certificate, path);
  const key = keyIn(pem, path, isPem(bytes) ? password : undefined);
  if (!certificate.checkPrivateKey(key)) {
    throw new SignInError(`${path}: the key does not belong to the first certificate in the file.`);
  }
  const { ClientCertificateCredential } = await import('@azure/identity');
  // Put together anew, so that an encrypted key, or other certificates before ours, can't confuse anybody.
  const whole = `${certificate.toString()}${key.export({ type: 'pkcs8', format: 'pem' })}`;
  return new ClientCertificateCredential(
    tenantId,
    clientId,
    { certificate: whole },
    identityOptions(setting),
  );
}

const unreadable: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such certificate file.',
  EACCES: 'this account may not read the certificate file.',
  EISDIR: 'this is a folder, not a certificate file.',
};

const isPem = (bytes: Buffer): boolean => bytes.includes('-----BEGIN ');

function certificateIn(pem: string, path: string): X509Certificate {
  const found = /-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/s.exec(pem)?.[0];
  if (!found) throw new SignInError(`${path}: there is no certificate in this file.`);
  try {
    return new X509Certificate(found);
  } catch {
    throw new SignInError(`${path}: the certificate in this file can't be read.`);
  }
}

function checkTimes(certificate: X509Certificate, path: string): void {
  const now = Date.now();
  if (Date.parse(certificate.validTo) < now) {
    throw new SignInError(
      `${path}: the certificate expired on ${certificate.validTo}. Make a new one, and upload its public part to the app registration.`,
    );
  }
  if (Date.parse(certificate.validFrom) > now) {
    throw new SignInError(
      `${path}: the certificate is valid only from ${certificate.validFrom}. Check this machine's clock: it says ${new Date(now).toISOString()}.`,
    );
  }
}

function keyIn(pem: string, path: string, passphrase: string | undefined): KeyObject {
  const found = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----.+?-----END \1PRIVATE KEY-----/s.exec(pem)?.[0];
  if (!found) {
    throw new SignInError(
      `${path}: there is no private key in this file. It needs the certificate and its key.`,
    );
  }
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: found, passphrase });
  } catch {
    const locked = /ENCRYPTED/.test(found);
    throw new SignInError(
      !locked
        ? `${path}: the private key in this file can't be read.`
        : passphrase === undefined
          ? `${path}: the private key is encrypted. Give its password with -CertificatePassword (environment: USERSESSION_CERTIFICATE_PASSWORD).`
          : `${path}: the password of the private key is wrong.`,
    );
  }
  if (key.asymmetricKeyType !== 'rsa') {
    throw new SignInError(`${path}: Entra takes RSA keys only, and this one is ${key.asymmetricKeyType}.`);
  }
  return key;
}

/** node:crypto uses a PFX but does not show what is in it. */
async function fromPfx(bytes: Buffer, path: string, password: string | undefined): Promise<string> {
  const { default: forge } = await import('node-forge');
  let pfx: import('node-forge').pkcs12.Pkcs12Pfx;
  try {
    const asn1 = forge.asn1.fromDer(forge.util.createBuffer(bytes.toString('binary')));
    pfx = forge.pkcs12.pkcs12FromAsn1(asn1, password ?? '');
  } catch (error) {
    const wrong = /password|MAC could not be verified/i.test((error as Error).message);
    throw new SignInError(
      wrong
        ? `${path}: the password of the PFX file is ${password === undefined ? 'missing. Give it with -CertificatePassword (environment: USERSESSION_CERTIFICATE_PASSWORD)' : 'wrong'}.`
        : `${path}: this is neither a PEM nor a PFX file.`,
    );
  }
  const { certBag, pkcs8ShroudedKeyBag, keyBag } = forge.pki.oids;
  const bags = (type: string | undefined) => (type && pfx.getBags({ bagType: type })[type]) || [];
  const key = [...bags(pkcs8ShroudedKeyBag), ...bags(keyBag)][0];
  if (!key?.key) throw new SignInError(`${path}: there is no private key that can be read in this PFX file.`);
  const id = key.attributes?.['localKeyId']?.[0];
  const all = bags(certBag);
  // The certificate of the key, and not one of its issuers that may lie before it.
  const own = all.find(bag => id !== undefined && bag.attributes?.['localKeyId']?.[0] === id) ?? all[0];
  if (!own?.cert)
    throw new SignInError(`${path}: there is no certificate that can be read in this PFX file.`);
  return `${forge.pki.certificateToPem(own.cert)}${forge.pki.privateKeyToPem(key.key)}`;
}
