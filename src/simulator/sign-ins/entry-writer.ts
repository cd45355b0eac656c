import type { SessionRules } from './session-rules.ts';
import { statusOf } from './sign-in-errors.ts';
import { logTime, type AppliedPolicy, type SignInDraft } from './sign-in-entry.ts';
import type { SignInResource } from './apps.ts';
import { circumstancesOf, type SessionPlan } from './session-plan.ts';
import type { ConditionalAccessPolicy } from '../policies/conditional-access-policy.ts';

/** What the log is told of one request for a token. */
export interface TokenRequest {
  readonly at: number;
  readonly resource: SignInResource;
  readonly interactive: boolean;
  readonly errorCode: number;
  /** What the entry says of continuous access: nothing when left out. */
  readonly continuousAccess?: boolean;
  readonly sessionId: string | null;
  readonly correlationId: string;
}

/** Words a request for a token as an entry of the log. */
export function entryOf(plan: SessionPlan, request: TokenRequest, rules: SessionRules): SignInDraft {
  const { user, app, device, place, multiFactor, risk } = plan;
  const { enforced, reported } = rules.applied(circumstancesOf(plan, request.resource));
  const succeeded = request.errorCode === 0;
  return {
    userId: user.id,
    createdDateTime: logTime(request.at),
    appId: app.id,
    appDisplayName: app.name,
    resourceId: request.resource.id,
    resourceDisplayName: request.resource.name,
    ipAddress: place.ipAddress,
    location: place.location,
    clientAppUsed:
      app.clientAppUsed ?? (app.client === 'native' ? 'Mobile Apps and Desktop clients' : 'Browser'),
    userAgent: device.userAgent,
    deviceDetail: device.detail,
    correlationId: request.correlationId,
    isInteractive: request.interactive,
    signInEventTypes: [request.interactive ? 'interactiveUser' : 'nonInteractiveUser'],
    incomingTokenType: incomingToken(plan, request),
    ...(!succeeded && { uniqueTokenIdentifier: null }),
    sessionId: request.sessionId,
    authenticationProcessingDetails: [
      { key: 'Legacy TLS (TLS 1.0, 1.1, 3DES)', value: 'False' },
      ...(request.continuousAccess === undefined
        ? []
        : [{ key: 'Is CAE Token', value: request.continuousAccess ? 'True' : 'False' }]),
    ],
    authenticationRequirement: multiFactor ? 'multiFactorAuthentication' : 'singleFactorAuthentication',
    authenticationProtocol: app.protocol ?? 'none',
    status: statusOf(request.errorCode),
    conditionalAccessStatus: enforced.length === 0 ? 'notApplied' : succeeded ? 'success' : 'failure',
    appliedConditionalAccessPolicies: [
      ...enforced.map(policy => applied(policy, succeeded ? 'success' : 'failure')),
      ...reported.map(policy => applied(policy, succeeded ? 'reportOnlySuccess' : 'reportOnlyFailure')),
    ],
    riskLevelDuringSignIn: request.interactive ? risk : 'none',
    riskLevelAggregated: request.interactive ? risk : 'none',
    riskState: request.interactive && risk !== 'none' ? 'atRisk' : 'none',
    riskEventTypes_v2:
      request.interactive && risk !== 'none' ? ['anonymizedIPAddress', 'unfamiliarFeatures'] : [],
  };
}

function incomingToken({ app, device }: SessionPlan, { interactive }: TokenRequest): string {
  if (interactive || app.client === 'browser' || app.client === 'webApp') return 'none';
  return device.detail.trustType === null ? 'refreshToken' : 'primaryRefreshToken';
}

function applied(
  { id, displayName, grantControls, sessionControls }: ConditionalAccessPolicy,
  result: string,
): AppliedPolicy {
  return {
    id,
    displayName,
    enforcedGrantControls: grantControls?.builtInControls ?? [],
    enforcedSessionControls: Object.entries(sessionControls ?? {}).flatMap(([name, control]) =>
      control === null ? [] : [name.charAt(0).toUpperCase() + name.slice(1)],
    ),
    result,
  };
}
