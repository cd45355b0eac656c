/**
 * Reads a `Retry-After` header: whole or decimal seconds, or an HTTP date (graph-facts 1.9: 2.128, 0.249 and dates have
 * been seen). Returns milliseconds from `now`, never less than a second (a constant "0" or "0.2" would hammer a tenant
 * that just said no), or null when there is nothing to read.
 */
export function retryAfterMs(value: string | null | undefined, now: number): number | null {
  const text = value?.trim();
  if (!text || text.length > longestText) return null;
  if (/^\d+(\.\d+)?$/.test(text)) return atLeastASecond(Number(text) * 1000);
  if (!/[a-z]/i.test(text)) return null;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : atLeastASecond(date - now);
}

/** A date a year ahead is a mistake, not an instruction: nobody waits longer than an hour for one answer. */
const longest = 3_600_000;

/** No number of seconds and no date is longer. */
const longestText = 100;

const atLeastASecond = (ms: number): number => Math.min(longest, Math.max(1000, ms));

/** What to wait when the service says nothing: 1, 2, 4, ... up to 60 s, spread by up to a quarter. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const base = Math.min(60_000, 1000 * 2 ** Math.min(attempt, 6));
  return base * (1 + random() / 4);
}
