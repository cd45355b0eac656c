import type { Outcome, Severity } from './row.ts';

/** How loudly each outcome is told (design: a group among the members is told as a warning although it is NotAUser). */
export const severityOf: Readonly<Record<Outcome, Severity>> = {
  Revoked: 'none',
  Unverified: 'warning',
  NoEffect: 'warning',
  Excluded: 'none',
  NotAUser: 'none',
  NotFound: 'error',
  InvalidReference: 'error',
  Denied: 'error',
  Cancelled: 'error',
  Failed: 'error',
  Unknown: 'error',
};

/** Outcomes after which nothing is left to do for this user. */
export const succeededOf = (outcome: Outcome, severity: Severity): boolean =>
  outcome === 'Revoked' || outcome === 'Excluded' || (outcome === 'NotAUser' && severity === 'none');
