/*
 * Who may revoke whom, for a signed-in person. Source: Microsoft, "Privileged roles and permissions in Microsoft Entra
 * ID", table "Who can reset passwords", which says that it holds for invalidating refresh tokens too (graph-facts 1.7).
 */

export interface Role {
  name: string;
  /** The role's template id: the same in every tenant, and what a token's `wids` claim holds. */
  template: string;
}

const role = (name: string, template: string): Role => ({ name, template });

export const helpdesk = role('Helpdesk Administrator', '729827e3-9c14-49f7-bb1b-9608f156bbb8');
export const authentication = role('Authentication Administrator', 'c4e39bd9-1100-46d3-8c65-fb160da0071f');
export const user = role('User Administrator', 'fe930be7-5e62-47db-91af-98c3a49a38b1');
export const privilegedAuthentication = role(
  'Privileged Authentication Administrator',
  '7be44c8a-adaf-4e2a-84d6-ab2649e08a13',
);
export const global = role('Global Administrator', '62e90394-69f5-4237-9190-012177145e10');

/** Roles that always suffice, least first. */
const anybody = [privilegedAuthentication, global];

/** Who may act on holders of a role, least privileged first; a role that is not listed needs one of `anybody`. */
const actors: Readonly<Record<string, readonly Role[]>> = {
  'directory readers': [helpdesk, authentication, user, ...anybody],
  'guest inviter': [helpdesk, authentication, user, ...anybody],
  'password administrator': [helpdesk, authentication, user, ...anybody],
  'message center reader': [helpdesk, authentication, user, ...anybody],
  'reports reader': [helpdesk, authentication, user, ...anybody],
  'user experience success manager': [helpdesk, authentication, user, ...anybody],
  'usage summary reports reader': [helpdesk, authentication, user, ...anybody],
  'helpdesk administrator': [helpdesk, user, ...anybody],
  'authentication administrator': [authentication, ...anybody],
  'groups administrator': [user, ...anybody],
  'user administrator': [user, ...anybody],
};

/** The roles each of which lets its holder revoke somebody who holds all of `targetRoles`, least privileged first. */
export function rolesThatMayRevoke(targetRoles: readonly string[]): readonly Role[] {
  let allowed: readonly Role[] = [helpdesk, authentication, user, ...anybody];
  for (const held of targetRoles) {
    const may = actors[held.toLowerCase()] ?? anybody;
    allowed = allowed.filter(r => may.includes(r));
  }
  return allowed;
}

/** What Entra puts into `wids` of every member, with a role or without. */
const ordinaryMember = 'b79fbf4d-3ef9-4689-8143-76b194e85509';

/** Other roles that an administrator may have, for people who read (Microsoft, "Microsoft Entra built-in roles"). */
const otherRoles = [
  role('Application Administrator', '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3'),
  role('Conditional Access Administrator', 'b1be1c3e-b65d-4f19-8427-f6fa0d97feb9'),
  role('Exchange Administrator', '29232cdf-9323-42fd-ade2-1d097af3e4de'),
  role('Global Reader', 'f2ef992c-3afb-46b9-b7cf-a126ee74c451'),
  role('Intune Administrator', '3a2c62db-5318-420d-8d74-23affee5d9d5'),
  role('Password Administrator', '966707d0-3269-4727-9be2-8c3a10f19b9d'),
  role('Privileged Role Administrator', 'e8611ab8-c189-46e8-94e1-60213ab1f814'),
  role('Reports Reader', '4a5d8f65-41da-4de4-8968-e035b65339cf'),
  role('Security Administrator', '194ae4cb-b126-40b2-bd5b-6091b380977d'),
  role('SharePoint Administrator', 'f28a1f50-f6e7-4571-818b-6a12f2af6b6c'),
  role('Teams Administrator', '69091246-20e8-4a56-aa4d-066075b2a7a8'),
];

/** The names of roles by their template ids; a role that is not known here by its id. */
export function roleNames(templates: readonly string[]): string[] {
  const known = [helpdesk, authentication, user, ...anybody, ...otherRoles];
  return templates
    .filter(template => template !== ordinaryMember)
    .map(template => known.find(r => r.template === template)?.name ?? template);
}
