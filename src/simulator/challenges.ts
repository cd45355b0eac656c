import { GraphError } from './graph-error.ts';

/**
 * Where a challenge on demand comes: `batch` on the answer to the HTTP request, whatever it holds; `item` within a batch
 * on each of its items, while the batch itself is answered with 200.
 */
export type ChallengePlace = 'batch' | 'item';

/** Whose tokens are challenged; everybody's when neither is named. */
export interface ChallengeOptions {
  /** Object id of a user. */
  userId?: string;
  /** Client id of an application: its own tokens, and those of people who signed in with it. */
  appId?: string;
  /** Default `batch`. */
  where?: ChallengePlace;
}

/** What of a token decides whether it is challenged. */
export interface ChallengedToken {
  readonly ordinal: number;
  readonly objectId: string;
  readonly appId: string;
  readonly appOnly: boolean;
}

interface Mark {
  /** Tokens up to this one. */
  lastToken: number;
  /** From when on, in milliseconds since 1970. */
  visibleAt: number;
  stampSeconds: number;
  where: ChallengePlace;
}

const everybody = 'everybody';

/** Ends tokens before their time: by the revocation of their user, or on demand. */
export class Challenges {
  readonly #marks = new Map<string, Mark>();

  revokeUser(userId: string, lastToken: number, stampSeconds: number, visibleAt: number): void {
    this.#marks.set(`revoked ${userId}`, { lastToken, visibleAt, stampSeconds, where: 'batch' });
  }

  demand(options: ChallengeOptions, lastToken: number, now: number): void {
    const mark: Mark = {
      lastToken,
      visibleAt: now,
      stampSeconds: Math.floor(now / 1000),
      where: options.where ?? 'batch',
    };
    const { userId, appId } = options;
    if (userId !== undefined) this.#marks.set(`user ${userId}`, mark);
    if (appId !== undefined) this.#marks.set(`app ${appId}`, mark);
    if (userId === undefined && appId === undefined) this.#marks.set(everybody, mark);
  }

  /** The moment of the user's revocation in seconds since 1970, if what was issued as `ordinal` falls under it. */
  revocationOf(userId: string, ordinal: number, now: number): number | undefined {
    const mark = this.#marks.get(`revoked ${userId}`);
    return mark && ordinal <= mark.lastToken && now >= mark.visibleAt ? mark.stampSeconds : undefined;
  }

  /** The challenge that this token meets, and where. */
  of(token: ChallengedToken, now: number): { error: GraphError; where: ChallengePlace } | undefined {
    const keys = [
      ...(token.appOnly ? [] : [`revoked ${token.objectId}`, `user ${token.objectId}`]),
      `app ${token.appId}`,
      everybody,
    ];
    const marks = keys.map(key => this.#marks.get(key)).filter(mark => mark !== undefined);
    const mark = marks.find(one => token.ordinal <= one.lastToken && now >= one.visibleAt);
    return mark && { error: challenge(mark.stampSeconds), where: mark.where };
  }
}

const login =
  'authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"';

/** Graph's 401 for a token that is not accepted (graph-facts 1.9). */
export const refuseToken = (message: string, wwwAuthenticate = `Bearer realm="", ${login}`): GraphError =>
  new GraphError(401, 'InvalidAuthenticationToken', message, { 'WWW-Authenticate': wwwAuthenticate });

/** The claims challenge of graph-facts 5.2. */
function challenge(stampSeconds: number): GraphError {
  const claims = Buffer.from(
    `{"access_token":{"nbf":{"essential":true, "value":"${stampSeconds}"}}}`,
  ).toString('base64');
  const reason = 'with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp';
  return refuseToken(
    `Continuous access evaluation resulted in challenge ${reason}`,
    `Bearer realm="", ${login}, error="insufficient_claims", claims="${claims}", error_description="Continuous access evaluation resulted in claims challenge ${reason}"`,
  );
}
