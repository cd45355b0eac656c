import type { Directory } from '../directory.ts';
import type { Random } from '../random.ts';
import type { TokenIssuer } from '../tokens.ts';
import type { World } from '../world.ts';
import type { ConditionalAccess } from './app-registration.ts';
import type { AppRegistry } from './app-registry.ts';
import type { AuthorizationCodes } from './authorization-codes.ts';
import type { DeviceCodes } from './device-codes.ts';
import type { RefreshTokens } from './refresh-tokens.ts';
import type { SimulatedSignIn } from './sign-in-record.ts';
import type { SigningKey } from './signing-key.ts';

/** A request to the login endpoint, taken apart. */
export interface LoginCall {
  readonly method: string;
  /** The first segment as sent: id, domain, `common`, ... */
  readonly tenant: string;
  /** Without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Scheme, host and port that were asked. */
  readonly origin: string;
  readonly now: number;
}

/** What the login endpoint shares with the tenant. */
export interface LoginSettings {
  readonly world: World;
  readonly directory: Directory;
  readonly issuer: TokenIssuer;
  readonly apps: AppRegistry;
  readonly deviceCodes: DeviceCodes;
  readonly signIns: SimulatedSignIn[];
  readonly random: Random;
  /** Of the tokens that are issued here; managed identities get a day unless it was set. */
  readonly accessTokenLifetimeSeconds: number | undefined;
  readonly conditionalAccess: ConditionalAccess;
  readonly singleUseAssertions: boolean;
}

/** What its parts work on. */
export interface LoginRealm extends LoginSettings {
  readonly key: SigningKey;
  readonly codes: AuthorizationCodes;
  readonly refreshTokens: RefreshTokens;
  /** `jti` of assertions that were used, each with the time at which it may be forgotten. */
  readonly usedAssertions: Map<string, number>;
}

/** Whatever needs an answer that is no token. */
export interface LoginAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Becomes JSON; a string is a page. */
  readonly body: unknown;
}
