import type { Connection } from '../auth/connect.ts';
import type { Clock } from '../graph/clock.ts';
import { Directory } from '../graph/directory.ts';
import { Lane } from '../graph/lane.ts';
import { type Memberships, readMemberships } from '../graph/memberships.ts';
import type { Fetcher } from '../graph/middleware.ts';
import { Policies } from '../graph/policies.ts';
import type { Quotas } from '../graph/quotas.ts';
import type { ServerClock } from '../graph/server-clock.ts';
import { SignInLog } from '../graph/sign-in-log.ts';
import { transportTo } from './transport-to.ts';

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

/** A tenant that can be read, each part at the pace that its quota allows. */
export interface TenantReads {
  directory: Directory;
  signInLog: SignInLog;
  policies: Policies;
  memberships: (userId: string) => Promise<Memberships | null>;
  serverClock: ServerClock;
  /** The time by Graph's clock, as far as it is known. */
  graphNow: () => number;
  /** Withdraws what has not left, after the signal. */
  close: () => void;
}

/** Puts the lanes together on the quotas that everybody in this process shares who reads this tenant. */
export function openReads({ connection, clock, quotas, onLog, fetch, signal }: Reading): TenantReads {
  const { endpoint, info } = connection;
  const shared = quotas.for(endpoint.root, info.tenantId, info.clientId, clock.now());
  const { serverClock } = shared;
  const betaEndpoint = { ...endpoint, version: 'beta' as const };
  const way = { clock, serverClock, fetch };
  const beta = transportTo(connection, { ...way, endpoint: betaEndpoint });
  const reads = new Lane({
    transport: transportTo(connection, way),
    clock,
    pace: shared.reads,
    onDeferred: onLog,
  });
  const reports = new Lane({ transport: beta, clock, pace: shared.audits, onDeferred: onLog });
  const conditionalAccess = new Lane({
    transport: beta,
    clock,
    pace: shared.conditionalAccess,
    onDeferred: onLog,
  });
  const lanes = [reads, reports, conditionalAccess];
  const sweep = () => lanes.forEach(lane => lane.sweep());
  signal?.addEventListener('abort', sweep, { once: true });
  return {
    directory: new Directory(reads),
    signInLog: new SignInLog(reports, betaEndpoint),
    policies: new Policies({ reads, endpoint, conditionalAccess, betaEndpoint }, signal),
    memberships: userId => readMemberships(reads, endpoint, userId, signal),
    serverClock,
    graphNow: () => serverClock.at(clock.now()),
    close: () => {
      signal?.removeEventListener('abort', sweep);
      lanes.forEach(lane => lane.close());
    },
  };
}
