import type { Connection, Connector } from '../auth/connect.ts';
import type { AskForToken, GivenToken } from '../auth/renewable-token.ts';
import { SignInError } from '../auth/sign-in-error.ts';
import type { Person } from '../auth/signer.ts';
import { EndpointError, TokenError } from '../graph/endpoint.ts';
import { RequestError } from '../protocol/errors.ts';
import type { TenantConnection } from '../protocol/tenant.ts';
import type { HostRequests } from './host-requests.ts';
import { shownText } from './shown-text.ts';
import { checkedResult } from './validate.ts';

/** The way into the tenants that the host names; what a host lent is asked of it anew when it ends. */
export class TenantDoor {
  readonly #connector: Connector;
  readonly #host: HostRequests;

  constructor(connector: Connector, host: HostRequests) {
    this.#connector = connector;
    this.#host = host;
  }

  /** `runId` is named to the host when it is asked for a token; empty outside of a run. @throws RequestError */
  async connect(tenant: TenantConnection, runId: string, person?: Person): Promise<Connection> {
    try {
      const ask: AskForToken = (reason, claims) => this.#token(runId, reason, claims);
      return await this.#connector.connect(tenant, ask, person);
    } catch (error) {
      if (error instanceof TokenError || error instanceof SignInError)
        throw new RequestError('NotSignedIn', error.message);
      if (error instanceof EndpointError) throw new RequestError('EndpointUnusable', error.message);
      throw error;
    }
  }

  async #token(runId: string, reason: 'expiring' | 'refused', claims?: string): Promise<GivenToken | null> {
    const params = { runId, reason, ...(claims !== undefined && { claims }) };
    const reply = await this.#host.ask('host/token', params);
    const result = checkedResult('host/token', reply);
    const refusal: unknown = !result && reply && 'error' in reply ? reply.error?.message : undefined;
    if (typeof refusal === 'string') throw new SignInError(shownText(refusal));
    return (
      result && { token: result.token, expiresAt: result.expiresOn ? Date.parse(result.expiresOn) : null }
    );
  }
}
