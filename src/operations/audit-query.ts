import { auditFilter, auditPath, revocationActivity, type Span, wholeSeconds } from '../graph/audit-log.ts';
import type { Actor } from '../journal/entry.ts';
import { kqlComment, kqlString, powerShellString } from './kql.ts';
import type { CalledUser, RecordedCalls } from './recorded-calls.ts';

/** Queries that find the revocations of one run in the audit log, and what a SOC should know of them. */
export interface AuditQuery {
  runId: string;
  tenantId: string | null;
  tenantName: string | null;
  simulated: boolean;
  reason: string | null;
  /** How the audit log calls it. */
  operation: string;
  /** Who signed the calls. */
  actors: Pick<Actor, 'account' | 'objectId' | 'clientId' | 'authType'>[];
  /** How many users should be in the log, and how many were called and should not. */
  users: number;
  notExpected: number;
  /** The time that the queries look at, margins included; null when no call left. */
  from: string | null;
  to: string | null;
  /** For AuditLogs in Sentinel or Log Analytics; several when the users are too many for one. */
  kql: string[];
  /** Requests to Microsoft Graph, encoded. */
  graph: string[];
  /** The same for Microsoft's PowerShell module. */
  powershell: string[];
  notes: string[];
}

/** The clocks of this machine, of Graph and of the log may differ by this much, in milliseconds. */
export const clockMargin = 5 * 60_000;
/** An entry may reach a workspace this much later, in milliseconds. */
const ingestionMargin = 24 * 3_600_000;
/** About 200 KB of ids: what a query window still takes. */
const usersPerQuery = 5000;

/** Where to look for a run: its time and a margin on either side. */
export const spanOf = ({ from, to }: Span): Span => ({ from: from - clockMargin, to: to + clockMargin });

export function auditQuery(calls: RecordedCalls): AuditQuery {
  const { begin } = calls.run;
  const wanted = calls.users.filter(u => u.notExpected === null);
  const span = calls.span && wanted.length > 0 ? spanOf(calls.span) : null;
  const filters = span ? filtersFor(calls.actors, span) : [];
  return {
    runId: begin.runId,
    tenantId: begin.tenantId,
    tenantName: begin.tenantName,
    simulated: begin.simulated,
    reason: begin.reason,
    operation: revocationActivity,
    actors: calls.actors.map(({ account, objectId, clientId, authType }) => ({
      account,
      objectId,
      clientId,
      authType,
    })),
    users: wanted.length,
    notExpected: calls.users.length - wanted.length,
    from: span && wholeSeconds(span.from),
    to: span && wholeSeconds(span.to),
    kql: span ? portions(wanted).map((users, i, all) => kqlOf(calls, users, span, part(i, all))) : [],
    graph: filters.map(({ filter }) => `${begin.graphUrl}/v1.0${auditPath(filter)}`),
    powershell: filters.map(
      ({ filter, after }) =>
        `Get-MgAuditLogDirectoryAudit -All -Filter ${powerShellString(filter)}${after ?? ''}`,
    ),
    notes: notesOn(calls, wanted.length),
  };
}

const part = (index: number, all: readonly unknown[]): string =>
  all.length > 1 ? ` (query ${index + 1} of ${all.length})` : '';

/** One filter for each person; the log can't be filtered by service principal, so an app is looked for afterwards. */
function filtersFor(actors: readonly Actor[], span: Span): { filter: string; after?: string }[] {
  const found = actors.map(({ authType, objectId }) => {
    if (authType === 'Delegated' && objectId !== null) return { filter: auditFilter(span, objectId) };
    if (authType !== 'AppOnly' || objectId === null) return { filter: auditFilter(span) };
    const principal = `$_.InitiatedBy.App.ServicePrincipalId -eq ${powerShellString(objectId)}`;
    return { filter: auditFilter(span), after: ` | Where-Object { ${principal} }` };
  });
  return [...new Map(found.map(one => [JSON.stringify(one), one])).values()];
}

