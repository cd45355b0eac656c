/** Where a run works and who signs its calls. */
export type TenantConnection = SimulatedConnection | HostConnection;

/** The simulated tenant inside the engine: a rehearsal in which nobody is signed out. */
export interface SimulatedConnection {
  kind: 'simulated';
}

/** The host lends the token of a session it has, as a Graph PowerShell session, and is asked again before it ends. */
export interface HostConnection {
  kind: 'host';
  /** Graph's root without version, as `https://graph.microsoft.com`; http on loopback only. */
  graphUrl: string;
  token: string;
  /**
   * When the token ends, where the host knows it; else the engine reads it from the token.
   * @format date-time
   */
  expiresOn?: string;
  /** Where the host knows it and the token does not tell. */
  tenantId?: string;
  /** The organization's name, where the host knows it: what a person recognises the tenant by. */
  tenantName?: string;
}

/** What is known of a tenant and the sign-in to it without asking Graph. */
export interface TenantInfo {
  tenantId: string | null;
  /** The organization's name, as far as known. */
  name: string | null;
  graphUrl: string;
  /** The signed-in account, or null for an app. */
  account: string | null;
  /** The app that holds the token. */
  clientId: string | null;
  /** `Delegated` (a person), `AppOnly`, or `Unknown` for a token that can't be read. */
  authType: 'Delegated' | 'AppOnly' | 'Unknown';
  /** Permissions in the token (`scp` or `roles`). */
  permissions: string[];
  /** @format date-time */
  expiresOn: string | null;
  simulated: boolean;
  /** Some user principal names of the simulated tenant to rehearse with; empty for a real one. */
  sampleUsers: string[];
}
