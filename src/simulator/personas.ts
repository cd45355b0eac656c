/** A caller that a test or a rehearsal can be; each but `app` is a user of the tenant. */
export type PersonaName =
  | 'userAdministrator'
  | 'helpdeskAdministrator'
  | 'globalAdministrator'
  | 'privilegedAuthenticationAdministrator'
  | 'app'
  | 'reader'
  | 'noRead'
  | 'member';

/** The least that the product needs (graph-facts 1.4). */
const needed = ['User.RevokeSessions.All', 'User.Read.All', 'GroupMember.Read.All'];

/** What each persona has been consented; its roles are those of its user. */
export const permissionsOf: Readonly<Record<PersonaName, readonly string[]>> = {
  userAdministrator: needed,
  helpdeskAdministrator: needed,
  globalAdministrator: needed,
  privilegedAuthenticationAdministrator: needed,
  app: needed,
  reader: ['User.Read.All'],
  noRead: ['User.RevokeSessions.All'],
  member: needed,
};
