/** A quota: so many in so many seconds. */
export interface Quota {
  limit: number;
  windowSeconds: number;
  /** A quota that nobody may try to exceed, not even once to find out whether it is there. */
  strict?: boolean;
}

/** Writes of one app in one tenant (graph-facts section 3: Microsoft, "Throttling limits", identity and access). */
export const writeQuota: Quota = { limit: 3000, windowSeconds: 150 };

/**
 * Reads: the published quota in resource units of a tenant of 50 to 500 users is 5,000 per 10 s (smaller ones have less,
 * and need less); what we read costs one unit. A part is left to the writes, which cost a unit each, and to others.
 */
export const readQuota: Quota = { limit: 4000, windowSeconds: 10 };

/**
 * Reads of the audit log: 5 per 10 s for an app in a tenant. Evenly, since a burst of five and what refills meanwhile would
 * come to ten in the first ten seconds; a little slower, since the network may push two requests together.
 */
export const auditQuota: Quota = { limit: 1, windowSeconds: 2.1, strict: true };

/**
 * Conditional Access: one request a second in a tenant, and its refusals name no time (graph-facts section 3). A little
 * slower, since the network may push two requests together.
 */
export const conditionalAccessQuota: Quota = { limit: 1, windowSeconds: 1.1, strict: true };
