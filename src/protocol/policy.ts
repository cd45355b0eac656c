import type { UserReference } from './reference.ts';
import type { Confidence, UnresolvedUser } from './session.ts';
import type { TenantConnection } from './tenant.ts';

/** One setting of the tenant that makes sessions longer or shorter. */
export interface SessionPolicy {
  tenantId: string | null;
  kind:
    | 'SignInFrequency'
    | 'PersistentBrowser'
    | 'ContinuousAccess'
    | 'TokenLifetime'
    | 'IdleTimeout'
    | 'SecurityDefaults';
  policyId: string | null;
  policyName: string | null;
  /** ReportOnly binds nobody. */
  state: 'Enabled' | 'Disabled' | 'ReportOnly';
  /** The setting in words: "every 4 hours", "never persistent", "access tokens live 8 h". */
  setting: string;
  /** To whom and to what it applies, in words. */
  appliesTo: string;
  /** Of the users asked for those that it covers; null when nobody was asked for. */
  covers: PolicyCoverage[] | null;
  verdict: 'Slower' | 'Faster' | 'NoEffect';
  /** What that means for a revocation, with how much. */
  because: string;
  /** What to change; null when nothing has to be. */
  advice: string | null;
}

export interface PolicyCoverage {
  userId: string | null;
  userPrincipalName: string | null;
  /** Null when conditions decide that are not known before a sign-in. */
  covered: boolean | null;
  confidence: Confidence;
}

/** Asks what the tenant does to the length of sessions; reads only. */
export interface PolicyShowParams {
  tenant: TenantConnection;
  /**
   * Whom each policy is held against. A hundred at a time, since each policy of the answer names all of them.
   * @maxItems 100
   */
  users?: UserReference[];
}

export interface PolicyShowResult {
  policies: SessionPolicy[];
  unresolved: UnresolvedUser[];
  /** What could not be read, and what that leaves open. */
  warnings: string[];
}
