import type { SignInEntry } from '../graph/sign-in-entry.ts';
import type { SignInSession } from '../protocol/session.ts';
import type { EstimatedSession } from './estimator.ts';
import { harmless } from './harmless.ts';
import type { NamedUser } from './resolve-users.ts';

/** The rows of one user. */
export const sessionRows = (
  tenantId: string | null,
  named: NamedUser,
  estimated: readonly EstimatedSession[],
): SignInSession[] =>
  estimated.map(({ session, estimate }) => ({
    tenantId,
    reference: harmless(named.reference),
    userId: named.id,
    userPrincipalName: shown(named.userPrincipalName ?? session?.last.userPrincipalName ?? null),
    displayName: shown(named.displayName),
    ...(session ? seen(session.last) : nothing),
    continuousAccess: session?.continuousAccess ?? null,
    signIns: session?.signIns ?? 0,
    accessUntil: isoTime(estimate.until),
    accessUntilIfRevoked: isoTime(estimate.untilIfRevoked),
    rule: estimate.rule,
    because: harmless(estimate.because),
    confidence: estimate.confidence,
    detail: shown(estimate.detail),
  }));

type Seen = Pick<
  SignInSession,
  | 'appId'
  | 'appDisplayName'
  | 'resourceId'
  | 'resourceDisplayName'
  | 'sessionId'
  | 'lastTokenIssued'
  | 'interactive'
  | 'clientApp'
  | 'device'
  | 'deviceId'
  | 'managed'
  | 'ipAddress'
  | 'place'
  | 'riskLevel'
  | 'riskState'
>;

const seen = (entry: SignInEntry): Seen => ({
  appId: entry.appId,
  appDisplayName: shown(entry.appName),
  resourceId: entry.resourceId,
  resourceDisplayName: shown(entry.resourceName),
  sessionId: entry.sessionId,
  lastTokenIssued: isoTime(entry.at),
  interactive: entry.interactive,
  clientApp: shown(entry.clientApp),
  device: shown(entry.device),
  deviceId: entry.deviceId,
  managed: entry.managed,
  ipAddress: entry.ipAddress,
  place: placeOf(entry),
  riskLevel: entry.riskLevel,
  riskState: entry.riskState,
});

const nothing: Seen = {
  appId: null,
  appDisplayName: null,
  resourceId: null,
  resourceDisplayName: null,
  sessionId: null,
  lastTokenIssued: null,
  interactive: null,
  clientApp: null,
  device: null,
  deviceId: null,
  managed: null,
  ipAddress: null,
  place: null,
  riskLevel: null,
  riskState: null,
};

/** City and country, as far as the log tells. */
export const placeOf = ({ city, country }: SignInEntry): string | null =>
  shown([city, country].filter(Boolean).join(', ') || null);

export const isoTime = (ms: number | null): string | null =>
  ms === null ? null : new Date(ms).toISOString();

/** What a tenant wrote, for a terminal. */
export const shown = (text: string | null): string | null => text && harmless(text);
