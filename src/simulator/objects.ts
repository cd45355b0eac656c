/** One way in which a user signs in (Graph's objectIdentity). */
export interface SimulatedIdentity {
  readonly signInType: 'userPrincipalName' | 'federated';
  readonly issuer: string;
  readonly issuerAssignedId: string | null;
}

/** A user as the directory holds it: Graph's properties under Graph's names, and below them what only the simulator knows. */
export interface SimulatedUser {
  readonly id: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly givenName: string | null;
  readonly surname: string | null;
  readonly mail: string | null;
  readonly mailNickname: string;
  readonly proxyAddresses: readonly string[];
  readonly otherMails: readonly string[];
  accountEnabled: boolean;
  readonly userType: 'Member' | 'Guest';
  readonly identities: readonly SimulatedIdentity[];
  readonly externalUserState: 'Accepted' | 'PendingAcceptance' | null;
  readonly department: string | null;
  readonly jobTitle: string | null;
  readonly companyName: string | null;
  readonly officeLocation: string | null;
  readonly usageLocation: string | null;
  readonly preferredLanguage: string | null;
  readonly employeeId: string | null;
  readonly businessPhones: readonly string[];
  readonly mobilePhone: string | null;
  readonly onPremisesSyncEnabled: boolean | null;
  readonly createdDateTime: string;
  /** The truth of this moment, whole seconds; what a reader sees may be older (`replicas.ts`). */
  signInSessionsValidFromDateTime: string;

  /** Display names of the directory roles assigned to the user itself. */
  readonly roles: readonly string[];
  /** Signs in at another tenant or provider, so that a revocation here has no effect (graph-facts 1.6). */
  readonly external: boolean;
  /** In an administrative unit with restricted management (graph-facts 1.7). */
  readonly restrictedManagement: boolean;
}

export interface SimulatedDevice {
  readonly kind: 'device';
  readonly id: string;
  readonly displayName: string;
}

export interface SimulatedContact {
  readonly kind: 'orgContact';
  readonly id: string;
  readonly displayName: string;
  readonly mail: string;
}

export interface SimulatedServicePrincipal {
  readonly kind: 'servicePrincipal';
  readonly id: string;
  readonly displayName: string;
  readonly appId: string;
}

/** What a group can hold besides users and groups. */
export type SimulatedThing = SimulatedDevice | SimulatedContact | SimulatedServicePrincipal;

export interface SimulatedGroup {
  readonly id: string;
  readonly displayName: string;
  readonly description: string | null;
  readonly mail: string | null;
  readonly mailEnabled: boolean;
  readonly mailNickname: string;
  readonly securityEnabled: boolean;
  readonly groupTypes: readonly string[];
  readonly visibility: 'Public' | 'Private' | 'HiddenMembership' | null;
  readonly isAssignableToRole: boolean | null;
  readonly membershipRule: string | null;
  readonly createdDateTime: string;

  /** Ids of the direct members of any kind, in the order in which they are listed. */
  readonly memberIds: readonly string[];
  /** Display names of the directory roles assigned to the group. */
  readonly roles: readonly string[];
}
