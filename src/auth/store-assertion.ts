import { randomUUID } from 'node:crypto';
import type { CertificateStore, StoreCertificate } from './certificate-store.ts';

export interface AssertionClaims {
  /** The token endpoint, as `https://login.microsoftonline.com/TENANT/oauth2/v2.0/token`. */
  audience: string;
  clientId: string;
}

const lifetime = 600;
/** What the clocks of this machine and of Entra may differ. */
const clockDifference = 300;

/**
 * A client assertion: what an app shows instead of a secret. For ClientAssertionCredential, which asks for one whenever it
 * needs a token. Form: Microsoft, "Microsoft identity platform application authentication certificate credentials".
 * @throws CertificateStoreError when the certificate can't sign any more
 */
export async function signAssertion(
  store: CertificateStore,
  certificate: StoreCertificate,
  { audience, clientId }: AssertionClaims,
  now: number = Date.now(),
): Promise<string> {
  const seconds = Math.floor(now / 1000);
  const header = { alg: 'PS256', typ: 'JWT', 'x5t#S256': certificate.x5tS256 };
  const claims = {
    aud: audience,
    iss: clientId,
    sub: clientId,
    jti: randomUUID(),
    nbf: seconds - clockDifference,
    exp: seconds + lifetime,
  };
  const signed = `${encoded(header)}.${encoded(claims)}`;
  const signature = await store.sign(certificate, Buffer.from(signed));
  return `${signed}.${signature.toString('base64url')}`;
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
