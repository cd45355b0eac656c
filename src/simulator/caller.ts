import { roleName } from './roles.ts';

/** Who signed a request: what the token says, and nothing from the directory. */
export interface Caller {
  readonly appOnly: boolean;
  /** The `oid`: a user, or with app-only the service principal. */
  readonly objectId: string;
  readonly appId: string;
  readonly permissions: ReadonlySet<string>;
  /** Display names of the directory roles in the token. */
  readonly roles: readonly string[];
}

const has = (caller: Caller, names: readonly string[]): boolean =>
  names.some(name => caller.permissions.has(name));

const wholeDirectory = ['Directory.Read.All', 'Directory.ReadWrite.All'];
const readGroups = [
  'GroupMember.Read.All',
  'GroupMember.ReadWrite.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  ...wholeDirectory,
];

/** How much of other users a caller may read: everything, the few properties of User.ReadBasic.All, or nothing. */
export function userReadLevel(caller: Caller): 'all' | 'basic' | 'none' {
  if (has(caller, ['User.Read.All', 'User.ReadWrite.All', ...wholeDirectory])) return 'all';
  return has(caller, ['User.ReadBasic.All']) ? 'basic' : 'none';
}

export const mayReadSelf = (caller: Caller): boolean =>
  userReadLevel(caller) === 'all' || has(caller, ['User.Read', 'User.ReadWrite']);

export const mayReadGroups = (caller: Caller): boolean => has(caller, readGroups);
export const mayReadHiddenMembers = (caller: Caller): boolean => has(caller, ['Member.Read.Hidden']);
export const mayReadDirectory = (caller: Caller): boolean => has(caller, wholeDirectory);

export const mayReadRoles = (caller: Caller): boolean =>
  has(caller, [
    'RoleManagement.Read.Directory',
    'RoleManagement.ReadWrite.Directory',
    'RoleManagement.Read.All',
    ...wholeDirectory,
  ]);

export const mayReadOrganization = (caller: Caller): boolean =>
  has(caller, ['Organization.Read.All', 'Organization.ReadWrite.All', ...wholeDirectory]) ||
  // Everybody who signs in may see the name of the own organization.
  (!caller.appOnly && (mayReadSelf(caller) || userReadLevel(caller) !== 'none'));

export const mayReadAudit = (caller: Caller): boolean => has(caller, ['AuditLog.Read.All']);

export const mayReadPolicies = (caller: Caller): boolean =>
  has(caller, ['Policy.Read.All', 'Policy.ReadWrite.ConditionalAccess']);

export const mayReadApplications = (caller: Caller): boolean =>
  has(caller, ['Application.Read.All', 'Application.ReadWrite.All', ...wholeDirectory]);

/** Roles with which a person reads the sign-in log (Microsoft, "List signIns"). */
const reportRoles = [
  'Global Administrator',
  'Global Reader',
  'Reports Reader',
  'Security Administrator',
  'Security Operator',
  'Security Reader',
];

export const mayReadReportsByRole = (caller: Caller): boolean =>
  caller.appOnly || caller.roles.some(role => reportRoles.includes(role));

/** Graph's permission for the type of a group member; without it the member comes with limited information. */
export function mayReadKind(caller: Caller, kind: string): boolean {
  if (mayReadDirectory(caller)) return true;
  if (kind === 'user') return userReadLevel(caller) !== 'none';
  if (kind === 'group') return mayReadGroups(caller);
  if (kind === 'device') return has(caller, ['Device.Read.All', 'Device.ReadWrite.All']);
  if (kind === 'orgContact') return has(caller, ['OrgContact.Read.All']);
  if (kind === 'directoryRole') return mayReadRoles(caller);
  return mayReadApplications(caller);
}

/** Least privileged is the first; the others do too (graph-facts 1.4, the conflict there decided as it says). */
export const mayCallRevoke = (caller: Caller): boolean =>
  has(caller, ['User.RevokeSessions.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All']);

/** The caller of a token's claims. */
export function callerFrom(claims: Readonly<Record<string, unknown>>): Caller {
  const appOnly = claims['idtyp'] === 'app';
  const scopes = typeof claims['scp'] === 'string' ? claims['scp'].split(' ') : [];
  return {
    appOnly,
    objectId: String(claims['oid']),
    appId: String(claims['appid']),
    permissions: new Set(appOnly ? texts(claims['roles']) : scopes),
    roles: texts(claims['wids']).map(roleName),
  };
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