function portions(users: readonly CalledUser[]): CalledUser[][] {
  const count = Math.ceil(users.length / usersPerQuery);
  return Array.from({ length: count }, (_, i) => users.slice(i * usersPerQuery, (i + 1) * usersPerQuery));
}

function kqlOf(
  { run: { begin }, actors }: RecordedCalls,
  users: CalledUser[],
  { from, to }: Span,
  which: string,
): string {
  const [start, end, late] = [from, to, to + ingestionMargin].map(wholeSeconds);
  const tests = actors.map(actorTests);
  // One actor who is not known may be anybody.
  const by = tests.some(t => t.length === 0) ? [] : [...new Set(tests.flat())];
  return [
    kqlComment(
      `UserSession run ${begin.runId}: ${users.length} users, called by ${actors.map(actorName).join(', ')}${which}`,
    ),
    `let Users = datatable(UserId: string) [`,
    users.map(({ userId }) => `  ${kqlString(userId)}`).join(',\n'),
    `];`,
    `AuditLogs`,
    `| where TimeGenerated between (datetime(${start}) .. datetime(${late}))`,
    `| where ActivityDateTime between (datetime(${start}) .. datetime(${end}))`,
    `| where OperationName == ${kqlString(revocationActivity)}`,
    ...(by.length > 0 ? [`| where ${by.join(' or ')}`] : []),
    `| mv-expand Target = TargetResources`,
    `| extend UserId = tolower(tostring(Target.id))`,
    `| where UserId in (Users)`,
    `| project ActivityDateTime, UserId, UserPrincipalName = tostring(Target.userPrincipalName),`,
    `    Actor = coalesce(tostring(InitiatedBy.user.userPrincipalName), tostring(InitiatedBy.app.displayName)),`,
    `    Result, CorrelationId, RunId = ${kqlString(begin.runId)}, Reason = ${kqlString(begin.reason ?? '')}`,
    `| sort by ActivityDateTime asc`,
  ].join('\n');
}

function actorTests({ authType, objectId, clientId }: Actor): string[] {
  if (authType === 'AppOnly') {
    return [
      ...(objectId ? [`tostring(InitiatedBy.app.servicePrincipalId) =~ ${kqlString(objectId)}`] : []),
      ...(clientId ? [`tostring(InitiatedBy.app.appId) =~ ${kqlString(clientId)}`] : []),
    ];
  }
  return objectId ? [`tostring(InitiatedBy.user.id) =~ ${kqlString(objectId)}`] : [];
}

/** For a person: the account, or the app that signed by itself. */
export const actorName = ({ account, clientId, objectId, authType }: Actor): string =>
  account ?? (authType === 'AppOnly' ? `app ${clientId ?? objectId}` : (objectId ?? 'somebody unknown'));

function notesOn({ users, actors, whole, run: { begin } }: RecordedCalls, expected: number): string[] {
  if (expected === 0) return ['Nobody was revoked in this run, so there is nothing to look for.'];
  const unknown = actors.some(a => a.objectId === null);
  return [
    ...(begin.simulated
      ? ['SIMULATED: nobody was signed out, and no log but that of the simulated tenant has any of it.']
      : []),
    'Bulk revocation raises alerts: hunting rules count this operation by actor, and a published one fires at three users a day. Give the SOC the run id, the actor and the time before they ask.',
    'Entries appear some minutes after the act, at times after hours. Microsoft keeps them for 7 days, or 30 with Entra ID P1 or P2; a workspace as long as it was told to.',
    ...(users.length > expected
      ? [
          `${users.length - expected} more were called and are not in the log: external users, those whom Graph refused, and those whose call was withdrawn before it left.`,
        ]
      : []),
    ...(actors.some(a => a.authType === 'AppOnly')
      ? ['Microsoft Graph can not filter by service principal: its answer has to be searched for the actor.']
      : []),
    ...(unknown ? ['The record does not tell who signed in, so the queries find whoever did it.'] : []),
    ...(whole ? [] : ['The record was changed after it was written: see usersession runs verify.']),
  ];
}
