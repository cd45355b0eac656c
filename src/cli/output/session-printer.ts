import { harmless } from '../../operations/harmless.ts';
import type { AccessRule, SignInSession } from '../../protocol/session.ts';
import { localTime, offsetAt, utcOffset } from './local-time.ts';
import { textTable, type TextColumn } from './text-table.ts';
import { wrapped } from './wrapped.ts';

/** The columns of CSV, in the order of the contract. */
export const sessionColumns: readonly (keyof SignInSession)[] = [
  'tenantId',
  'reference',
  'userId',
  'userPrincipalName',
  'displayName',
  'appId',
  'appDisplayName',
  'resourceId',
  'resourceDisplayName',
  'sessionId',
  'lastTokenIssued',
  'interactive',
  'clientApp',
  'device',
  'deviceId',
  'managed',
  'ipAddress',
  'place',
  'continuousAccess',
  'riskLevel',
  'riskState',
  'signIns',
  'accessUntil',
  'accessUntilIfRevoked',
  'rule',
  'because',
  'confidence',
  'detail',
];

/** The sessions of each user under their name, for a screen of so many columns; times are local. */
export function sessionsText(sessions: readonly SignInSession[], width: number, now: Date): string {
  const offset = offsetAt(now);
  const users = Map.groupBy(sessions, session => session.userId ?? session.reference);
  const columns = columnsAt(offset, now);
  const parts = [...users.values()].map(
    rows => `${harmless(nameOf(rows[0]))}\n${textTable(columns, rows, width)}\n`,
  );
  const legend = `Times are local, UTC${utcOffset(offset)}. "Revoked" is until when access lasts at most if the sessions are revoked now, or were already. ~ is inferred: the longest that the documented rules allow.`;
  return parts.length === 0
    ? ''
    : `${parts.join('')}${[...reasonsIn(sessions), legend].map(line => `${wrapped(line, width, 2)}\n`).join('')}`;
}

/** What the rules in the table mean, each once. */
function reasonsIn(sessions: readonly SignInSession[]): string[] {
  const reasons = new Map(sessions.map(({ because, rule }) => [because, shortRules[rule]]));
  return [...reasons].map(([because, rule]) => `${rule}: ${harmless(because)}`).toSorted();
}

function nameOf(session: SignInSession | undefined): string {
  const { userPrincipalName, reference, displayName } = session ?? {};
  return [userPrincipalName ?? reference, displayName && `(${displayName})`].filter(Boolean).join(' ');
}

const columnsAt = (offset: number, now: Date): TextColumn<SignInSession>[] => [
  { heading: 'App', most: 22, text: appOf, wrap: true },
  { heading: 'From', most: 22, text: fromOf, wrap: true },
  {
    heading: 'Last token',
    text: row => (row.lastTokenIssued ? localTime(row.lastTokenIssued, offset) : ''),
  },
  { heading: 'Unrevoked', text: row => endOf(row.accessUntil, row, offset, now) },
  { heading: 'Revoked', text: row => endOf(row.accessUntilIfRevoked, row, offset, now) },
  { heading: 'Rule', text: row => shortRules[row.rule], wrap: true },
];

const shortRules: Readonly<Record<AccessRule, string>> = {
  ContinuousAccess: 'near real time (CAE)',
  TokenLifetime: 'token lives out',
  TokenLifetimePolicy: 'token lives out, by policy',
  LongToken: 'CAE token without CAE',
  AppSession: 'app keeps its own session',
  HomeTenant: 'home tenant signs in',
};

function appOf({ appId, appDisplayName, resourceDisplayName }: SignInSession): string {
  if (appId === null) return '(the logs tell nothing)';
  const app = appDisplayName ?? appId;
  return resourceDisplayName && resourceDisplayName !== app ? `${app} > ${resourceDisplayName}` : app;
}

const fromOf = ({ device, clientApp, place, ipAddress }: SignInSession): string =>
  [device ?? clientApp, place ?? ipAddress].filter(Boolean).join(', ');

function endOf(until: string | null, { confidence }: SignInSession, offset: number, now: Date): string {
  if (until !== null && Date.parse(until) <= now.getTime()) return 'over';
  return `${confidence === 'Inferred' ? '~' : ''}${until === null ? 'no end' : localTime(until, offset)}`;
}
