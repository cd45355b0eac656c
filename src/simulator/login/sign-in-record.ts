import type { SimulatedUser } from '../objects.ts';
import type { EntraError } from './entra-error.ts';

/** How somebody signed in, or tried to. */
export type SignInKind =
  | 'clientSecret'
  | 'clientCertificate'
  | 'federated'
  | 'deviceCode'
  | 'authorizationCode'
  | 'refreshToken'
  | 'password'
  | 'managedIdentity'
  | 'unknown';

/** One attempt to get a token; asking again for a device code that nobody has entered yet is none. */
export interface SimulatedSignIn {
  /** Milliseconds since 1970 on the tenant's clock. */
  readonly at: number;
  /** As sent, even when there is no such application. */
  readonly appId: string;
  readonly kind: SignInKind;
  /** Null when an application signed in by itself, or nobody was recognized. */
  readonly user: SimulatedUser | null;
  readonly succeeded: boolean;
  /** The number behind `AADSTS`, 0 for none. */
  readonly errorCode: number;
}

/** Who tries, as far as it is known by now. */
export interface Attempt {
  appId: string;
  kind: SignInKind;
  user: SimulatedUser | null;
}

/** Writes an attempt down: refused with `error`, else successful. */
export type Recorder = (attempt: Readonly<Attempt>, error?: EntraError) => void;
