import { constants, type KeyObject, sign, verify } from 'node:crypto';

/** A token taken apart; nothing of it is believed yet. */
export interface Jwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** What was signed. */
  readonly content: string;
  readonly signature: Buffer;
}

/** Undefined for what is none. */
export function parseJwt(text: string): Jwt | undefined {
  const [head, payload, signature, ...more] = text.split('.');
  const header = decode(head);
  const claims = decode(payload);
  if (!header || !claims || signature === undefined || more.length > 0) return undefined;
  return { header, claims, content: `${head}.${payload}`, signature: Buffer.from(signature, 'base64url') };
}

/** PS256, RS256 or ES256, each only with a key of its kind. */
export function isSignedBy(jwt: Jwt, key: KeyObject): boolean {
  const content = Buffer.from(jwt.content);
  const { alg } = jwt.header;
  const kind = key.asymmetricKeyType;
  if (alg === 'RS256' && kind === 'rsa') return verify('sha256', content, key, jwt.signature);
  if (alg === 'PS256' && kind === 'rsa') {
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
    return verify('sha256', content, { key, padding, saltLength }, jwt.signature);
  }
  if (alg === 'ES256' && kind === 'ec')
    return verify('sha256', content, { key, dsaEncoding: 'ieee-p1363' }, jwt.signature);
  return false;
}

export function signRs256(header: object, claims: object, key: KeyObject): string {
  const content = `${encodeJson({ ...header, typ: 'JWT', alg: 'RS256' })}.${encodeJson(claims)}`;
  return `${content}.${sign('sha256', Buffer.from(content), key).toString('base64url')}`;
}

export const encodeJson = (value: unknown): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

function decode(part: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
