import { createHash } from 'node:crypto';
import type { Clock } from '../graph/clock.ts';
import { cloudOf, clouds } from '../graph/clouds.ts';
import { checkToken, EndpointError, type GraphEndpoint, graphEndpoint } from '../graph/endpoint.ts';
import type { TokenSource } from '../graph/middleware.ts';
import { type Network, openNetwork } from '../graph/network.ts';
import { roleNames } from '../graph/roles.ts';
import { longestName, shortened } from '../graph/shortened.ts';
import type {
  CredentialConnection,
  HostConnection,
  SignInMethod,
  TenantConnection,
  TenantInfo,
} from '../protocol/tenant.ts';
import { readClaims, type TokenClaims } from './access-token.ts';
import { type EmbeddedTenant, startEmbeddedTenant } from './embedded-tenant.ts';
import { type AskForToken, type GivenToken, RenewableToken } from './renewable-token.ts';
import { SignIn } from './sign-in.ts';
import { SignInError } from './sign-in-error.ts';
import type { Person } from './signer.ts';

/** A tenant that calls can go to. */
export interface Connection {
  endpoint: GraphEndpoint;
  tokens: TokenSource;
  claims: TokenClaims;
  info: TenantInfo;
  /** The way to it; absent for the simulated tenant, which is inside this process. */
  network?: Network;
}

const noOther: AskForToken = async () => {
  throw new SignInError('An access token that was given can not be renewed. Get a fresh one.');
};

/** Ways that ask a login endpoint for nothing. */
const withoutLogin: readonly SignInMethod[] = ['accessToken', 'azureCli', 'managedIdentity'];

/** @throws EndpointError when the libraries would not speak to it */
function checkLogin({ root }: GraphEndpoint, method: SignInMethod): void {
  if (root.startsWith('https:') || withoutLogin.includes(method)) return;
  throw new EndpointError(
    `The login endpoint ${root} is refused: secrets are sent only over https. Use https.`,
  );
}

/** Turns what a host or the command line says about the tenant into something that signs calls. */
export class Connector {
  readonly #clock: Clock;
  readonly #env: NodeJS.ProcessEnv;
  /** By the proxy that the host named, so that runs share their connections. */
  readonly #networks = new Map<string | undefined, Network>();
  #embedded: Promise<EmbeddedTenant> | null = null;
  /** By what was said, so that the same words a second time find the sign-in that is there. */
  readonly #signIns = new Map<string, SignIn>();
  /** Organizations' names by tenant id, as far as somebody has asked. */
  readonly #names = new Map<string, string>();

  constructor(clock: Clock, env: NodeJS.ProcessEnv = process.env) {
    this.#clock = clock;
    this.#env = env;
  }

  /**
   * `ask` gets a new token from the host that lent the first; `person` is whoever may be asked to sign in.
   * @throws EndpointError when the endpoint may not get a token or the proxy is none, TokenError when the token is none,
   * SignInError
   */
  async connect(connection: TenantConnection, ask: AskForToken, person?: Person): Promise<Connection> {
    switch (connection.kind) {
      case 'simulated':
        return this.#simulated();
      case 'host':
        return this.#lent(connection, ask);
      case 'credential':
        return this.#signedIn(connection, person);
    }
  }

  /** Remembers what a tenant is called, for the questions that later runs ask. */
  learnName({ tenantId, name }: TenantInfo): void {
    if (tenantId && name) this.#names.set(tenantId, name);
  }

  /** Forgets every sign-in. */
  disconnect(): void {
    this.#signIns.clear();
  }

  /** Ends what was started on the way. */
  async close(): Promise<void> {
    const embedded = await this.#embedded;
    await embedded?.close();
    for (const network of this.#networks.values()) await network.close();
  }

  #network(proxy: string | undefined): Network {
    const network = this.#networks.get(proxy) ?? openNetwork({ proxy, env: this.#env });
    this.#networks.set(proxy, network);
    return network;
  }

  #lent(connection: HostConnection, ask: AskForToken): Connection {
    const endpoint = graphEndpoint(connection.graphUrl);
    const { token, expiresOn, tenantId, tenantName } = connection;
    const given = { token, expiresAt: expiresOn ? Date.parse(expiresOn) : undefined };
    const known = { tenantId: tenantId ?? null, name: tenantName ?? null, signIn: 'host' } as const;
    return this.#connection(endpoint, given, ask, known, this.#network(connection.proxy));
  }

  async #signedIn(connection: CredentialConnection, person?: Person): Promise<Connection> {
    const { credential, environment = 'Global' } = connection;
    const endpoint = graphEndpoint(connection.graphUrl ?? clouds[environment].graph);
    if (connection.loginUrl !== undefined) checkLogin(graphEndpoint(connection.loginUrl), credential.method);
    const known = { tenantId: null, name: null, signIn: credential.method };
    const network = this.#network(connection.proxy);
    if (credential.method === 'accessToken') {
      return this.#connection(endpoint, { token: credential.token }, noOther, known, network);
    }
    const key = createHash('sha256').update(JSON.stringify(connection)).digest('hex');
    const signIn = this.#signIns.get(key) ?? new SignIn(connection, network);
    const first = await signIn.token({ person });
    this.#signIns.set(key, signIn);
    const again: AskForToken = (reason, claims) =>
      signIn.token({ claims, fresh: reason === 'refused' && claims === undefined });
    return this.#connection(endpoint, first, again, known, network);
  }

  /** The embedded tenant lives as long as the process, so that two runs meet the same people. */
  async #simulated(): Promise<Connection> {
    this.#embedded ??= startEmbeddedTenant();
    const { url, name, issueToken, sampleUsers } = await this.#embedded;
    const known = { tenantId: null, name, signIn: 'simulated', sampleUsers } as const;
    const ask = async () => ({ token: issueToken() });
    return this.#connection(graphEndpoint(url), { token: issueToken() }, ask, known);
  }

  #connection(
    endpoint: GraphEndpoint,
    given: GivenToken,
    ask: AskForToken,
    known: Pick<TenantInfo, 'tenantId' | 'name' | 'signIn'> & { sampleUsers?: string[] },
    network?: Network,
  ): Connection {
    checkToken(given.token);
    const claims = readClaims(given.token);
    const end = given.expiresAt ?? claims.expiresAt;
    const tenantId = claims.tenantId ?? known.tenantId;
    return {
      endpoint,
      tokens: new RenewableToken(given, ask, this.#clock),
      claims,
      network,
      info: {
        tenantId,
        name:
          known.name === null
            ? (this.#names.get(tenantId ?? '') ?? null)
            : shortened(known.name, longestName),
        graphUrl: endpoint.root,
        account: claims.account && shortened(claims.account, longestName),
        clientId: claims.clientId,
        authType: claims.authType,
        permissions: claims.permissions,
        roles: roleNames(claims.roleTemplates),
        environment: cloudOf(endpoint.root),
        signIn: known.signIn,
        expiresOn: end === null ? null : new Date(end).toISOString(),
        simulated: claims.simulated,
        sampleUsers: known.sampleUsers ?? [],
      },
    };
  }
}
