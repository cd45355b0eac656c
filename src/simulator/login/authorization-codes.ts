import type { SimulatedUser } from '../objects.ts';
import type { Random } from '../random.ts';

/** What a person agreed to on the sign-in page, until the app fetches the tokens. */
export interface AuthorizationCode {
  readonly appId: string;
  readonly user: SimulatedUser;
  readonly redirectUri: string;
  readonly scope: string;
  readonly nonce: string | null;
  /** S256 of the verifier; null when a confidential client sent none. */
  readonly codeChallenge: string | null;
  readonly expiresAt: number;
  redeemed: boolean;
}

export const codeLifetimeMs = 600_000;

/** The codes of the browser flow; each can be redeemed once. */
export class AuthorizationCodes {
  readonly #random: Random;
  readonly #codes = new Map<string, AuthorizationCode>();

  constructor(random: Random) {
    this.#random = random;
  }

  issue(code: Omit<AuthorizationCode, 'redeemed'>): string {
    const text = `1.simulated-code.${this.#random.guid()}${this.#random.guid()}`;
    this.#codes.set(text, { ...code, redeemed: false });
    return text;
  }

  find(text: string): AuthorizationCode | undefined {
    return this.#codes.get(text);
  }
}
