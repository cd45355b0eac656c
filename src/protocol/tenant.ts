/** Where a run works and who signs its calls. */
export type TenantConnection = SimulatedConnection | HostConnection | CredentialConnection;

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
  /** The proxy that the host would use for the Graph endpoint, as `http://proxy:8080`. */
  proxy?: string;
}

/** The clouds by the names that Connect-MgGraph has for them (graph-docs, concepts/deployments.md). */
export type CloudName = 'Global' | 'USGov' | 'USGovDoD' | 'China';

/**
 * The engine signs in by itself, with @azure/identity. It keeps what it signed in with in memory for as long as it
 * lives, so that the same words a second time ask nobody; the words, secrets included, travel each time.
 */
export interface CredentialConnection {
  kind: 'credential';
  credential: Credential;
  /** The tenant's id or one of its domains; absent where the credential itself knows it (managed identity, Azure CLI). */
  tenantId?: string;
  /** The app registration; for a managed identity the user-assigned one. */
  clientId?: string;
  /** Global unless said. */
  environment?: CloudName;
  /** Another Graph endpoint than the environment's, without version. */
  graphUrl?: string;
  /** Another login endpoint than the environment's, as `https://login.microsoftonline.com`. */
  loginUrl?: string;
  /** The proxy that the host would use for the Graph endpoint. */
  proxy?: string;
}

/** Ways to sign in, one of each kind in `src/auth/`. */
export type Credential =
  | { method: 'clientSecret'; clientSecret: string }
  /** A PEM file with certificate and key, or a PFX file. */
  | { method: 'certificateFile'; path: string; password?: string }
  /** A certificate in the store of the user or the machine; its key never leaves it. One of the two names it. */
  | { method: 'certificateStore'; thumbprint?: string; subjectName?: string }
  | { method: 'managedIdentity' }
  /** A token of another identity provider in a file, which is read anew for each sign-in. */
  | { method: 'federatedToken'; tokenFile: string }
  | { method: 'azureCli' }
  | { method: 'deviceCode' }
  | { method: 'browser' }
  /** A token that somebody else has got; there will be no other. */
  | { method: 'accessToken'; token: string };

export type SignInMethod = Credential['method'];

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
  /** Names of the caller's directory roles as far as the token tells; a role without a known name by its template id. */
  roles: string[];
  /** The cloud that the Graph endpoint belongs to; null for another endpoint. */
  environment: CloudName | null;
  /** How the sign-in came about: lent by the host, or one of our own ways. */
  signIn: SignInMethod | 'host' | 'simulated';
  /** @format date-time */
  expiresOn: string | null;
  simulated: boolean;
  /** Some user principal names of the simulated tenant to rehearse with; empty for a real one. */
  sampleUsers: string[];
}
