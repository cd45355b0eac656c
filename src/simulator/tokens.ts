import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Caller, callerFrom } from './caller.ts';
import { type ChallengeOptions, Challenges, refuseToken as refuse } from './challenges.ts';
import type { GraphError } from './graph-error.ts';
import type { PersonaName } from './personas.ts';
import { Random } from './random.ts';

/** What a token is to say; what is left out comes from the persona, and that is `userAdministrator` unless named. */
export interface TokenOptions {
  persona?: PersonaName;
  /** Delegated scopes, or app roles with `appOnly`, instead of the persona's. */
  permissions?: readonly string[];
  /** Display names of directory roles instead of those of the user. */
  roles?: readonly string[];
  appOnly?: boolean;
  /** Another user than the persona's; one that is not in the tenant makes a partner's token. */
  userId?: string;
  /** Default 3,900: between the 60 and 90 minutes of Entra. */
  lifetimeSeconds?: number;
  /** Whether the client declared `cp1`: only then does a revocation of its user end the token early. Default true. */
  continuousAccess?: boolean;
  /** Default Microsoft Graph. */
  audience?: string;
}

/** The contents of a token that do not come from the issuer itself. */
export interface TokenSubject {
  objectId: string;
  appId: string;
  appOnly: boolean;
  upn?: string;
  name: string;
  /** Of the application that a person signed in with. */
  appName?: string;
  permissions: readonly string[];
  roleTemplateIds: readonly string[];
  lifetimeSeconds: number;
  continuousAccess: boolean;
  audience: string;
}

/** The caller behind a token, and what awaits the items of a batch that it signs. */
export interface VerifiedToken {
  readonly caller: Caller;
  readonly itemChallenge?: GraphError;
}

export const graphAudience = 'https://graph.microsoft.com';
const acceptedAudiences = [graphAudience, `${graphAudience}/`, '00000003-0000-0000-c000-000000000000'];
const knownTokensKept = 1000;

/** Where a real token names Entra, these name this: nobody can mistake one for the other. */
export const issuerOf = (tenantId: string): string => `https://simulated.usersession.invalid/${tenantId}/`;

/** Issues tokens in the shape of Entra's, and takes back only its own. */
export class TokenIssuer {
  readonly #key: string;
  readonly #tenantId: string;
  readonly #random: Random;
  /** Tokens are numbered: clocks are too coarse to say which came before a revocation. */
  #issued = 0;
  #refusedUpTo = 0;
  readonly #challenges = new Challenges();
  readonly #verified = new Map<string, Record<string, unknown>>();

  constructor(seed: number, tenantId: string) {
    this.#random = new Random(seed, 'tokens');
    this.#key = new Random(seed, 'token key').guid();
    this.#tenantId = tenantId;
  }

  issue(subject: TokenSubject, now: number): string {
    const issuedAt = Math.floor(now / 1000);
    const claims = {
      aud: subject.audience,
      iss: issuerOf(this.#tenantId),
      iat: issuedAt,
      nbf: issuedAt,
      exp: issuedAt + subject.lifetimeSeconds,
      app_displayname: subject.appOnly
        ? subject.name
        : (subject.appName ?? 'Microsoft Graph Command Line Tools'),
      appid: subject.appId,
      idtyp: subject.appOnly ? 'app' : 'user',
      ...(!subject.appOnly && { name: subject.name }),
      oid: subject.objectId,
      ...(subject.appOnly ? { roles: subject.permissions } : { scp: subject.permissions.join(' ') }),
      sub: subject.objectId,
      tid: this.#tenantId,
      ...(subject.upn !== undefined && { unique_name: subject.upn, upn: subject.upn }),
      uti: `${this.#random.guid()}.${++this.#issued}`,
      ver: '1.0',
      wids: subject.roleTemplateIds,
      ...(subject.continuousAccess && { xms_cc: ['cp1'] }),
    };
    const content = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode(claims)}`;
    return `${content}.${this.#sign(content)}`;
  }

  /** Every token issued so far is refused from now on. */
  expireAll(): void {
    this.#refusedUpTo = this.#issued;
  }

  /** Tokens of this user that were issued before are challenged as soon as the revocation can be seen. */
  revoke(userId: string, stampSeconds: number, visibleAt: number): void {
    this.#challenges.revokeUser(userId, this.#issued, stampSeconds, visibleAt);
  }

  /** From now on tokens that were issued before are answered with a claims challenge. */
  challenge(options: ChallengeOptions, now: number): void {
    this.#challenges.demand(options, this.#issued, now);
  }

  /** How many tokens there have been: what is issued later has a higher number. */
  get issued(): number {
    return this.#issued;
  }

  /** When the user was revoked, in seconds since 1970, if that can be seen and came after token number `ordinal`. */
  revocationOf(userId: string, ordinal: number, now: number): number | undefined {
    return this.#challenges.revocationOf(userId, ordinal, now);
  }

  /** The caller behind an Authorization header; throws Graph's 401 (graph-facts 1.9 and 5.2). */
  verify(authorization: string | undefined, now: number, isBatch = false): VerifiedToken {
    const token = /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? '')?.[1];
    if (!token) throw refuse('Access token is empty.');
    const claims = this.#claimsOf(token);
    const ordinal = Number(String(claims['uti']).split('.')[1]);
    if (Number(claims['exp']) * 1000 <= now || ordinal <= this.#refusedUpTo) {
      throw refuse('Lifetime validation failed, the token is expired.');
    }
    const caller = callerFrom(claims);
    // Who did not declare cp1 would not understand a challenge, and goes on until the token ends.
    const challenge =
      claims['xms_cc'] === undefined ? undefined : this.#challenges.of({ ...caller, ordinal }, now);
    if (challenge && !(isBatch && challenge.where === 'item')) throw challenge.error;
    return { caller, itemChallenge: challenge?.error };
  }

  #claimsOf(token: string): Record<string, unknown> {
    const known = this.#verified.get(token);
    if (known) return known;
    const [header, payload, signature] = token.split('.');
    const claims = payload === undefined ? undefined : decode(payload);
    if (!claims || signature === undefined)
      throw refuse('CompactToken parsing failed with error code: 80049217');
    if (!acceptedAudiences.includes(String(claims['aud']))) {
      throw refuse('Access token validation failure. Invalid audience.');
    }
    if (!equal(signature, this.#sign(`${header}.${payload}`)))
      throw refuse('Access token validation failure.');
    if (this.#verified.size >= knownTokensKept) this.#verified.clear();
    this.#verified.set(token, claims);
    return claims;
  }

  #sign(content: string): string {
    return createHmac('sha256', this.#key).update(content).digest('base64url');
  }
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function decode(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
