import { webcrypto } from 'node:crypto';

// The library's container asks for a polyfill of decorator metadata; certificates are made without any.
Object.assign(Reflect, {
  getMetadata: () => undefined,
  getOwnMetadata: () => undefined,
  defineMetadata: () => {},
});
const x509 = await import('@peculiar/x509');

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const day = 86_400_000;

export interface ServerCertificate {
  /** With the chain up to, but without, the root. */
  cert: string;
  key: string;
}

export interface IssueOptions {
  /** When it is valid, in days from now. */
  fromDay?: number;
  toDay?: number;
}

/** A certification authority of one test, which nobody trusts by itself. */
export interface Authority {
  /** Its root certificate as PEM. */
  root: string;
  issue(host: string, options?: IssueOptions): Promise<ServerCertificate>;
}

export async function makeAuthority(name: string): Promise<Authority> {
  const keys = await generate();
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    notBefore: new Date(Date.now() - 400 * day),
    notAfter: new Date(Date.now() + 400 * day),
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  const issue = async (host: string, { fromDay = -1, toDay = 30 }: IssueOptions = {}) => {
    const own = await generate();
    const certificate = await x509.X509CertificateGenerator.create({
      subject: `CN=${host}`,
      issuer: root.subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      notBefore: new Date(Date.now() + fromDay * day),
      notAfter: new Date(Date.now() + toDay * day),
      signingAlgorithm: algorithm,
      extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }])],
    });
    const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', own.privateKey);
    return { cert: certificate.toString('pem'), key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY') };
  };
  return { root: root.toString('pem'), issue };
}

const generate = () =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
