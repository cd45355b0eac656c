import type { Connection } from '../auth/connect.ts';
import type { Clock } from '../graph/clock.ts';
import type { Fetcher } from '../graph/middleware.ts';
import type { Quotas } from '../graph/quotas.ts';

/** What an operation stands on that reads a tenant and writes nothing. */
export interface Reading {
  connection: Connection;
  clock: Clock;
  quotas: Quotas;
  /** Told what happens on the way, in sentences. */
  onLog?: ((message: string) => void) | undefined;
  /** Instead of the connection's own way to the network. */
  fetch?: Fetcher | undefined;
  /** Ends the reading early. */
  signal?: AbortSignal | undefined;
}
