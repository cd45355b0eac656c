import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mostIterations } from './pfx-iterations.ts';
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
  const bytes = await readSmallFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error instanceof SignInError) throw error;
    throw new SignInError(
      unreadable[error.code ?? ''] ? `${path}: ${unreadable[error.code ?? '']}` : error.message,
    );
  });
  const certificate = await readCertificate(bytes, path, password);
  const { ClientCertificateCredential } = await import('@azure/identity');
  return new ClientCertificateCredential(tenantId, clientId, { certificate }, identityOptions(setting));
}

/** Certificates and keys have some thousand bytes, whole chains some ten thousand. */
const largestFile = 1024 * 1024;

async function readSmallFile(path: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of createReadStream(path) as AsyncIterable<Buffer>) {
    parts.push(part);
    length += part.length;
    if (length > largestFile)
      throw new SignInError(`${path}: this is no certificate file, it is larger than 1 MiB.`);
  }
  return Buffer.concat(parts);
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
  const pem = isPem(bytes) ? bytes.toString('latin1') : await fromPfx(bytes, path, password);
  const certificate = certificateIn(pem, path);
  checkTimes(certificate, path);
  const key = keyIn(pem, path, isPem(bytes) ? password : undefined);
  if (!isPair(certificate, key)) {
    throw new SignInError(`${path}: the key does not belong to the first certificate in the file.`);
  }
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

/** The first block of this kind; found without a pattern, which would look for its end again and again. */
function blockIn(pem: string, kind: string): string | null {
  const start = pem.indexOf(`-----BEGIN ${kind}-----`);
  const last = `-----END ${kind}-----`;
  const end = start < 0 ? -1 : pem.indexOf(last, start);
  return end < 0 ? null : pem.slice(start, end + last.length);
}

const unreadable: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such certificate file.',
  EACCES: 'this account may not read the certificate file.',
  EISDIR: 'this is a folder, not a certificate file.',
};

const isPem = (bytes: Buffer): boolean => bytes.includes('-----BEGIN ');

function certificateIn(pem: string, path: string): X509Certificate {
  const found = blockIn(pem, 'CERTIFICATE');
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
  const kind = /-----BEGIN ([A-Z ]{0,40}PRIVATE KEY)-----/.exec(pem)?.[1];
  const found = kind === undefined ? null : blockIn(pem, kind);
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

/** Some ten times what any tool writes: a second or two. */
const tolerableIterations = 1_000_000;

/** node:crypto uses a PFX but does not show what is in it. */
async function fromPfx(bytes: Buffer, path: string, password: string | undefined): Promise<string> {
  const { default: forge } = await import('node-forge');
  let pfx: import('node-forge').pkcs12.Pkcs12Pfx;
  try {
    const asn1 = forge.asn1.fromDer(forge.util.createBuffer(bytes.toString('binary')));
    if (mostIterations(asn1) > tolerableIterations) throw new Error('the iterations would take hours');
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
