import type { Clock } from '../graph/clock.ts';
import { checkToken, type GraphEndpoint, graphEndpoint } from '../graph/endpoint.ts';
import type { TokenSource } from '../graph/middleware.ts';
import { type Network, openNetwork } from '../graph/network.ts';
import type { HostConnection, TenantConnection, TenantInfo } from '../protocol/tenant.ts';
import { readClaims, type TokenClaims } from './access-token.ts';
import { type EmbeddedTenant, startEmbeddedTenant } from './embedded-tenant.ts';
import { type AskForToken, LentTokenSource } from './lent-token.ts';

/** A tenant that calls can go to. */
export interface Connection {
  endpoint: GraphEndpoint;
  tokens: TokenSource;
  claims: TokenClaims;
  info: TenantInfo;
  /** The way to it; absent for the simulated tenant, which is inside this process. */
  network?: Network;
}

/** Turns what a host or the command line says about the tenant into something that signs calls. */
export class Connector {
  readonly #clock: Clock;
  readonly #env: NodeJS.ProcessEnv;
  /** By the proxy that the host named, so that runs share their connections. */
  readonly #networks = new Map<string | undefined, Network>();
  #embedded: Promise<EmbeddedTenant> | null = null;

  constructor(clock: Clock, env: NodeJS.ProcessEnv = process.env) {
    this.#clock = clock;
    this.#env = env;
  }

  /** @throws EndpointError when the endpoint may not get a token or the proxy is none, TokenError when the token is none. */
  async connect(connection: TenantConnection, ask: AskForToken): Promise<Connection> {
    return connection.kind === 'simulated' ? this.#simulated() : this.#lent(connection, ask);
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
    checkToken(connection.token);
    const claims = readClaims(connection.token);
    const expiresAt = connection.expiresOn ? Date.parse(connection.expiresOn) : claims.expiresAt;
    const tokens = new LentTokenSource({ token: connection.token, expiresAt }, ask, this.#clock);
    const tenantId = claims.tenantId ?? connection.tenantId ?? null;
    return {
      endpoint,
      tokens,
      claims,
      info: infoOf(endpoint, { ...claims, tenantId, expiresAt }, connection.tenantName ?? null, []),
      network: this.#network(connection.proxy),
    };
  }

  /** The embedded tenant lives as long as the process, so that two runs meet the same people. */
  async #simulated(): Promise<Connection> {
    this.#embedded ??= startEmbeddedTenant();
    const { url, name, issueToken, sampleUsers } = await this.#embedded;
    const token = issueToken();
    const claims = readClaims(token);
    const endpoint = graphEndpoint(url);
    const tokens = new LentTokenSource({ token }, async () => ({ token: issueToken() }), this.#clock);
    return { endpoint, tokens, claims, info: infoOf(endpoint, claims, name, sampleUsers) };
  }
}

function infoOf(
  endpoint: GraphEndpoint,
  claims: TokenClaims,
  name: string | null,
  sampleUsers: string[],
): TenantInfo {
  return {
    tenantId: claims.tenantId,
    name,
    graphUrl: endpoint.root,
    account: claims.account,
    clientId: claims.clientId,
    authType: claims.authType,
    permissions: claims.permissions,
    expiresOn: claims.expiresAt === null ? null : new Date(claims.expiresAt).toISOString(),
    simulated: claims.simulated,
    sampleUsers,
  };
}
