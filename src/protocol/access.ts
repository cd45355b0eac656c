import type { TenantInfo } from './tenant.ts';

/** What a sign-in can do in its tenant, and how to get what is missing. */
export interface AccessReport {
  tenant: TenantInfo;
  /** What Graph said to the token just now. `accepted` is null when no answer came; `detail` says why, else null. */
  graph: { accepted: boolean | null; detail: string | null };
  features: FeatureAccess[];
  /** True when nothing that this product needs by default is missing. */
  ready: boolean;
  /** Where an administrator consents to what is missing; null when nothing is, or the app is not known. */
  consentUrl: string | null;
  /** Commands that get what is missing, for this kind of sign-in. */
  commands: string[];
}

export interface FeatureAccess {
  feature: Feature;
  /** What it is for, in a few words. */
  purpose: string;
  /** Null when the token does not tell. */
  works: boolean | null;
  /** Whether the product needs it unless it is told to go without. */
  required: boolean;
  /** The least permission to ask for; null when it is there. */
  missing: string | null;
  /** What will not work, and what to do. */
  detail: string | null;
}

/** What permissions are for; the table is in `graph/permissions.ts`. */
export type Feature =
  | 'Revoke'
  | 'Prove'
  | 'FindUsers'
  | 'FindGroups'
  | 'ExplainDenial'
  | 'ReadAudit'
  | 'ReadSignIns'
  | 'ReadPolicies';
