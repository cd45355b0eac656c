import { onTestFinished } from 'vitest';
import type { HostConnection } from '../../src/protocol/tenant.ts';
import { SimulatedServer } from '../../src/simulator/simulated-server.ts';
import { SimulatedTenant, type SimulatedTenantOptions } from '../../src/simulator/simulated-tenant.ts';

export interface TestTenant {
  tenant: SimulatedTenant;
  url: string;
  /** What a host hands over at run/begin. */
  connection(persona?: Parameters<SimulatedTenant['issueToken']>[0]): HostConnection;
  /** Environment of a command line that works in this tenant. */
  env(persona?: Parameters<SimulatedTenant['issueToken']>[0]): Record<string, string>;
  /** Ids of the users on whom a revocation was really carried out, in order. */
  revoked(): string[];
  close(): Promise<void>;
}

/** A tenant that lets a hundred through and puts the others off: a run of more than that has a middle. */
export const lettingAHundredThrough: SimulatedTenantOptions = {
  writeQuota: { limit: 100, windowSeconds: 150, model: 'sliding' },
};

/** A simulated tenant on loopback for one test; it goes when the test ends. */
export async function startTenant(options: SimulatedTenantOptions = {}): Promise<TestTenant> {
  const tenant = new SimulatedTenant(options);
  const server = await SimulatedServer.start(tenant);
  onTestFinished(() => server.close());
  return {
    tenant,
    url: server.url,
    connection: (persona = 'globalAdministrator') => ({
      kind: 'host',
      graphUrl: server.url,
      token: tenant.issueToken(persona),
    }),
    env: (persona = 'globalAdministrator') => ({
      USERSESSION_GRAPH_URL: server.url,
      USERSESSION_ACCESS_TOKEN: tenant.issueToken(persona),
    }),
    revoked: () => tenant.record.map(r => r.userId),
    close: () => server.close(),
  };
}
