/** Who a policy is for. Ids of users, groups and role templates, or the words `All`, `None`, `GuestsOrExternalUsers`. */
export interface PolicyUsers {
  readonly includeUsers: readonly string[];
  readonly excludeUsers: readonly string[];
  readonly includeGroups: readonly string[];
  readonly excludeGroups: readonly string[];
  readonly includeRoles: readonly string[];
  readonly excludeRoles: readonly string[];
  readonly includeGuestsOrExternalUsers: PolicyGuests | null;
  readonly excludeGuestsOrExternalUsers: PolicyGuests | null;
}

export interface PolicyGuests {
  /** Separated by commas: `internalGuest`, `b2bCollaborationGuest`, `b2bCollaborationMember`, ... */
  readonly guestOrExternalUserTypes: string;
  readonly externalTenants: { readonly membershipKind: 'all' | 'enumerated' } | null;
}

/** What the sign-in has to go to. Ids of resources, or the words `All`, `None`, `Office365`, `MicrosoftAdminPortals`. */
export interface PolicyApplications {
  readonly includeApplications: readonly string[];
  readonly excludeApplications: readonly string[];
  readonly includeUserActions: readonly string[];
  readonly includeAuthenticationContextClassReferences: readonly string[];
  readonly applicationFilter: null;
}

export interface PolicyConditions {
  readonly users: PolicyUsers;
  readonly applications: PolicyApplications;
  /** `all`, `browser`, `mobileAppsAndDesktopClients`, `exchangeActiveSync`, `other`. */
  readonly clientAppTypes: readonly string[];
  readonly userRiskLevels: readonly string[];
  readonly signInRiskLevels: readonly string[];
  readonly servicePrincipalRiskLevels: readonly string[];
  readonly platforms: {
    readonly includePlatforms: readonly string[];
    readonly excludePlatforms: readonly string[];
  } | null;
  readonly locations: {
    readonly includeLocations: readonly string[];
    readonly excludeLocations: readonly string[];
  } | null;
  readonly devices: {
    readonly deviceFilter: { readonly mode: 'include' | 'exclude'; readonly rule: string };
  } | null;
  readonly clientApplications: null;
  readonly authenticationFlows: null;
}

export interface SignInFrequency {
  readonly isEnabled: boolean;
  readonly type: 'hours' | 'days' | null;
  readonly value: number | null;
  readonly authenticationType: 'primaryAndSecondaryAuthentication' | 'secondaryAuthentication';
  readonly frequencyInterval: 'timeBased' | 'everyTime';
}

export interface SessionControls {
  readonly applicationEnforcedRestrictions: { readonly isEnabled: boolean } | null;
  readonly cloudAppSecurity: null;
  readonly disableResilienceDefaults: boolean | null;
  readonly signInFrequency: SignInFrequency | null;
  readonly persistentBrowser: { readonly isEnabled: boolean; readonly mode: 'always' | 'never' } | null;
  readonly secureSignInSession: { readonly isEnabled: boolean } | null;
  /** Of beta only. */
  readonly continuousAccessEvaluation: {
    readonly mode: 'strictEnforcement' | 'disabled' | 'strictLocation';
  } | null;
}

/** A policy of Conditional Access under Graph's names (graph-facts 6; Microsoft, "conditionalAccessPolicy resource type"). */
export interface ConditionalAccessPolicy {
  readonly id: string;
  readonly templateId: string | null;
  readonly displayName: string;
  readonly createdDateTime: string;
  readonly modifiedDateTime: string | null;
  readonly state: 'enabled' | 'disabled' | 'enabledForReportingButNotEnforced';
  readonly conditions: PolicyConditions;
  readonly grantControls: {
    readonly operator: 'AND' | 'OR';
    readonly builtInControls: readonly string[];
  } | null;
  readonly sessionControls: SessionControls | null;
}

/** What a test says of a policy: everybody, every app and nothing else unless it is told. */
export interface ConditionalAccessDraft extends Partial<
  Omit<ConditionalAccessPolicy, 'conditions' | 'sessionControls'>
> {
  conditions?: Partial<Omit<PolicyConditions, 'users' | 'applications'>> & {
    users?: Partial<PolicyUsers>;
    applications?: Partial<PolicyApplications>;
  };
  sessionControls?: Partial<SessionControls> | null;
}

const noUsers: PolicyUsers = {
  includeUsers: [],
  excludeUsers: [],
  includeGroups: [],
  excludeGroups: [],
  includeRoles: [],
  excludeRoles: [],
  includeGuestsOrExternalUsers: null,
  excludeGuestsOrExternalUsers: null,
};

const noControls: SessionControls = {
  applicationEnforcedRestrictions: null,
  cloudAppSecurity: null,
  disableResilienceDefaults: null,
  signInFrequency: null,
  persistentBrowser: null,
  secureSignInSession: null,
  continuousAccessEvaluation: null,
};

export function completePolicy(
  draft: ConditionalAccessDraft,
  id: string,
  createdDateTime: string,
): ConditionalAccessPolicy {
  const { conditions = {}, sessionControls } = draft;
  return {
    id,
    templateId: null,
    displayName: `Policy ${id.slice(0, 4)}`,
    createdDateTime,
    modifiedDateTime: null,
    state: 'enabled',
    grantControls: null,
    ...draft,
    conditions: {
      clientAppTypes: ['all'],
      userRiskLevels: [],
      signInRiskLevels: [],
      servicePrincipalRiskLevels: [],
      platforms: null,
      locations: null,
      devices: null,
      clientApplications: null,
      authenticationFlows: null,
      ...conditions,
      users: { ...noUsers, ...(conditions.users ?? { includeUsers: ['All'] }) },
      applications: {
        includeApplications: ['All'],
        excludeApplications: [],
        includeUserActions: [],
        includeAuthenticationContextClassReferences: [],
        applicationFilter: null,
        ...conditions.applications,
      },
    },
    sessionControls: sessionControls ? { ...noControls, ...sessionControls } : null,
  };
}

/** Sign in again after so long. */
export const every = (value: number, type: 'hours' | 'days'): SignInFrequency => ({
  isEnabled: true,
  type,
  value,
  authenticationType: 'primaryAndSecondaryAuthentication',
  frequencyInterval: 'timeBased',
});

/** Sign in again each time, which in practice means after five minutes (graph-facts 6). */
export const everyTime: SignInFrequency = {
  isEnabled: true,
  type: null,
  value: null,
  authenticationType: 'primaryAndSecondaryAuthentication',
  frequencyInterval: 'everyTime',
};
