import type { Clock } from '../graph/clock.ts';
import { checkToken } from '../graph/endpoint.ts';
import type { TokenSource } from '../graph/middleware.ts';
import { readClaims } from './access-token.ts';

export interface LentToken {
  token: string;
  /** When it ends, in milliseconds since 1970, where the lender knows better than the token. */
  expiresAt?: number | null;
}

/** Asks the lender for a fresh token; null when there is none to be had. */
export type AskForToken = (reason: 'expiring' | 'refused') => Promise<LentToken | null>;

/**
 * A token that somebody else keeps alive: the host's Graph PowerShell session. It is asked again early, in the
 * background, since the host can answer only while one of its commands runs; and once more when Graph refuses the token.
 */
export class LentTokenSource implements TokenSource {
  readonly #ask: AskForToken;
  readonly #clock: Clock;
  readonly #tenantId: string | null;
  #current: LentToken;
  #askEarlyAt: number;
  #asking: Promise<string | null> | null = null;

  constructor(first: LentToken, ask: AskForToken, clock: Clock) {
    this.#ask = ask;
    this.#clock = clock;
    this.#tenantId = readClaims(first.token).tenantId;
    this.#current = first;
    this.#askEarlyAt = this.#earlyFor(first);
  }

  async token(): Promise<string> {
    if (this.#clock.now() >= this.#askEarlyAt) {
      this.#askEarlyAt = this.#clock.now() + 30_000;
      void this.#askOnce('expiring');
    }
    return this.#current.token;
  }

  async renew(used: string): Promise<string | null> {
    if (used !== this.#current.token) return this.#current.token;
    const token = await this.#askOnce('refused');
    return token === used ? null : token;
  }

  /** Many calls are refused at once when a token ends; the host is asked once. */
  #askOnce(reason: 'expiring' | 'refused'): Promise<string | null> {
    this.#asking ??= this.#ask(reason)
      .then(lent => {
        // Whoever signed in to another tenant meanwhile must not get into this run.
        if (lent) checkToken(lent.token);
        if (!lent || readClaims(lent.token).tenantId !== this.#tenantId) return null;
        if (lent.token !== this.#current.token) {
          this.#current = lent;
          this.#askEarlyAt = this.#earlyFor(lent);
        }
        return this.#current.token;
      })
      .catch(() => null)
      .finally(() => {
        this.#asking = null;
      });
    return this.#asking;
  }

  /** Five minutes before the end, or a third of what is left for a token that lives shorter. */
  #earlyFor(lent: LentToken): number {
    const end = lent.expiresAt ?? readClaims(lent.token).expiresAt;
    if (end === null) return Number.POSITIVE_INFINITY;
    const left = end - this.#clock.now();
    return end - Math.min(300_000, left / 3);
  }
}
