import { createHash, createPublicKey, generateKeyPair, type JsonWebKey, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { signRs256 } from './jwt.ts';

/** The key that signs what the login endpoint says about people; made when first needed, gone with the process. */
export class SigningKey {
  readonly #privateKey: KeyObject;
  readonly #public: JsonWebKey;
  readonly #id: string;

  private constructor(privateKey: KeyObject) {
    this.#privateKey = privateKey;
    this.#public = createPublicKey(privateKey).export({ format: 'jwk' });
    this.#id = createHash('sha256').update(String(this.#public['n'])).digest('base64url').slice(0, 27);
  }

  static async create(): Promise<SigningKey> {
    const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
    return new SigningKey(privateKey);
  }

  sign(claims: object): string {
    return signRs256({ kid: this.#id }, claims, this.#privateKey);
  }

  /** What goes out as JWKS. */
  get jwks(): unknown {
    return { keys: [{ ...this.#public, use: 'sig', kid: this.#id, x5t: this.#id }] };
  }
}
