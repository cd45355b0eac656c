import type { SimulatedUser } from '../objects.ts';
import type { Random } from '../random.ts';

export type SignInEventType =
  'interactiveUser' | 'nonInteractiveUser' | 'servicePrincipal' | 'managedIdentity';

export interface SignInDevice {
  readonly deviceId: string;
  readonly displayName: string | null;
  readonly operatingSystem: string | null;
  readonly browser: string | null;
  readonly isCompliant: boolean;
  readonly isManaged: boolean;
  readonly trustType: string | null;
}

export interface SignInLocation {
  readonly city: string | null;
  readonly state: string | null;
  readonly countryOrRegion: string | null;
  readonly geoCoordinates: { readonly latitude: number | null; readonly longitude: number | null };
}

/** A policy of Conditional Access, as an entry tells that it was looked at. */
export interface AppliedPolicy {
  readonly id: string;
  readonly displayName: string;
  readonly enforcedGrantControls: readonly string[];
  readonly enforcedSessionControls: readonly string[];
  readonly result: string;
}

/** An entry of the sign-in log under Graph's names, as beta knows it (graph-facts 5.4; Microsoft, "signIn resource type"). */
export interface SignInEntry {
  readonly id: string;
  /** Whole seconds. */
  readonly createdDateTime: string;
  readonly userDisplayName: string | null;
  /** In lower case, whatever the directory says. */
  readonly userPrincipalName: string | null;
  readonly userId: string;
  readonly appId: string;
  readonly appDisplayName: string | null;
  readonly ipAddress: string | null;
  readonly clientAppUsed: string | null;
  readonly userAgent: string | null;
  readonly correlationId: string;
  readonly conditionalAccessStatus: 'success' | 'failure' | 'notApplied';
  readonly isInteractive: boolean;
  readonly resourceDisplayName: string | null;
  readonly resourceId: string | null;
  readonly resourceTenantId: string | null;
  readonly homeTenantId: string | null;
  readonly servicePrincipalId: string | null;
  readonly servicePrincipalName: string | null;
  readonly status: {
    readonly errorCode: number;
    readonly failureReason: string | null;
    readonly additionalDetails: string | null;
  };
  readonly deviceDetail: SignInDevice;
  readonly location: SignInLocation;
  readonly riskDetail: string;
  readonly riskLevelAggregated: string;
  readonly riskLevelDuringSignIn: string;
  readonly riskState: string;
  readonly riskEventTypes_v2: readonly string[];
  readonly appliedConditionalAccessPolicies: readonly AppliedPolicy[];

  // Of beta only.
  readonly signInEventTypes: readonly SignInEventType[];
  readonly incomingTokenType: string;
  /** `uti` of the token that was issued. */
  readonly uniqueTokenIdentifier: string | null;
  readonly sessionId: string | null;
  readonly signInTokenProtectionStatus: string;
  readonly authenticationProcessingDetails: readonly { readonly key: string; readonly value: string }[];
  readonly authenticationRequirement: 'singleFactorAuthentication' | 'multiFactorAuthentication';
  readonly authenticationProtocol: string;
  readonly originalTransferMethod: string;
  readonly crossTenantAccessType: string;
  readonly userType: 'member' | 'guest';
}

/** Fields that version 1.0 does not have (graph-facts 5.4). */
export const betaFields: readonly (keyof SignInEntry)[] = [
  'signInEventTypes',
  'incomingTokenType',
  'uniqueTokenIdentifier',
  'sessionId',
  'signInTokenProtectionStatus',
  'authenticationProcessingDetails',
  'authenticationRequirement',
  'authenticationProtocol',
  'originalTransferMethod',
  'crossTenantAccessType',
  'userType',
];

/** What is told of a sign-in; the rest is filled in. */
export type SignInDraft = Partial<SignInEntry> & { userId: string };

const nowhere: SignInLocation = {
  city: null,
  state: null,
  countryOrRegion: null,
  geoCoordinates: { latitude: null, longitude: null },
};

export const unknownDevice: SignInDevice = {
  deviceId: '',
  displayName: null,
  operatingSystem: null,
  browser: null,
  isCompliant: false,
  isManaged: false,
  trustType: null,
};

/** Whole seconds, as the log writes times. */
export const logTime = (at: number): string =>
  new Date(Math.floor(at / 1000) * 1000).toISOString().replace('.000Z', 'Z');

/** A whole entry: what the draft leaves out is what most entries have. */
export function completeEntry(
  draft: SignInDraft,
  user: SimulatedUser | undefined,
  random: Random,
  tenantId: string,
  now: number,
): SignInEntry {
  const interactive = draft.isInteractive ?? draft.signInEventTypes?.includes('interactiveUser') ?? true;
  return {
    id: random.guid(),
    createdDateTime: logTime(now),
    userDisplayName: user?.displayName ?? null,
    userPrincipalName: user?.userPrincipalName.toLowerCase() ?? null,
    appId: '1fec8e78-bce4-4aaf-ab1b-5451cc387264',
    appDisplayName: 'Microsoft Teams',
    ipAddress: '203.0.113.7',
    clientAppUsed: 'Mobile Apps and Desktop clients',
    userAgent: null,
    correlationId: draft.correlationId ?? random.guid(),
    conditionalAccessStatus: 'notApplied',
    isInteractive: interactive,
    resourceDisplayName: 'Microsoft Graph',
    resourceId: '00000003-0000-0000-c000-000000000000',
    resourceTenantId: tenantId,
    homeTenantId: user?.external ? null : tenantId,
    servicePrincipalId: '',
    servicePrincipalName: null,
    status: { errorCode: 0, failureReason: 'Other.', additionalDetails: null },
    deviceDetail: unknownDevice,
    location: nowhere,
    riskDetail: 'none',
    riskLevelAggregated: 'none',
    riskLevelDuringSignIn: 'none',
    riskState: 'none',
    riskEventTypes_v2: [],
    appliedConditionalAccessPolicies: [],
    signInEventTypes: [interactive ? 'interactiveUser' : 'nonInteractiveUser'],
    incomingTokenType: interactive ? 'none' : 'refreshToken',
    uniqueTokenIdentifier: Buffer.from(random.guid().replaceAll('-', ''), 'hex').toString('base64url'),
    sessionId: draft.sessionId === undefined ? random.guid() : draft.sessionId,
    signInTokenProtectionStatus: 'none',
    authenticationProcessingDetails: [{ key: 'Legacy TLS (TLS 1.0, 1.1, 3DES)', value: 'False' }],
    authenticationRequirement: 'singleFactorAuthentication',
    authenticationProtocol: 'none',
    originalTransferMethod: 'none',
    crossTenantAccessType: user?.external ? 'b2bCollaboration' : 'none',
    userType: user?.userType === 'Guest' ? 'guest' : 'member',
    ...draft,
  };
}
