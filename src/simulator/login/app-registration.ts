import type { JsonWebKey } from 'node:crypto';

export interface AppSecret {
  value: string;
  /** Milliseconds since 1970; never when left out. */
  expiresAt?: number;
}

/** Trust in the tokens of somebody outside: workload identity federation. */
export interface FederatedCredential {
  issuer: string;
  subject: string;
  /** Default `api://AzureADTokenExchange`. */
  audience?: string;
  /** Public keys of the issuer, as JWK (`kid` is heeded where there is one) or PEM. */
  keys: readonly (JsonWebKey | string)[];
}

/**
 * An application as the tenant knows it. What it is refused with is part of it, so that each refusal can be reached:
 * an `expiresAt` that is over (7000222), `disabled` (7000112), `cloud: 'USGov'` (900439), `consented: false` and scopes
 * beyond `permissions` (65001), `assignedUsers` (50105), and its id in `conditionalAccess` of the tenant (53003, 50076).
 */
export interface AppRegistration {
  /** Client id; drawn when left out. */
  appId?: string;
  displayName?: string;
  secrets?: readonly AppSecret[];
  /** PEM; found by SHA-256 or SHA-1 thumbprint. */
  certificates?: readonly string[];
  federated?: readonly FederatedCredential[];
  /** What it was consented: scopes when somebody signs in, app roles when it acts by itself. Default none. */
  permissions?: readonly string[];
  /** Display names of directory roles that its service principal holds. */
  roles?: readonly string[];
  /** Default `http://localhost`; a loopback address without port fits every port. */
  redirectUris?: readonly string[];
  /** Whether people sign in without a credential of the app; by default those without any are such. */
  publicClient?: boolean;
  /** Default true. Without, people are refused, and the app itself gets tokens that hold no permission. */
  consented?: boolean;
  disabled?: boolean;
  /** Where it is registered; one of another cloud is refused here. */
  cloud?: 'Public' | 'USGov';
  /** User principal names; when given, nobody else may sign in with it. */
  assignedUsers?: readonly string[];
}

/** A registration with everything filled in. */
export type RegisteredApp = Readonly<Required<Omit<AppRegistration, 'assignedUsers'>>> & {
  readonly assignedUsers?: readonly string[];
  /** Object id of its service principal: the `oid` of its own tokens. */
  readonly servicePrincipalId: string;
};

/** Who is kept from signing in; user principal names, object ids and client ids. */
export interface ConditionalAccess {
  /** Answered with 53003. */
  block?: readonly string[];
  /** Answered with 50076: nobody passes a second factor here. */
  mfa?: readonly string[];
}

/** An identity of the machine that asks, instead of a registered app. */
export interface ManagedIdentity {
  kind: 'system' | 'user';
  clientId: string;
  /** Object id of its service principal. */
  objectId: string;
  /** Azure's path of a user-assigned one. */
  resourceId?: string;
  permissions: readonly string[];
}
