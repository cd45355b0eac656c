import type { Connection } from '../auth/connect.ts';
import type { Clock } from '../graph/clock.ts';
import type { GraphEndpoint } from '../graph/endpoint.ts';
import type { Fetcher } from '../graph/middleware.ts';
import type { ServerClock } from '../graph/server-clock.ts';
import { GraphTransport } from '../graph/transport.ts';

interface Way {
  clock: Clock;
  serverClock: ServerClock;
  /** Instead of the connection's own way to the network. */
  fetch?: Fetcher | undefined;
  /** Instead of the connection's own, for another version of Graph. */
  endpoint?: GraphEndpoint;
  /** Milliseconds after which an answer counts as lost. */
  timeoutMs?: number;
}

/** What carries requests to the tenant of a connection, by its sign-in and its way to the network. */
export const transportTo = (
  { endpoint: own, tokens, network }: Connection,
  { fetch = network?.fetch, endpoint = own, ...way }: Way,
): GraphTransport =>
  new GraphTransport({ ...way, endpoint, tokens, fetch, route: network?.describe(endpoint.root) });
