import { onTestFinished } from 'vitest';
import { SimulatedServer } from '../../src/simulator/simulated-server.ts';
import { SimulatedTenant, type SimulatedTenantOptions } from '../../src/simulator/simulated-tenant.ts';

/** When to strike: at the n-th request from now, before or after it was carried out. */
export interface KillPoint {
  request: number;
  after: boolean;
}

export interface KillingTenant {
  tenant: SimulatedTenant;
  url: string;
  /** Arms it; `kill` is called once, at the point, and the request is not answered. */
  arm(point: KillPoint, kill: () => void): void;
}

/** A simulated tenant on loopback that kills its client at a request of choice: the same point each time, whatever the machine's speed. */
export async function startKillingTenant(options: SimulatedTenantOptions): Promise<KillingTenant> {
  const tenant = new SimulatedTenant(options);
  let armed: { point: KillPoint; kill: () => void; seen: number } | null = null;
  const handle = tenant.handle.bind(tenant);
  tenant.handle = async message => {
    const strike = armed !== null && ++armed.seen === armed.point.request ? armed : null;
    if (strike && !strike.point.after) {
      armed = null;
      strike.kill();
      return { kind: 'drop', status: 0, headers: {}, body: '' };
    }
    const answer = await handle(message);
    if (!strike) return answer;
    armed = null;
    strike.kill();
    return { kind: 'drop', status: 0, headers: {}, body: '' };
  };
  const server = await SimulatedServer.start(tenant);
  onTestFinished(() => server.close());
  return {
    tenant,
    url: server.url,
    arm: (point, kill) => {
      armed = { point, kill, seen: 0 };
    },
  };
}
