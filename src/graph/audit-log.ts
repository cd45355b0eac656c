import type { GraphEndpoint } from './endpoint.ts';
import { field, textOf } from './json-fields.ts';
import type { Lane } from './lane.ts';
import { readList } from './pages.ts';

/** How the audit log calls a revocation (graph-facts 1.8). */
export const revocationActivity = 'Update StsRefreshTokenValidFrom Timestamp';

/** From and to, in milliseconds since 1970. */
export interface Span {
  from: number;
  to: number;
}

/** Who did it, as the log names them. */
export interface AuditActor {
  kind: 'user' | 'app' | 'unknown';
  /** Object id of the person or of the service principal. */
  id: string | null;
  appId: string | null;
  /** User principal name, or the app's name. */
  name: string | null;
}

/** A revocation in the audit log. */
export interface AuditedRevocation {
  id: string;
  /** When it was done, by Graph's clock; milliseconds since 1970. */
  at: number;
  /** Object ids of the users. */
  targets: string[];
  actor: AuditActor;
  /** The new time that sessions are valid from; null when it can't be read. */
  validFrom: number | null;
}

/** The filter for the revocations of a time, by one person where `userId` says so: a service principal can't be filtered by. */
export function auditFilter({ from, to }: Span, userId: string | null = null): string {
  const terms = [
    `activityDisplayName eq '${revocationActivity}'`,
    `activityDateTime ge ${wholeSeconds(from)}`,
    `activityDateTime le ${wholeSeconds(to + 999)}`,
    ...(userId === null ? [] : [`initiatedBy/user/id eq '${userId.replace(/'/g, "''")}'`]),
  ];
  return terms.join(' and ');
}

/** The path of a filter, relative to the version and encoded. */
export const auditPath = (filter: string): string =>
  `/auditLogs/directoryAudits?$filter=${encodeURIComponent(filter)}&$top=999`;

/**
 * Reads every successful revocation of a time, each once: the log may show one twice.
 * @throws ListFailure
 */
export async function readRevocations(
  lane: Lane,
  endpoint: GraphEndpoint,
  span: Span,
  signal?: AbortSignal,
): Promise<AuditedRevocation[]> {
  const list = await readList(lane, endpoint, auditPath(auditFilter(span)), { keep: revocationOf, signal });
  const byId = new Map<string, AuditedRevocation>();
  for (const entry of list) {
    if (entry) byId.set(entry.id, entry);
  }
  return [...byId.values()];
}

/** In the form that filters and Kusto take. */
export const wholeSeconds = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

function revocationOf(raw: unknown): AuditedRevocation | null {
  const id = textOf(field(raw, 'id'));
  const at = Date.parse(textOf(field(raw, 'activityDateTime')) ?? '');
  const targets = field(raw, 'targetResources');
  if (id === null || Number.isNaN(at) || !Array.isArray(targets)) return null;
  if (textOf(field(raw, 'activityDisplayName')) !== revocationActivity) return null;
  if (textOf(field(raw, 'result'))?.toLowerCase() === 'failure') return null;
  return {
    id,
    at,
    targets: targets.flatMap(target => textOf(field(target, 'id'))?.toLowerCase() ?? []),
    actor: actorOf(field(raw, 'initiatedBy')),
    validFrom: targets.map(validFromOf).find(time => time !== null) ?? null,
  };
}

function actorOf(initiatedBy: unknown): AuditActor {
  const user = field(initiatedBy, 'user');
  const app = field(initiatedBy, 'app');
  if (textOf(field(user, 'id')) !== null) {
    const name = textOf(field(user, 'userPrincipalName')) ?? textOf(field(user, 'displayName'));
    return { kind: 'user', id: idOf(user, 'id'), appId: null, name };
  }
  if (typeof app === 'object' && app !== null) {
    const name = textOf(field(app, 'displayName')) ?? textOf(field(app, 'servicePrincipalName'));
    return { kind: 'app', id: idOf(app, 'servicePrincipalId'), appId: idOf(app, 'appId'), name };
  }
  return { kind: 'unknown', id: null, appId: null, name: null };
}

/** The new value is JSON inside of JSON: a list of one time. */
function validFromOf(target: unknown): number | null {
  const modified = field(target, 'modifiedProperties');
  if (!Array.isArray(modified)) return null;
  const property = modified.find(one => field(one, 'displayName') === 'StsRefreshTokensValidFrom');
  const [, time] = /^\["([^"]+)"\]$/.exec(textOf(field(property, 'newValue')) ?? '') ?? [];
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? null : at;
}

const idOf = (value: unknown, name: string): string | null =>
  textOf(field(value, name))?.toLowerCase() ?? null;
