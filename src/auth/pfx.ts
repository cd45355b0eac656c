import type { asn1, pkcs12 } from 'node-forge';
import { mostIterations } from './pfx-iterations.ts';
import { SignInError } from './sign-in-error.ts';

type Forge = typeof import('node-forge');

/**
 * Certificates and key of a PFX file (PKCS #12) as PEM; node:crypto uses such a file but does not show what is in it.
 * @throws SignInError
 */
export async function pemOfPfx(bytes: Buffer, path: string, password: string | undefined): Promise<string> {
  const { default: forge } = await import('node-forge');
  const pfx = open(forge, bytes, path, password);
  const { certBag, pkcs8ShroudedKeyBag, keyBag } = forge.pki.oids;
  const bags = (type: string | undefined) => (type && pfx.getBags({ bagType: type })[type]) || [];
  const key = [...bags(pkcs8ShroudedKeyBag), ...bags(keyBag)][0];
  if (!key) throw new SignInError(`${path}: there is no private key that can be read in this PFX file.`);
  // The library reads no other kinds of keys, and hands on what it did not read.
  if (!key.key) throw new SignInError(notRsa(path));
  const certificates = bags(certBag).map(bag => (bag.cert ? forge.pki.certificateToPem(bag.cert) : ''));
  return `${certificates.join('')}${forge.pki.privateKeyToPem(key.key)}`;
}

/** Of all that is in a file together; some ten times what any tool writes, and less than ten seconds of work. */
const tolerableIterations = 1_000_000;

export const notRsa = (path: string, kind = 'another'): string =>
  `${path}: Entra takes RSA keys only, and this one is ${kind}. Make a certificate with an RSA key of 2048 bits or more.`;

function open(forge: Forge, bytes: Buffer, path: string, password: string | undefined): pkcs12.Pkcs12Pfx {
  takeUtf8(forge);
  // No password and an empty one are not the same, and programs that write such files do not agree on which it is.
  const passwords = password === undefined ? ['', undefined] : [password];
  let problem = '';
  for (const one of passwords) {
    try {
      const asn1 = forge.asn1.fromDer(forge.util.createBuffer(bytes.toString('binary')));
      return counted(forge, mostIterations(asn1), () => forge.pkcs12.pkcs12FromAsn1(asn1, false, one));
    } catch (error) {
      if (error instanceof TooManyIterations) {
        throw new SignInError(
          `${path}: the PFX file asks for more rounds of key derivation than any program writes. Export it anew.`,
        );
      }
      problem = (error as Error).message;
    }
  }
  const wrong = /password|MAC could not be verified/i.test(problem);
  throw new SignInError(
    wrong
      ? `${path}: the password of the PFX file is ${password === undefined ? 'missing. Give it with -CertificatePassword (environment: USERSESSION_CERTIFICATE_PASSWORD)' : 'wrong'}.`
      : `${path}: this is neither a PEM nor a PFX file.`,
  );
}

class TooManyIterations extends Error {}

/**
 * Opens, but spends no more rounds than are tolerable. What certificates and keys ask for is told only where the library begins to
 * decrypt them, since they may themselves be inside of what is encrypted; `first` are the rounds before that. All in one step.
 * @throws TooManyIterations
 */
function counted<T>(forge: Forge, first: number, work: () => T): T {
  const { pbe } = forge.pki as unknown as { pbe: Ciphers };
  let sum = 0;
  const spend = (rounds: number) => {
    sum += rounds;
    if (sum > tolerableIterations) throw new TooManyIterations();
  };
  spend(first);
  const original = pbe.getCipher;
  pbe.getCipher = (oid, parameters, password) => {
    spend(mostIterations(parameters));
    return original(oid, parameters, password);
  };
  try {
    return work();
  } finally {
    pbe.getCipher = original;
  }
}

interface Ciphers {
  getCipher(oid: string, parameters: asn1.Asn1, password: string | undefined): unknown;
  getCipherForPBES2(oid: string, parameters: unknown, password: string | undefined): unknown;
}

const taught = new WeakSet<object>();

/** The library takes a character for a byte where PBES2 (as with AES) wants UTF-8: RFC 8018, 3 and RFC 7292, B.1. */
function takeUtf8(forge: Forge): void {
  const { pbe } = forge.pki as unknown as { pbe: Ciphers };
  if (taught.has(pbe)) return;
  taught.add(pbe);
  const original = pbe.getCipherForPBES2;
  pbe.getCipherForPBES2 = (oid, parameters, password) =>
    original(oid, parameters, forge.util.encodeUtf8(password ?? ''));
}
