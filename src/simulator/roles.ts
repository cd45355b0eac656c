/** Role template ids of Entra's built-in roles, by display name. Source: Microsoft, "Microsoft Entra built-in roles". */
export const roleTemplates: Readonly<Record<string, string>> = {
  'Application Administrator': '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
  'Authentication Administrator': 'c4e39bd9-1100-46d3-8c65-fb160da0071f',
  'Billing Administrator': 'b0f54661-2d74-4c50-afa3-1ec803f12efe',
  'Conditional Access Administrator': 'b1be1c3e-b65d-4f19-8427-f6fa0d97feb9',
  'Directory Readers': '88d8e3e3-8f55-4a1e-953a-9b9898b8876b',
  'Directory Writers': '9360feb5-f418-4baa-8175-e2a00bac4301',
  'Exchange Administrator': '29232cdf-9323-42fd-ade2-1d097af3e4de',
  'Global Administrator': '62e90394-69f5-4237-9190-012177145e10',
  'Global Reader': 'f2ef992c-3afb-46b9-b7cf-a126ee74c451',
  'Groups Administrator': 'fdd7a751-b60b-444a-984c-02652fe8fa1c',
  'Guest Inviter': '95e79109-95c0-4d8e-aee3-d01accf2d47b',
  'Helpdesk Administrator': '729827e3-9c14-49f7-bb1b-9608f156bbb8',
  'Intune Administrator': '3a2c62db-5318-420d-8d74-23affee5d9d5',
  'Message Center Reader': '790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b',
  'Password Administrator': '966707d0-3269-4727-9be2-8c3a10f19b9d',
  'Privileged Authentication Administrator': '7be44c8a-adaf-4e2a-84d6-ab2649e08a13',
  'Privileged Role Administrator': 'e8611ab8-c189-46e8-94e1-60213ab1f814',
  'Reports Reader': '4a5d8f65-41da-4de4-8968-e035b65339cf',
  'Security Administrator': '194ae4cb-b126-40b2-bd5b-6091b380977d',
  'SharePoint Administrator': 'f28a1f50-f6e7-4571-818b-6a12f2af6b6c',
  'Teams Administrator': '69091246-20e8-4a56-aa4d-066075b2a7a8',
  'Usage Summary Reports Reader': '75934031-6c7e-415a-99d7-48dbd49e875e',
  'User Administrator': 'fe930be7-5e62-47db-91af-98c3a49a38b1',
  'User Experience Success Manager': '27460883-1df1-4691-b032-3b79643e5e63',
};

/** What Entra puts into `wids` of every member, with a role or without. */
export const ordinaryMemberTemplate = 'b79fbf4d-3ef9-4689-8143-76b194e85509';

const nameOfTemplate = new Map(Object.entries(roleTemplates).map(([name, id]) => [id, name]));

/** The display name of a role template; the id itself when it is none of ours. */
export const roleName = (templateId: string): string => nameOfTemplate.get(templateId) ?? templateId;

const helpdesk = 'Helpdesk Administrator';
const authentication = 'Authentication Administrator';
const userAdministrator = 'User Administrator';
const highest = ['Privileged Authentication Administrator', 'Global Administrator'];
/*
 * Of those who may act on people without a role, graph-facts 1.7 names besides the matrix Security Administrator and
 * Directory Writers (holders of the directory action) and reports Password Administrator as refused in practice
 * although the matrix lists it: it is refused here.
 */
const onAnybodyOrdinary = [
  helpdesk,
  authentication,
  userAdministrator,
  ...highest,
  'Security Administrator',
  'Directory Writers',
];
const onReaders = [helpdesk, authentication, userAdministrator, ...highest];

/** Which actors may revoke a holder of the role; roles not listed here are for the two highest alone (graph-facts 1.7). */
const actorsByTargetRole: Readonly<Record<string, readonly string[]>> = {
  'Directory Readers': onAnybodyOrdinary,
  'Guest Inviter': onAnybodyOrdinary,
  'Password Administrator': onAnybodyOrdinary,
  'Message Center Reader': onReaders,
  'Reports Reader': onReaders,
  'User Experience Success Manager': onReaders,
  'Usage Summary Reports Reader': onReaders,
  'Helpdesk Administrator': [helpdesk, userAdministrator, ...highest],
  'Authentication Administrator': [authentication, ...highest],
  'Groups Administrator': [userAdministrator, ...highest],
  'User Administrator': [userAdministrator, ...highest],
};

/** The other way round; throws a RangeError for a name that is no role. */
export function templateId(role: string): string {
  const id = roleTemplates[role];
  if (id === undefined) throw new RangeError(`There is no directory role '${role}'.`);
  return id;
}

/** What of a target decides who may act on it. */
export interface RoleTarget {
  /** Directory roles, own and through groups. */
  roles: readonly string[];
  /** Member of a role-assignable group, or in a restricted-management administrative unit. */
  protectedByMembership: boolean;
}

/** Whether a signed-in caller with these roles may revoke the sessions of the target. */
export function mayRevoke(callerRoles: readonly string[], target: RoleTarget): boolean {
  const mayActOn = (allowed: readonly string[]): boolean => callerRoles.some(role => allowed.includes(role));
  if (target.protectedByMembership && !mayActOn(highest)) return false;
  if (target.roles.length === 0) return mayActOn(onAnybodyOrdinary);
  return target.roles.every(role => mayActOn(actorsByTargetRole[role] ?? highest));
}
