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
