import { webcrypto } from 'node:crypto';
import { loadX509 } from '../../src/simulator/login/x509.ts';

const x509 = await loadX509();

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};
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

/** A self-signed certificate of an app and its key, both PEM. */
export async function selfSigned(
  options: { notBefore?: Date; notAfter?: Date; kind?: 'RSA' | 'ECDSA' } = {},
): Promise<{ certificate: string; privateKey: string }> {
  const signingAlgorithm = options.kind === 'ECDSA' ? algorithm : rsa;
  const keys = await webcrypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '0a',
    name: 'CN=usersession test',
    notBefore: options.notBefore ?? new Date(Date.now() - 400 * day),
    notAfter: options.notAfter ?? new Date(Date.now() + day),
    signingAlgorithm,
    keys,
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  return {
    certificate: `${certificate.toString('pem')}\n`,
    privateKey: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
  };
}

const generate = () =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
