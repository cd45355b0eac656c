import type { SimulatedUser } from '../objects.ts';
import type { Circumstances } from '../policies/coverage.ts';
import type { SignInApp, SignInResource } from './apps.ts';
import type { ClientDevice, Place } from './surroundings.ts';

/** How somebody signed in, and what they then do with it. */
export interface SessionPlan {
  readonly user: SimulatedUser;
  readonly app: SignInApp;
  readonly device: ClientDevice;
  readonly place: Place;
  /** Of the sign-in that a person took part in, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Whether the client understands claims challenges. */
  readonly continuousAccess: boolean;
  readonly authentication: 'password' | 'passwordless';
  readonly multiFactor: boolean;
  /** "Stay signed in": the browser's cookie is persistent, unless a policy says something else. */
  readonly kept: boolean;
  /** The mean time between two uses. */
  readonly everyMs: number;
  /** How often a use asks for a new token although it has one, 0 to 1. */
  readonly eagerness: number;
  /** From then on nobody uses it. */
  readonly usedUntil: number;
  readonly risk: 'none' | 'low' | 'medium' | 'high';
  /** Signs in anew so long after it was refused. */
  readonly returnsAfterMs?: number;
  /** Somebody else, who learned the password then: once it is changed they know it no more. */
  readonly stolenAt?: number;
}

/** What decides how a session ends (graph-facts 1.5): the cookie of a browser, a refresh token, or one that a server keeps. */
export type Credential = 'cookie' | 'token' | 'confidentialToken';

export function credentialOf({ client, confidential }: SignInApp): Credential {
  if (confidential) return 'confidentialToken';
  return client === 'browser' || client === 'webApp' ? 'cookie' : 'token';
}

/** What happens to an account, besides that it is disabled. */
export type AccountEvent = 'revoked' | 'passwordChanged' | 'passwordReset' | 'signedOut';

/** Which event ends which credential: the table of graph-facts 1.5. */
export function ends(event: AccountEvent, credential: Credential, { authentication }: SessionPlan): boolean {
  const byPassword = authentication === 'password';
  switch (event) {
    case 'revoked':
      return true;
    case 'passwordChanged':
      return byPassword && credential !== 'confidentialToken';
    case 'passwordReset':
      return byPassword || credential !== 'cookie';
    case 'signedOut':
      return credential === 'cookie';
  }
}

export function circumstancesOf(plan: SessionPlan, resource: SignInResource): Circumstances {
  const { user, app, device, place, risk } = plan;
  const native = app.client === 'native' ? 'mobileAppsAndDesktopClients' : 'browser';
  return {
    user,
    resource,
    clientType: app.clientAppUsed === undefined ? native : 'other',
    platform: device.platform,
    trustedPlace: place.trusted,
    compliant: device.detail.isCompliant,
    risk,
  };
}
