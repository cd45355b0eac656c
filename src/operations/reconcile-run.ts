import type { Connection } from '../auth/connect.ts';
import { readRevocations, wholeSeconds } from '../graph/audit-log.ts';
import type { Clock } from '../graph/clock.ts';
import { Lane } from '../graph/lane.ts';
import type { Fetcher } from '../graph/middleware.ts';
import { ListFailure } from '../graph/pages.ts';
import { needsOf, permissions } from '../graph/permissions.ts';
import type { Quotas } from '../graph/quotas.ts';
import { RequestError } from '../protocol/errors.ts';
import { spanOf } from './audit-query.ts';
import { matchCalls, type ReconciledRun } from './match-calls.ts';
import { notPermitted } from './preflight.ts';
import type { RecordedCalls } from './recorded-calls.ts';
import { transportTo } from './transport-to.ts';

export interface ReconcileSetting {
  calls: RecordedCalls;
  connection: Connection;
  clock: Clock;
  quotas: Quotas;
  /** Told what happens on the way. */
  onLog?: (message: string) => void;
  /** Instead of the connection's own way to the network. */
  fetch?: Fetcher;
  signal?: AbortSignal;
}

/**
 * Looks each call of a run up in the audit log of its tenant. Reads only: nothing is written to the tenant or the record.
 * @throws RequestError OtherTenant, NotAllowed, NotSignedIn, SourceUnreadable
 */
export async function reconcileRun(setting: ReconcileSetting): Promise<ReconciledRun> {
  const { calls, connection, clock, quotas } = setting;
  const { endpoint, claims, info } = connection;
  checkTenant(calls, connection);
  const missing = notPermitted('ReadAudit', claims);
  if (missing !== null) throw new RequestError('NotAllowed', `${missing} ${ids()}`);
  if (!calls.span) return matchCalls(calls, [], null, clock.now());
  const { audits, serverClock } = quotas.for(endpoint.root, info.tenantId, info.clientId, clock.now());
  const transport = transportTo(connection, { clock, serverClock, fetch: setting.fetch });
  const lane = new Lane({ transport, clock, pace: audits, onDeferred: setting.onLog });
  const span = spanOf(calls.span);
  setting.onLog?.(`Reading the audit log from ${wholeSeconds(span.from)} to ${wholeSeconds(span.to)}.`);
  try {
    const entries = await readRevocations(lane, endpoint, span, setting.signal);
    return matchCalls(calls, entries, span, serverClock.at(clock.now()));
  } catch (error) {
    throw error instanceof ListFailure ? refusalOf(error) : error;
  } finally {
    lane.close();
  }
}

function checkTenant({ run: { begin } }: RecordedCalls, { info }: Connection): void {
  if (begin.tenantId === info.tenantId && begin.simulated === info.simulated) return;
  const place = begin.simulated ? 'simulated tenant' : 'tenant';
  throw new RequestError(
    'OtherTenant',
    `The run ${begin.runId} was in the ${place} ${begin.tenantName ?? begin.tenantId}, and you are signed in to ${info.name ?? info.tenantId}. Its audit log is there: sign in there.`,
  );
}

/** The permission to ask for, by its ids. */
function ids(): string {
  const [name] = needsOf('ReadAudit').any;
  const found = permissions.find(p => p.name === name);
  return `${name} is the delegated scope ${found?.scopeId} and the application role ${found?.appRoleId}.`;
}

function refusalOf({ status, message }: ListFailure): RequestError {
  if (status === 401) return new RequestError('NotSignedIn', `Graph refuses the sign-in (${message}).`);
  if (status === 403)
    return new RequestError(
      'NotAllowed',
      `Graph does not show the audit log (${message}). It takes the permission AuditLog.Read.All, and of a person a role such as Reports Reader, Security Reader or Global Reader. ${ids()}`,
    );
  return new RequestError('SourceUnreadable', `The audit log can not be read: ${message}.`);
}
