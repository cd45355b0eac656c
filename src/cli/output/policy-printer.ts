import { harmless } from '../../operations/harmless.ts';
import type { PolicyCoverage, SessionPolicy } from '../../protocol/policy.ts';
import { textTable } from './text-table.ts';
import { wrapped } from './wrapped.ts';

/** The columns of CSV, in the order of the contract. */
export const policyColumns: readonly (keyof SessionPolicy)[] = [
  'tenantId',
  'kind',
  'policyId',
  'policyName',
  'state',
  'setting',
  'appliesTo',
  'covers',
  'verdict',
  'because',
  'advice',
];

/** What each policy does to a revocation, and below what to change, for a screen of so many columns. */
export function policiesText(policies: readonly SessionPolicy[], width: number): string {
  if (policies.length === 0) return 'No policy of this tenant makes sessions longer or shorter.\n';
  const table = textTable<SessionPolicy>(
    [
      { heading: 'Verdict', text: policy => policy.verdict },
      { heading: 'Policy', most: 24, wrap: true, text: nameOf },
      { heading: 'Setting', most: 30, wrap: true, text: p => `${p.kind}: ${p.setting}` },
      { heading: 'Because', wrap: true, text: policy => policy.because },
    ],
    policies,
    width,
  );
  const sections = [
    ...section('Applies to', policies, p => (p.covers === null ? p.appliesTo : null), width),
    ...section('Covers', policies, p => (p.covers === null ? null : coverage(p.covers)), width),
    ...section('To change', policies, p => p.advice, width),
  ];
  return [table, ...sections].join('\n');
}

function nameOf({ policyName, policyId, state }: SessionPolicy): string {
  const name = policyName ?? policyId ?? '(the tenant)';
  return state === 'Enabled' ? name : `${name} (${state === 'ReportOnly' ? 'report-only' : 'disabled'})`;
}

function section(
  heading: string,
  policies: readonly SessionPolicy[],
  text: (policy: SessionPolicy) => string | null,
  width: number,
): string[] {
  const lines = policies.flatMap(policy => {
    const said = text(policy);
    return said === null
      ? []
      : [wrapped(harmless(`  ${policy.policyName ?? policy.kind}: ${said}`), width, 4)];
  });
  return lines.length === 0 ? [] : [`${heading}:\n${lines.join('\n')}\n`];
}

function coverage(covers: readonly PolicyCoverage[]): string {
  const named = (covered: boolean | null) =>
    covers.filter(one => one.covered === covered).map(one => one.userPrincipalName ?? one.userId ?? '?');
  const group = (word: string, names: string[]) => (names.length > 0 ? [`${word} ${names.join(', ')}`] : []);
  return (
    [...group('', named(true)), ...group('perhaps', named(null)), ...group('not', named(false))]
      .join('; ')
      .trim() || 'nobody of those asked for'
  );
}
