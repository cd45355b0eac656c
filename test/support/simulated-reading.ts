import { Connector } from '../../src/auth/connect.ts';

import { Quotas } from '../../src/graph/quotas.ts';
import type { Reading } from '../../src/operations/reading.ts';
import {
  SimulatedTenant,
  type SimulatedTenantOptions,
  type TokenOptions,
} from '../../src/simulator/simulated-tenant.ts';
import { fetcherOf, type SimulatedFetch } from './simulated-run.ts';
import { VirtualClock } from './virtual-clock.ts';

/** Everything that the reading operations ask for. */
export const readingPermissions = [
  'User.Read.All',
  'GroupMember.Read.All',
  'RoleManagement.Read.Directory',
  'AuditLog.Read.All',
  'Policy.Read.All',
  'Application.Read.All',
];

/** Of whoever revokes, too. */
export const revokingPermissions = ['User.RevokeSessions.All', ...readingPermissions];

export interface SimulatedReadingOptions extends SimulatedTenantOptions {
  as?: TokenOptions;
  /** A tenant and clock that are there already. */
  in?: { tenant: SimulatedTenant; clock: VirtualClock };
  /** Stands between the engine and the tenant. */
  intercept?: (url: string, init: RequestInit, next: SimulatedFetch) => Promise<Response>;
}

export interface SimulatedReading {
  tenant: SimulatedTenant;
  clock: VirtualClock;
  reading: Reading;
  /** The paths of all requests that Graph was asked, decoded. */
  asked: () => string[];
  /** How many requests, batch items among them, were put off. */
  putOff: () => number;
}

/** What reads a simulated tenant on a virtual clock, without process and network. */
export async function simulatedReading(options: SimulatedReadingOptions = {}): Promise<SimulatedReading> {
  const clock = options.in?.clock ?? new VirtualClock();
  const tenant =
    options.in?.tenant ??
    new SimulatedTenant({ ...options, now: () => clock.now(), sleep: ms => clock.sleep(ms) });
  const as: TokenOptions = { persona: 'app', permissions: readingPermissions, ...options.as };
  const issue = () => ({ token: tenant.issueToken(as) });
  const connection = await new Connector(clock).connect(
    { kind: 'host', graphUrl: 'http://127.0.0.1:1', token: issue().token },
    async () => issue(),
  );
  const next = fetcherOf(tenant);
  const { intercept } = options;
  return {
    tenant,
    clock,
    reading: {
      connection,
      clock,
      quotas: new Quotas(),
      fetch: intercept ? (url, init) => intercept(url, init, next) : next,
    },
    asked: () => tenant.requests.map(({ path }) => decodeURIComponent(path)),
    putOff: () => tenant.requests.filter(({ status }) => status === 429).length,
  };
}
