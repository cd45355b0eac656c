import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

/** Of a JWK or PEM; throws when it is neither. */
export const publicKey = (key: JsonWebKey | string): KeyObject =>
  createPublicKey(typeof key === 'string' ? key : { key, format: 'jwk' });
