import { isMicrosoftResource } from '../graph/well-known-resources.ts';
import type { AccessRule, Confidence } from '../protocol/session.ts';
import { inWords, type Limit, type SessionRules, usualLifeMs } from './session-rules.ts';

/*
 * Until when access lasts: pure rules. Every time is the latest that the documented rules allow (graph-facts 1.5, 5, 6), so
 * that nobody relies on an end that does not come. Times are milliseconds since 1970, by Graph's clock.
 */

/** A session as the log shows it. */
export interface ObservedSession {
  resourceId: string | null;
  clientApp: string | null;
  protocol: string | null;
  /** Whether its tokens are of continuous access evaluation; null when the log does not tell. */
  continuousAccess: boolean | null;
  /** When the last token was issued that the log shows, at the latest. */
  lastIssued: number;
  /** When a person last took part, as far as the log shows; else the beginning of what was read. */
  lastInteractive: number;
}

/** Whose sessions they are. */
export interface SessionOwner {
  external: boolean;
  /** Sign-in is blocked. */
  disabled: boolean;
  /** From when sessions are valid; null when not known. */
  validFrom: number | null;
}

export interface Estimate {
  /** If nobody revokes; null when it has no end of its own. */
  until: number | null;
  /** If sessions are revoked now, or were already; null when that does not end it. */
  untilIfRevoked: number | null;
  rule: AccessRule;
  because: string;
  confidence: Confidence;
  detail: string | null;
}

/** Graph tells times in whole seconds: a moment may be so much later than it says. */
export const wholeSecondMs = 1000;

/** Resources are told of a revocation within so long (graph-facts 5.1). */
const propagationMs = 15 * 60_000;

/** The longest that a token of continuous access evaluation lives by itself (graph-facts 5.1). */
const continuousLifeMs = 28 * 3_600_000;

/** Until when a session lasts. */
export function estimate(
  session: ObservedSession,
  owner: SessionOwner,
  rules: SessionRules,
  now: number,
): Estimate {
  if (owner.external) return atHome;
  const life = lifeAfterRevocation(session, rules);
  const { validFrom } = owner;
  const revoked = validFrom !== null && validFrom >= session.lastIssued;
  const end = (revoked ? validFrom : now) + wholeSecondMs + life.ms;
  if (keepsSession(session)) return ownSession(session, end);
  if (revoked) return revokedAlready(end, life, now);
  const { until, why } = owner.disabled ? { until: end, why: disabled } : withoutRevocation(session, rules);
  return {
    until,
    untilIfRevoked: end,
    rule: life.rule,
    because: `${capital(life.why)}.`,
    confidence: life.known ? 'Known' : 'Inferred',
    detail: why,
  };
}

/** For somebody of whose sessions nothing is known: the worst case that the rules allow. */
export function estimateUnseen(owner: SessionOwner, life: Limit, now: number, why: string): Estimate {
  if (owner.external) return atHome;
  const end = now + wholeSecondMs + life.ms;
  return {
    until: owner.disabled ? end : null,
    untilIfRevoked: end,
    rule: life.rule,
    because: `${why} At worst ${life.why}; sessions of an app's own may last longer.`,
    confidence: 'Inferred',
    detail: owner.disabled ? disabled : null,
  };
}

const atHome: Estimate = {
  until: null,
  untilIfRevoked: null,
  rule: 'HomeTenant',
  because: 'An external user, who signs in at the home tenant: revoking here ends nothing.',
  confidence: 'Known',
  detail: 'Remove or block the guest here, or have the home tenant revoke.',
};

/**
 * How long a token lives on after a revocation. One that was issued just before it may not be in the log yet, so the last
 * token that the log shows is no bound.
 */
function lifeAfterRevocation({ continuousAccess }: ObservedSession, rules: SessionRules): Limit {
  const { tokenLife } = rules;
  const on = rules.continuousAccess;
  if (continuousAccess === true) {
    if (on === 'on') return nearRealTime(true);
    // The log shows such a token, so it was on; only whether it still is could not be read.
    if (on === 'maybe') return nearRealTime(false);
    // Its tokens end in near real time; those that were issued since live out.
    if (on === 'off') return { ...tokenLife, ms: Math.max(propagationMs, tokenLife.ms), known: false };
    return {
      ms: Math.max(continuousLifeMs, tokenLife.ms),
      known: false,
      rule: 'LongToken',
      why: 'a token of continuous access evaluation lives up to 28 h, and this resource is not known to take part',
    };
  }
  if (continuousAccess === null && (on === 'on' || on === 'maybe'))
    return {
      ms: Math.max(propagationMs, tokenLife.ms),
      known: false,
      rule: tokenLife.rule,
      why: `${tokenLife.why}, and the log does not tell of continuous access evaluation`,
    };
  return tokenLife;
}

const nearRealTime = (known: boolean): Limit => ({
  ms: propagationMs,
  known,
  rule: 'ContinuousAccess',
  why: 'app and resource speak continuous access evaluation: at most 15 min after a revocation',
});

/** True where the app may have a session of its own that Entra can't end. */
const keepsSession = ({ protocol, clientApp, resourceId }: ObservedSession): boolean =>
  ['saml20', 'saml11', 'wsfederation'].includes(protocol?.toLowerCase() ?? '') ||
  (clientApp?.toLowerCase() === 'browser' && !isMicrosoftResource(resourceId));

function ownSession({ protocol }: ObservedSession, end: number): Estimate {
  const what = protocol?.toLowerCase().startsWith('s') ? 'A SAML app' : 'An app in a browser';
  return {
    until: null,
    untilIfRevoked: null,
    rule: 'AppSession',
    because: `${what} that is not Microsoft's may keep a session of its own, which Entra can not end.`,
    confidence: 'Inferred',
    detail: `End it in the app. The token from Entra ends by ${new Date(end).toISOString()}.`,
  };
}

function revokedAlready(end: number, life: Limit, now: number): Estimate {
  return {
    until: end,
    untilIfRevoked: end,
    rule: life.rule,
    because: `Revoked already; ${life.why}.`,
    confidence: life.known ? 'Known' : 'Inferred',
    detail: end <= now ? 'Ended.' : null,
  };
}

const disabled = 'The account is disabled: no new token is issued.';

function withoutRevocation(
  session: ObservedSession,
  { frequency, tokenLife }: SessionRules,
): { until: number | null; why: string | null } {
  if (!frequency) return { until: null, why: null };
  const asked = Math.max(session.lastInteractive + frequency.ms, session.lastIssued);
  // A sign-in frequency is kept by tokens of continuous access evaluation, too, which then live as long as others do
  // (Microsoft, "Continuous access evaluation").
  const life = session.continuousAccess === false ? tokenLife.ms : Math.max(usualLifeMs, tokenLife.ms);
  return {
    until: asked + life,
    why: `Without a revocation until the policy ${frequency.policy} asks to sign in again (${inWords(frequency.ms)}), and the last token ends.`,
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
