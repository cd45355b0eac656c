import type { RecordedRunInfo } from '../protocol/record.ts';
import type { ObjectReference, RecordedReference } from '../protocol/reference.ts';
import type { PackedRow, RevocationResult } from '../protocol/row.ts';
import { rowFields } from '../protocol/row-fields.ts';
import type { TenantInfo } from '../protocol/tenant.ts';

const joiner = '\u2060';
/** What ConvertFrom-Json of PowerShell 7 may take for a date: ISO 8601, and ASP.NET's `/Date(0)/`. */
const looksLikeDate = /^\s*(\d{4}-|\/Date\()/i;

/** Texts of a row that a person or a tenant wrote. */
const freeTexts: ReadonlySet<keyof RevocationResult> = new Set([
  'reference',
  'userPrincipalName',
  'displayName',
  'detail',
]);

/** Keeps a text a text on its way through ConvertFrom-Json; the host takes the leading word joiner away (`protocol/messages.ts`). */
export function guardText(text: string): string {
  return looksLikeDate.test(text) || text.startsWith(joiner) ? joiner + text : text;
}

/** A row as it travels, with every free text guarded. */
export const packRow = (row: RevocationResult): PackedRow =>
  rowFields.map(field => {
    const value = row[field] ?? null;
    return typeof value === 'string' && freeTexts.has(field) ? guardText(value) : value;
  });

/** What is a time and may become one. */
const times: ReadonlySet<string> = new Set([
  'lastTokenIssued',
  'accessUntil',
  'accessUntilIfRevoked',
  'at',
  'revokedAt',
  'watchedUntil',
]);

/** Guards every text in what a look-up found, at any depth, except for times. */
export function guardTexts<Found>(found: Found, name = ''): Found {
  if (typeof found === 'string') return (times.has(name) ? found : guardText(found)) as Found;
  if (Array.isArray(found)) return found.map((item: unknown) => guardTexts(item, name)) as Found;
  if (typeof found !== 'object' || found === null) return found;
  const guarded = Object.entries(found).map(([key, value]: [string, unknown]) => [
    key,
    guardTexts(value, key),
  ]);
  return Object.fromEntries(guarded) as Found;
}

/** Guards what a found user is called. */
export function guardReference(
  reference: ObjectReference | RecordedReference,
): ObjectReference | RecordedReference {
  if ('recorded' in reference) {
    return { ...reference, ...(reference.text !== undefined && { text: guardText(reference.text) }) };
  }
  const guarded = Object.entries(reference.properties).map(([name, text]) => [
    name,
    text === null ? null : guardText(text),
  ]);
  return { ...reference, properties: Object.fromEntries(guarded) };
}

/** Guards what a tenant and its account are called. */
export function guardTenant(tenant: TenantInfo): TenantInfo {
  const { name, account } = tenant;
  return { ...tenant, name: name && guardText(name), account: account && guardText(account) };
}

/** Guards what people wrote about a recorded run. */
export function guardRun(run: RecordedRunInfo): RecordedRunInfo {
  const { tenantName, account, reason, operator } = run;
  return {
    ...run,
    tenantName: tenantName && guardText(tenantName),
    account: account && guardText(account),
    reason: reason && guardText(reason),
    operator: guardText(operator),
  };
}
