import { harmless } from '../../operations/harmless.ts';
import type { AuditQuery } from '../../operations/audit-query.ts';

/** What a SOC gets: what was done, by whom and when, and queries to copy. Only the queries are not indented. */
export function auditQueryText(query: AuditQuery): string {
  const tenant = [query.tenantName, query.tenantId].filter(Boolean).join(' / ') || '(unknown)';
  const actors = query.actors.map(
    ({ account, objectId, clientId }) =>
      `${account ?? 'an app'} (object ${objectId ?? 'unknown'}, signed in with app ${clientId ?? 'unknown'})`,
  );
  const facts: [string, string][] = [
    ['Run', query.runId],
    ['Tenant', `${query.simulated ? 'SIMULATED ' : ''}${tenant}`],
    ...actors.map((actor): [string, string] => ['By', actor]),
    ...(query.reason === null ? [] : [['Reason', query.reason] as [string, string]]),
    ['Users', String(query.users)],
    ['Logged as', query.operation],
    ...(query.from === null ? [] : [['Between', `${query.from} and ${query.to}`] as [string, string]]),
  ];
  const section = (heading: string, queries: readonly string[]) =>
    queries.length === 0 ? [] : ['', `${heading}:`, ...queries.flatMap(text => ['', text])];
  const lines = [
    ...facts.map(([label, text]) => `${`${label}:`.padEnd(10)} ${harmless(text)}`),
    '',
    ...query.notes.map(note => `- ${note}`),
    ...section('Microsoft Sentinel, Log Analytics (Kusto)', query.kql),
    ...section(
      'Microsoft Graph',
      query.graph.map(url => `GET ${harmless(url)}`),
    ),
    ...section('Microsoft Graph PowerShell', query.powershell),
  ];
  return `${lines.join('\n')}\n`;
}
