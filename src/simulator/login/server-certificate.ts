import { randomBytes, webcrypto } from 'node:crypto';
import { loadX509 } from './x509.ts';

/** What a server on this machine shows, and what its clients have to trust. */
export interface ServerCertificate {
  /** PEM, with the key of the server alone: nobody keeps the one of the authority. */
  readonly certificate: string;
  readonly privateKey: string;
  /** PEM of the authority that signed it. */
  readonly caCertificate: string;
}

const keys = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const lifetimeMs = 30 * 86_400_000;
/** Clocks of machines that play together may differ a little. */
const headStartMs = 86_400_000;

/** Makes an authority of its own and a certificate for loopback, by name and by both addresses, and for `names`. */
export async function makeServerCertificate(names: readonly string[] = []): Promise<ServerCertificate> {
  const x509 = await loadX509();
  const notBefore = new Date(Date.now() - headStartMs);
  const notAfter = new Date(Date.now() + lifetimeMs);
  const [caKeys, serverKeys] = await Promise.all([makeKeys(), makeKeys()]);
  // Several simulators may be trusted at once: they are told apart by name.
  const caName = `CN=UserSession simulated tenant ${randomBytes(4).toString('hex')}`;
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: caName,
    notBefore,
    notAfter,
    signingAlgorithm: keys,
    keys: caKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });
  const server = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: 'CN=localhost',
    issuer: caName,
    notBefore,
    notAfter,
    signingAlgorithm: keys,
    publicKey: serverKeys.publicKey,
    signingKey: caKeys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
        ...names.map(value => ({ type: 'dns' as const, value })),
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', serverKeys.privateKey));
  return {
    certificate: server.toString('pem'),
    privateKey: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
    caCertificate: `${ca.toString('pem')}\n`,
  };
}

const makeKeys = () => webcrypto.subtle.generateKey(keys, true, ['sign', 'verify']);

/** Positive, whatever is drawn. */
const serialNumber = (): string => `01${randomBytes(15).toString('hex')}`;
