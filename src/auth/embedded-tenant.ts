/**
 * Who rehearses: allowed enough to revoke, prove, list members, name the role that a target takes, and read the logs and
 * the policies. The sign-in log takes a role of its own.
 */
export const rehearsalCaller = {
  persona: 'userAdministrator',
  permissions: [
    'User.RevokeSessions.All',
    'User.Read.All',
    'GroupMember.Read.All',
    'RoleManagement.Read.Directory',
    'AuditLog.Read.All',
    'Policy.Read.All',
  ],
  roles: ['User Administrator', 'Reports Reader'],
} as const;

/** The simulated tenant inside this process: a stage to rehearse on. */
export interface EmbeddedTenant {
  url: string;
  name: string;
  /** A fresh token of a User Administrator. */
  issueToken(): string;
  /** Some of its people, so that a rehearsal has somebody to name: a member, a guest, an admin above the caller, ... */
  sampleUsers: string[];
  close(): Promise<void>;
}

/** Starts it; loaded only when somebody rehearses. */
export async function startEmbeddedTenant(): Promise<EmbeddedTenant> {
  const { SimulatedTenant } = await import('../simulator/simulated-tenant.ts');
  const { SimulatedServer } = await import('../simulator/simulated-server.ts');
  const tenant = new SimulatedTenant();
  const server = await SimulatedServer.start(tenant);
  const sales = tenant.users.filter(u => u.department === 'Sales');
  return {
    url: server.url,
    name: tenant.domain,
    issueToken: () => tenant.issueToken(rehearsalCaller),
    sampleUsers: sales.map(u => u.userPrincipalName),
    close: () => server.close(),
  };
}
