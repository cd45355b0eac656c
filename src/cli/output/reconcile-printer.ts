import { stringify } from 'csv-stringify/sync';
import { harmless, harmlessJson } from '../../operations/harmless.ts';
import type { ReconcileFormat } from './reconcile-formats.ts';
import type { ReconciledRun, ReconciledUser } from '../../operations/match-calls.ts';

/** In the order of the JSON. */
const csvColumns: readonly (keyof ReconciledUser)[] = [
  'runId',
  'userId',
  'userPrincipalName',
  'displayName',
  'verdict',
  'outcome',
  'calledAt',
  'loggedAt',
  'sessionsValidFrom',
  'actor',
  'auditId',
  'detail',
];

/** The users to standard output, what they come to to standard error. JSON has both. */
export function printReconciled(run: ReconciledRun, format: ReconcileFormat): void {
  process.stdout.write(textIn(format, run));
  process.stderr.write(summaryOf(run));
}

function textIn(format: ReconcileFormat, run: ReconciledRun): string {
  switch (format) {
    case 'json':
      return `${harmlessJson(JSON.stringify(run, null, 1))}\n`;
    case 'csv':
      return stringify(run.users, { header: true, columns: [...csvColumns], escape_formulas: true });
    case 'table':
      return run.users.length === 0 ? '' : tableOf(run.users);
  }
}

function tableOf(users: readonly ReconciledUser[]): string {
  const rows = users.map(user => [
    user.verdict,
    user.userPrincipalName ?? user.userId,
    shortTime(user.calledAt),
    shortTime(user.loggedAt),
    user.verdict === 'SomebodyElse' ? '' : (user.actor ?? ''),
    user.detail ?? '',
  ]);
  const headings = ['Verdict', 'User', 'Called (UTC)', 'Logged (UTC)', 'By', 'Detail'];
  const widths = headings.map((heading, i) =>
    Math.min(48, Math.max(heading.length, ...rows.map(row => row[i]?.length ?? 0))),
  );
  const last = headings.length - 1;
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) =>
        i === last
          ? harmless(cell)
          : harmless(cell)
              .slice(0, widths[i])
              .padEnd(widths[i] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return `${[headings, headings.map(h => '-'.repeat(h.length)), ...rows].map(line).join('\n')}\n`;
}

const shortTime = (iso: string | null): string => iso?.slice(0, 19).replace('T', ' ') ?? '';

function summaryOf({ counts, elsewhere, entries, simulated, users, notes }: ReconciledRun): string {
  const expected = users.length - counts.NotExpected;
  const sentences = [
    ...(simulated ? ['SIMULATED.'] : []),
    `${counts.Found} of ${expected} found in the audit log.`,
    ...(counts.NotFoundYet > 0
      ? [`${counts.NotFoundYet} not found yet: the log lags, ask again later.`]
      : []),
    ...(counts.SomebodyElse > 0 ? [`${counts.SomebodyElse} only by somebody else.`] : []),
    ...(counts.NotExpected > 0
      ? [`${counts.NotExpected} not expected there (external users, and calls that Graph refused).`]
      : []),
    ...(elsewhere > 0
      ? [
          `Elsewhere: ${elsewhere} of the ${entries} entries of that time are by the same actor for users who were not called in this run (another run, or tool).`,
        ]
      : []),
  ];
  return `${[...notes, sentences.join(' ')].join('\n')}\n`;
}
