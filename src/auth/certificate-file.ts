import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { type IdentitySetting, identityOptions } from './identity-options.ts';
import { notRsa, pemOfPfx } from './pfx.ts';
import { appOf } from './required.ts';
import { SignInError } from './sign-in-error.ts';
import type { Signer } from './signer.ts';
import { readSmallFile } from './small-file.ts';

/** An app with a certificate and its key in a file: PEM, or PFX (PKCS #12). */
export async function certificateFile(
  path: string,
  password: string | undefined,
  setting: IdentitySetting,
): Promise<Signer> {
  const { tenantId, clientId } = appOf(setting);
  const certificate = await readCertificate(await readSmallFile(path, 'certificate file'), path, password);
  const { ClientCertificateCredential } = await import('@azure/identity');
  return new ClientCertificateCredential(tenantId, clientId, { certificate }, identityOptions(setting));
}

/**
 * The certificate and its key in the bytes of a PEM or PFX file, as one PEM text; `path` is for the messages.
 * @throws SignInError for anything that can't be used
 */
export async function readCertificate(
  bytes: Buffer,
  path: string,
  password: string | undefined,
): Promise<string> {
  const text = textOf(bytes);
  const pem = text ?? (await pemOfPfx(bytes, path, password));
  const certificates = certificatesIn(pem, path);
  const key = keyIn(pem, path, text === null ? undefined : password);
  const certificate = certificates.find(one => isPair(one, key));
  if (!certificate) throw new SignInError(`${path}: the key belongs to no certificate in this file.`);
  checkTimes(certificate, path);
  // Put together anew, so that an encrypted key, or other certificates before ours, can't confuse anybody.
  return `${certificate.toString()}${key.export({ type: 'pkcs8', format: 'pem' })}`;
}

/** A certificate whose public key is of an unknown kind belongs to no key. */
function isPair(certificate: X509Certificate, key: KeyObject): boolean {
  try {
    return certificate.checkPrivateKey(key);
  } catch {
    return false;
  }
}

/** The blocks of this kind; found without a pattern, which would look for their ends again and again. */
function blocksIn(pem: string, kind: string): string[] {
  const found: string[] = [];
  const last = `-----END ${kind}-----`;
  for (let at = 0; ;) {
    const start = pem.indexOf(`-----BEGIN ${kind}-----`, at);
    const end = start < 0 ? -1 : pem.indexOf(last, start);
    if (end < 0) return found;
    at = end + last.length;
    found.push(pem.slice(start, at));
  }
}

/** Of a PEM file, or null; Windows PowerShell writes UTF-16 when it is told nothing else. */
function textOf(bytes: Buffer): string | null {
  const text = bytes.toString(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf16le' : 'latin1');
  return text.includes('-----BEGIN ') ? text : null;
}

/** All of them: those of the issuers may stand before the one of the key. */
function certificatesIn(pem: string, path: string): X509Certificate[] {
  const found = blocksIn(pem, 'CERTIFICATE');
  if (found.length === 0) throw new SignInError(`${path}: there is no certificate in this file.`);
  try {
    return found.map(one => new X509Certificate(one));
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
  const kind = /-----BEGIN ([A-Z ]{0,40}PRIVATE KEY)-----/.exec(pem)?.[1];
  const found = kind === undefined ? undefined : blocksIn(pem, kind)[0];
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
    throw new SignInError(notRsa(path, key.asymmetricKeyType));
  }
  return key;
}
