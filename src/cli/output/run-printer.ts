import { harmless } from '../../operations/harmless.ts';
import type { RecordedRunInfo } from '../../protocol/record.ts';

/** A line a run. */
export function runLines(runs: readonly RecordedRunInfo[]): string {
  if (runs.length === 0) return 'There are no runs on record.\n';
  const cells = runs.map(run => [
    run.runId,
    run.startedAt.slice(0, 19).replace('T', ' '),
    run.state,
    String(run.users),
    String(run.left),
    run.simulated ? 'SIMULATED' : (run.tenantName ?? run.tenantId ?? ''),
    run.account ?? run.operator,
    run.reason ?? '',
  ]);
  const headings = ['Run', 'Started (UTC)', 'State', 'Users', 'Left', 'Tenant', 'By', 'Reason'];
  const widths = headings.map((heading, i) =>
    Math.min(i === 0 ? 36 : 28, Math.max(heading.length, ...cells.map(c => c[i]?.length ?? 0))),
  );
  const line = (row: string[]) =>
    row
      .map((cell, i) =>
        harmless(cell)
          .slice(0, i === row.length - 1 ? 60 : widths[i])
          .padEnd(widths[i] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return `${[headings, headings.map((h, i) => '-'.repeat(Math.min(h.length, widths[i] ?? 0))), ...cells].map(line).join('\n')}\n`;
}

/** One run in some lines. */
export function describeRun(run: RecordedRunInfo): string {
  const counts = Object.entries(run.outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  const lines: [string, string][] = [
    ['Run', `${run.runId}, ${run.state}`],
    [
      'Tenant',
      `${run.simulated ? 'SIMULATED ' : ''}${[run.tenantName, run.tenantId].filter(Boolean).join(' / ')}`,
    ],
    ['By', `${run.account ?? `app ${run.clientId}`} (${run.operator})`],
    ['Times', `${run.startedAt} to ${run.lastAt}${run.resumes > 0 ? `, resumed ${run.resumes} times` : ''}`],
    ['Users', `${run.users}: ${counts.join(', ') || 'nobody'}; ${run.left} left to do`],
    ...(run.reason === null ? [] : ([['Reason', run.reason]] as [string, string][])),
    ['Record', `${run.path}${run.damage.length > 0 ? ' (DAMAGED: see runs verify)' : ''}`],
    ['Head', run.head ?? ''],
  ];
  return `${lines.map(([label, text]) => `${`${label}:`.padEnd(8)} ${harmless(text)}`).join('\n')}\n`;
}
