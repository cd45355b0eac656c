import type { Verdict } from '../case.ts';
import { amount } from './amount.ts';
import type { CaseResult } from './results.ts';

/** Writes a second of one app in one tenant (graph-facts section 3: 3,000 in 150 s). */
export const tenantWritesPerSecond = 20;
/** Writes a second of one app in all tenants together (there, too: 35,000 in 5 minutes). */
export const appWritesPerSecond = 35_000 / 300;
/** So many tenants of one app get their whole quota at a time. */
export const tenantsOfOneApp = Math.floor(appWritesPerSecond / tenantWritesPerSecond);

const measuredPart = /(<!-- measured by "npm run bench" -->\n).*(<!-- end of what was measured -->)/s;

/** docs/capacity.md with what was measured last put into it. @throws when the page has no place for it */
export function withMeasurement(page: string, results: readonly CaseResult[]): string {
  if (!measuredPart.test(page)) throw new Error('docs/capacity.md has no place for what was measured.');
  const million = results.find(result => result.name === 'a-million');
  const of = (unit: Verdict['unit']) => million?.verdicts.find(verdict => verdict.unit === unit)?.value;
  const usersPerSecond = of('users/s');
  const text =
    million && usersPerSecond !== undefined
      ? measured(million, usersPerSecond, of('MiB'))
      : 'Not measured yet: `npm run bench -- --case a-million`.\n';
  return page.replace(measuredPart, `$1${text}$2`);
}

const measured = ({ machine, commit }: CaseResult, usersPerSecond: number, mebibytes?: number): string =>
  `One engine does **${amount(usersPerSecond, 'users/s')}** when the tenant sets no limit (a million users, record and proof on;
${machine}; commit ${commit}; [how](../bench/RESULTS.md)). A tenant at full quota takes ${tenantWritesPerSecond} of them:
that is the work of **${Math.floor(usersPerSecond / tenantWritesPerSecond)} tenants at a time**.
${mebibytes === undefined ? '' : `It came to ${amount(mebibytes, 'MiB')} of memory; each tenant has an engine of its own, so plan memory for each.\n`}`;
