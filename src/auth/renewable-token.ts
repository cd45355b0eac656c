import type { Clock } from '../graph/clock.ts';
import { checkToken } from '../graph/endpoint.ts';
import type { TokenSource } from '../graph/middleware.ts';
import { readClaims } from './access-token.ts';

export interface GivenToken {
  token: string;
  /** When it ends, in milliseconds since 1970, where the giver knows better than the token. */
  expiresAt?: number | null;
}

/**
 * Asks the giver for a fresh token; null when there is none to be had. `claims` is what Graph wants it to satisfy, where
 * it said so.
 */
export type AskForToken = (reason: 'expiring' | 'refused', claims?: string) => Promise<GivenToken | null>;

/** An ask before the end that brought nothing is repeated after so many milliseconds. */
const askAgainMs = 30_000;

/**
 * A token that is kept alive by asking whoever gave it: the host's Graph PowerShell session, or our own sign-in. The
 * giver is asked early, in the background, since a host can answer only while one of its commands runs; and once more
 * when Graph refuses the token. A token of another tenant or of another caller is not taken: whoever signed in as
 * somebody else meanwhile must not get into this run.
 */
export class RenewableToken implements TokenSource {
  readonly #ask: AskForToken;
  readonly #clock: Clock;
  readonly #caller: string;
  #current: GivenToken;
  #endsAt = Number.POSITIVE_INFINITY;
  #askEarlyAt = Number.POSITIVE_INFINITY;
  #asking: Promise<string | null> | null = null;
  /** What is being asked for, and what was for the current token, satisfies these claims. */
  #askedClaims: string | undefined;
  #claims: string | undefined;
  #refusal: string | null = null;

  constructor(first: GivenToken, ask: AskForToken, clock: Clock) {
    this.#ask = ask;
    this.#clock = clock;
    this.#caller = callerOf(first.token);
    this.#current = first;
    this.#time(first);
  }

  get refusal(): string | null {
    return this.#refusal;
  }

  async token(): Promise<string> {
    const now = this.#clock.now();
    if (now >= this.#askEarlyAt) {
      this.#askEarlyAt = now + askAgainMs;
      void this.#askOnce('expiring');
    }
    // A token that is over already would only be refused.
    if (now >= this.#endsAt) await this.#asking;
    return this.#current.token;
  }

  async renew(used: string, claims?: string): Promise<string | null> {
    // What is being asked for already does not know what Graph wants.
    while (claims !== undefined && this.#asking && this.#askedClaims !== claims) await this.#asking;
    const another = used !== this.#current.token;
    if (another && (claims === undefined || claims === this.#claims)) return this.#current.token;
    const token = (await this.#askOnce('refused', claims)) ?? this.#current.token;
    return token === used ? null : token;
  }

  /** Many calls are refused at once when a token ends; the giver is asked once. */
  #askOnce(reason: 'expiring' | 'refused', claims?: string): Promise<string | null> {
    if (this.#asking) return this.#asking;
    this.#askedClaims = claims;
    this.#asking = this.#ask(reason, claims)
      .then(given => {
        this.#refusal = null;
        if (given) checkToken(given.token);
        if (!given) return null;
        if (callerOf(given.token) !== this.#caller) {
          this.#refusal =
            'The token that came is of another account, app or tenant than the one the run began with.';
          return null;
        }
        if (given.token !== this.#current.token) {
          this.#current = given;
          this.#claims = claims;
          this.#time(given);
        }
        return this.#current.token;
      })
      .catch((error: unknown) => {
        this.#refusal = error instanceof Error ? error.message : String(error);
        return null;
      })
      .finally(() => {
        this.#asking = null;
      });
    return this.#asking;
  }

  /** Asks five minutes before the end, or a third of what is left for a token that lives shorter. */
  #time(given: GivenToken): void {
    const end = given.expiresAt ?? readClaims(given.token).expiresAt;
    if (end === null) {
      this.#endsAt = this.#askEarlyAt = Number.POSITIVE_INFINITY;
      return;
    }
    const left = end - this.#clock.now();
    this.#endsAt = end;
    this.#askEarlyAt = end - Math.min(300_000, left / 3);
  }
}

/** Whom a token is for; of a token that can't be read nothing is known, and any other such token does. */
function callerOf(token: string): string {
  const { tenantId, objectId } = readClaims(token);
  return `${tenantId} ${objectId}`;
}
