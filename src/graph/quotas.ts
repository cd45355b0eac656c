import { Pace } from './pace.ts';
import { auditQuota, conditionalAccessQuota, readQuota, writeQuota } from './quota.ts';
import { ServerClock } from './server-clock.ts';

/** What all runs of this process against one tenant by one app have in common. */
export interface TenantQuotas {
  writes: Pace;
  reads: Pace;
  audits: Pace;
  conditionalAccess: Pace;
  serverClock: ServerClock;
}

/** Keeps the quota models alive between runs: a loop of a thousand runs of one user spends the same quota as one run of a thousand. */
export class Quotas {
  readonly #known = new Map<string, TenantQuotas>();

  /** The quotas of `clientId` in `tenantId` behind the Graph at `root`. */
  for(root: string, tenantId: string | null, clientId: string | null, now: number): TenantQuotas {
    const key = `${root} ${tenantId} ${clientId}`;
    let quotas = this.#known.get(key);
    if (!quotas) {
      quotas = {
        writes: new Pace(writeQuota, now),
        reads: new Pace(readQuota, now),
        audits: new Pace(auditQuota, now),
        conditionalAccess: new Pace(conditionalAccessQuota, now),
        serverClock: new ServerClock(),
      };
      this.#known.set(key, quotas);
    }
    return quotas;
  }
}
