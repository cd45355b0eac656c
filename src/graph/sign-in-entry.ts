import { field, listOf, textOf } from './json-fields.ts';
import { isGuid } from './guid.ts';
import { longestName, shortened } from './shortened.ts';

/** A user's sign-in, or the use of a refresh token or cookie, as the log tells it. */
export interface SignInEntry {
  id: string;
  /** When it happened; milliseconds since 1970, by Entra's clock. */
  at: number;
  userId: string;
  userPrincipalName: string | null;
  appId: string | null;
  appName: string | null;
  resourceId: string | null;
  resourceName: string | null;
  /** Links what came of one sign-in. */
  sessionId: string | null;
  /** Links the entries of one authentication. */
  correlationId: string | null;
  interactive: boolean;
  /** As the log calls it: Browser, Mobile Apps and Desktop clients, IMAP4, ... */
  clientApp: string | null;
  /** As the log calls it: oAuth2, saml20, wsFederation, ...; null when it does not tell. */
  protocol: string | null;
  /** 0 for success. */
  errorCode: number;
  failure: string | null;
  /** Whether the token that was issued is one of continuous access evaluation; null when the entry does not tell. */
  continuousAccess: boolean | null;
  multiFactor: boolean | null;
  ipAddress: string | null;
  city: string | null;
  country: string | null;
  deviceId: string | null;
  /** Name, or operating system and browser. */
  device: string | null;
  managed: boolean | null;
  riskLevel: string | null;
  riskState: string | null;
}

/** Reads an entry; null for what is none, or of nobody. */
export function signInEntryOf(raw: unknown): SignInEntry | null {
  const text = (name: string, of: unknown = raw): string | null => {
    const whole = textOf(field(of, name));
    return whole === null ? null : shortened(whole, longestName);
  };
  const id = text('id');
  const at = Date.parse(text('createdDateTime') ?? '');
  const userId = field(raw, 'userId');
  if (id === null || Number.isNaN(at) || !isGuid(userId)) return null;
  const status = field(raw, 'status');
  const location = field(raw, 'location');
  const device = field(raw, 'deviceDetail');
  const errorCode = field(status, 'errorCode');
  const managed = field(device, 'isManaged');
  const browserAndSystem = [text('operatingSystem', device), text('browser', device)]
    .filter(Boolean)
    .join(', ');
  return {
    id,
    at,
    userId: userId.toLowerCase(),
    userPrincipalName: text('userPrincipalName'),
    appId: text('appId')?.toLowerCase() ?? null,
    appName: text('appDisplayName'),
    resourceId: text('resourceId')?.toLowerCase() ?? null,
    resourceName: text('resourceDisplayName'),
    sessionId: text('sessionId'),
    correlationId: text('correlationId'),
    interactive: field(raw, 'isInteractive') === true,
    clientApp: text('clientAppUsed'),
    protocol: meaningful(text('authenticationProtocol')),
    // What does not say that it succeeded is not taken for a success.
    errorCode: typeof errorCode === 'number' ? errorCode : -1,
    failure: errorCode === 0 ? null : text('failureReason', status),
    continuousAccess: caeOf(field(raw, 'authenticationProcessingDetails')),
    multiFactor: multiFactorOf(text('authenticationRequirement')),
    ipAddress: text('ipAddress'),
    city: text('city', location),
    country: text('countryOrRegion', location),
    deviceId: text('deviceId', device),
    device: text('displayName', device) ?? (browserAndSystem || null),
    managed: typeof managed === 'boolean' ? managed : null,
    riskLevel: meaningful(text('riskLevelAggregated')) ?? meaningful(text('riskLevelDuringSignIn')),
    riskState: meaningful(text('riskState')),
  };
}

/** `hidden` stands where the tenant has no licence for it. */
const meaningful = (value: string | null): string | null =>
  value === null || ['none', 'hidden', 'unknownFutureValue'].includes(value) ? null : value;

/** Entries of version 1.0 have no details at all; where there are some, a missing flag says as much as a false one. */
function caeOf(details: unknown): boolean | null {
  if (!Array.isArray(details)) return null;
  const flag = listOf(details).find(one => field(one, 'key') === 'Is CAE Token');
  return textOf(field(flag, 'value'))?.toLowerCase() === 'true';
}

const multiFactorOf = (requirement: string | null): boolean | null =>
  requirement === 'multiFactorAuthentication'
    ? true
    : requirement === 'singleFactorAuthentication'
      ? false
      : null;
