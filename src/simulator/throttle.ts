import { GraphError } from './graph-error.ts';
import { Bucket, FixedWindow, type Quota, SlidingWindow, type Verdict } from './quotas.ts';
import { Random } from './random.ts';

/** How the tenant's write quota counts: Microsoft documents the number and the window, not the way. */
export interface WriteQuotaOptions {
  limit: number;
  windowSeconds: number;
  model: 'bucket' | 'sliding' | 'fixed';
}

/** What a request costs (graph-facts 3). */
export interface Cost {
  /** Resource units. */
  units: number;
  writes: number;
  /** Reads a report, of which there is a quota of its own. */
  report: boolean;
  /** Reads policies of Conditional Access: another quota. */
  policy: boolean;
}

const models = { bucket: Bucket, sliding: SlidingWindow, fixed: FixedWindow };
/** Graph tells how full a quota is only above this share, and never more than the other. */
const toldFrom = 0.8;
const toldUpTo = 1.8;

/** The quotas of one app in one tenant. Throttling counts each request and each batch item by itself. */
export class Throttle {
  readonly #writes: Quota;
  readonly #units: Quota;
  /** By app. */
  readonly #reports = new Map<string, Quota>();
  readonly #correlations = new Random(0, 'report correlations');
  readonly #reportQuota: { limit: number; windowSeconds: number };
  /** Of all apps together. */
  readonly #policies: Quota;
  readonly #tenantId: string;
  readonly #retryAfterSeconds: number | undefined;

  constructor(
    tenantId: string,
    writeQuota: WriteQuotaOptions,
    resourceUnits: { limit: number; windowSeconds: number },
    reportQuota: { limit: number; windowSeconds: number },
    policyQuota: { limit: number; windowSeconds: number },
    retryAfterSeconds: number | undefined,
  ) {
    this.#tenantId = tenantId;
    this.#retryAfterSeconds = retryAfterSeconds;
    this.#reportQuota = reportQuota;
    this.#policies = new SlidingWindow(policyQuota.limit, policyQuota.windowSeconds * 1000);
    this.#writes = new models[writeQuota.model](writeQuota.limit, writeQuota.windowSeconds * 1000);
    this.#units = new Bucket(resourceUnits.limit, resourceUnits.windowSeconds * 1000);
  }

  /** Counts a request and gives the headers that tell about it; throws the 429 when a quota is used up. */
  admit(cost: Cost, appId: string, now: number): Record<string, string> {
    if (cost.report) this.#admitReport(appId, now);
    // Conditional Access does not say when to come back (graph-facts 3).
    if (cost.policy && !this.#policies.take(1, now).allowed)
      throw new GraphError(429, 'TooManyRequests', 'Too many requests. Please try again later.');
    const units = this.#units.take(cost.units, now);
    const writes: Verdict | undefined = cost.writes > 0 ? this.#writes.take(cost.writes, now) : undefined;
    const headers = {
      'x-ms-resource-unit': String(cost.units),
      ...percentage(Math.max(units.used, writes?.used ?? 0)),
    };
    if (units.allowed && (writes?.allowed ?? true)) return headers;
    const byWrites = writes?.allowed === false;
    const seconds =
      this.#retryAfterSeconds ?? Math.max(1, Math.ceil(Math.max(units.waitMs, writes?.waitMs ?? 0) / 1000));
    throw new GraphError(
      429,
      'TooManyRequests',
      byWrites
        ? `Your request is throttled temporarily. Please try after ${seconds} seconds.`
        : 'Please retry again later.',
      {
        ...headers,
        ...throttledHeaders(String(seconds), appId, this.#tenantId, byWrites ? 'Write' : 'ReadWrite'),
      },
    );
  }

  /** The reports say no in words of their own (graph-facts 1.9). */
  #admitReport(appId: string, now: number): void {
    const { limit, windowSeconds } = this.#reportQuota;
    const quota = this.#reports.get(appId) ?? new SlidingWindow(limit, windowSeconds * 1000);
    this.#reports.set(appId, quota);
    const { allowed, waitMs } = quota.take(1, now);
    if (allowed) return;
    const seconds = this.#retryAfterSeconds ?? Math.max(1, Math.ceil(waitMs / 1000));
    throw new GraphError(
      429,
      'UnknownError',
      `This request is throttled. Please try again after the value (in seconds) specified in the Retry-After header. CorrelationId: ${this.#correlations.guid()}`,
      { 'Retry-After': String(seconds) },
    );
  }
}

/** The headers of a 429 (graph-facts 3). */
export function throttledHeaders(
  retryAfter: string,
  appId: string,
  tenantId: string,
  limit: 'Write' | 'ReadWrite',
): Record<string, string> {
  return {
    'Retry-After': retryAfter,
    'x-ms-throttle-scope': `Tenant_Application/${limit}/${appId}/${tenantId}`,
    'x-ms-throttle-information': limit === 'Write' ? 'WriteLimitExceeded' : 'ResourceUnitLimitExceeded',
  };
}

function percentage(used: number): Record<string, string> {
  if (used <= toldFrom) return {};
  return { 'x-ms-throttle-limit-percentage': Math.min(used, toldUpTo).toFixed(2) };
}
