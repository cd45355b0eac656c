import type { Feature } from '../protocol/access.ts';

/** A permission of Microsoft Graph and its ids; a kind of sign-in that has no such permission has no id. */
export interface Permission {
  name: string;
  /** App role, for app-only. */
  appRoleId: string | null;
  /** Delegated scope. */
  scopeId: string | null;
}

/** What one thing takes: any of `any`, of which the first is the least and the one to ask for. */
export interface FeatureNeed {
  feature: Feature;
  purpose: string;
  /** Needed unless the product is told to go without. */
  required: boolean;
  any: readonly string[];
  /** What does not work without it, for a sentence. */
  without: string;
}

/** Graph's own application, in every cloud. */
export const graphAppId = '00000003-0000-0000-c000-000000000000';

/** Ids from microsoftgraph/microsoft-graph-devx-content, permissions.json (graph-facts 1.4). */
export const permissions: readonly Permission[] = [
  {
    name: 'User.RevokeSessions.All',
    appRoleId: '77f3a031-c388-4f99-b373-dc68676a979e',
    scopeId: 'fc30e98b-8810-4501-81f5-c20a3196387b',
  },
  {
    name: 'User.Read.All',
    appRoleId: 'df021288-bdef-4463-88db-98f22de89214',
    scopeId: 'a154be20-db9c-4678-8ab7-66f6cc099a59',
  },
  {
    name: 'GroupMember.Read.All',
    appRoleId: '98830695-27a2-44f7-8c18-0c3ebc9698f6',
    scopeId: 'bc024368-1153-4739-b217-4326f2e966d0',
  },
  {
    name: 'RoleManagement.Read.Directory',
    appRoleId: '483bed4a-2ad3-4361-a73b-c83ccdbdc53c',
    scopeId: '741c54c3-0c1e-44a1-818b-3f97ab4e8c83',
  },
  {
    name: 'AuditLog.Read.All',
    appRoleId: 'b0afded3-3588-46d8-8b3d-9842eff778da',
    scopeId: 'e4c9e354-4dc5-45b8-9e7c-e1393b0b1a20',
  },
  {
    name: 'Policy.Read.All',
    appRoleId: '246dd0d5-5bd0-4def-940b-0421030a5b68',
    scopeId: '572fea84-0151-49b2-9301-11cb16974376',
  },
];

const directory = ['Directory.Read.All', 'Directory.ReadWrite.All'];

/**
 * Microsoft's four published tables for the revocation contradict each other; any of these three has worked for somebody
 * (graph-facts 1.4), so none of them is refused here and only the first is recommended.
 */
export const featureNeeds: readonly FeatureNeed[] = [
  {
    feature: 'Revoke',
    purpose: 'end the sign-in sessions of users',
    required: true,
    any: ['User.RevokeSessions.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'],
    without: 'Nobody can be revoked',
  },
  {
    feature: 'Prove',
    purpose: 'look users up by name, and prove each revocation by reading the user again',
    required: true,
    any: ['User.Read.All', 'User.ReadWrite.All', ...directory],
    without: 'Revocations end as Unverified',
  },
  {
    feature: 'FindUsers',
    purpose: 'find users by filter, or all of them',
    required: false,
    any: ['User.Read.All', 'User.ReadBasic.All', 'User.ReadWrite.All', ...directory],
    without: 'Users can not be found by filter',
  },
  {
    feature: 'FindGroups',
    purpose: 'list the members of groups, also of those that are excluded',
    required: false,
    any: [
      'GroupMember.Read.All',
      'GroupMember.ReadBasic.All',
      'GroupMember.ReadWrite.All',
      'Group.Read.All',
      'Group.ReadWrite.All',
      ...directory,
    ],
    without: 'Groups can neither be revoked nor excluded',
  },
  {
    feature: 'ExplainDenial',
    purpose: 'name the role that a denied user holds and the one it takes',
    required: false,
    any: [
      'RoleManagement.Read.Directory',
      'RoleManagement.Read.All',
      'RoleManagement.ReadWrite.Directory',
      ...directory,
    ],
    without: 'Denied tells all roles that may be missing, not the one',
  },
  {
    feature: 'ReadAudit',
    purpose: 'look the revocations of a run up in the audit log',
    required: false,
    any: ['AuditLog.Read.All', ...directory],
    without: 'Runs can not be reconciled with the audit log',
  },
  {
    feature: 'ReadSignIns',
    purpose: 'see where users are signed in, and whether somebody comes back',
    required: false,
    any: ['AuditLog.Read.All'],
    without: 'Nobody can see where users are signed in',
  },
  {
    feature: 'ReadPolicies',
    purpose: 'read the policies that make sessions longer or shorter',
    required: false,
    any: ['Policy.Read.All'],
    without: 'How long access lasts is told by the worst case',
  },
];

/** The needs of one feature. */
export function needsOf(feature: Feature): FeatureNeed {
  const need = featureNeeds.find(n => n.feature === feature);
  if (!need) throw new Error(`no permission is known for ${feature}`);
  return need;
}

/** True when one of the permissions that do is among those of the token. */
export const isPermitted = (feature: Feature, held: readonly string[]): boolean =>
  needsOf(feature).any.some(name => held.includes(name));
