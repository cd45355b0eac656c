import type { Random } from '../random.ts';
import type { SimulatedUser } from '../objects.ts';

/** What a refresh token stands for. */
export interface RefreshGrant {
  readonly appId: string;
  readonly user: SimulatedUser;
  readonly issuedAt: number;
  /** How many access tokens there had been: tells whether it came before a revocation. */
  readonly ordinal: number;
}

/** Refresh tokens: each stays good until its user is revoked. */
export class RefreshTokens {
  readonly #random: Random;
  readonly #grants = new Map<string, RefreshGrant>();

  constructor(random: Random) {
    this.#random = random;
  }

  issue(grant: RefreshGrant): string {
    const token = `1.simulated.${this.#random.guid()}${this.#random.guid()}`;
    this.#grants.set(token, grant);
    return token;
  }

  find(token: string): RefreshGrant | undefined {
    return this.#grants.get(token);
  }
}
