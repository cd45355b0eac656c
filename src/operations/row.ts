import type { DirectoryUser } from '../graph/directory.ts';
import { longestName, shortened } from '../graph/shortened.ts';
import type { Hints } from '../graph/user-reference.ts';
import { severityOf, succeededOf } from '../protocol/outcomes.ts';
import type { Outcome, RevocationResult, Severity } from '../protocol/row.ts';
import { harmless } from './harmless.ts';

/** What a run puts into each of its rows. */
export interface RowContext {
  runId: string;
  tenantId: string | null;
  /** The organization's name, for questions and prompts. */
  tenantName: string | null;
  simulated: boolean;
}

/** The tenant as a person recognises it: by name where known, and by id. */
export function tenantLabel({ tenantId, tenantName, simulated }: Omit<RowContext, 'runId'>): string {
  const known = [tenantName && shortened(tenantName, longestName), tenantId].filter(Boolean).join(' / ');
  return harmless(`${simulated ? 'simulated ' : ''}tenant ${known || '(unknown)'}`);
}

/** What is known of one user by now. */
export interface Subject {
  reference: string;
  id: string | null;
  hints: Hints;
  user: DirectoryUser | null;
  /** Something to remember for the row's detail, such as the alias that led here. */
  note: string | null;
}

export interface Settlement {
  outcome: Outcome;
  detail?: string | null;
  severity?: Severity;
  attempts?: number;
  requestId?: string | null;
  /** By Graph's clock. */
  revokedAt?: number | null;
}

/** More than the longest sentences of ours with three hundred characters of Graph's in them. */
const longestDetail = 2000;
/** No id or address is longer; what is cut named nobody. */
const longestReference = 330;

/** The longest that an access token issued before the revocation lives by Microsoft's defaults (see `accessTokensExpireBy`). */
const accessTokenMs = 2 * 3_600_000;

/** Builds the one row of one user. */
export function rowOf(context: RowContext, subject: Subject, end: Settlement): RevocationResult {
  const severity = end.severity ?? severityOf[end.outcome];
  const { user, hints } = subject;
  const revokedAt = end.revokedAt ?? null;
  const ended = end.outcome === 'Revoked' || end.outcome === 'Unverified';
  return {
    runId: context.runId,
    tenantId: context.tenantId,
    reference: shortened(subject.reference, longestReference),
    userId: user?.id ?? subject.id,
    userPrincipalName: user?.userPrincipalName ?? hints.userPrincipalName,
    displayName: user?.displayName ?? (hints.displayName && shortened(hints.displayName, longestName)),
    accountEnabled: user?.accountEnabled ?? null,
    outcome: end.outcome,
    succeeded: succeededOf(end.outcome, severity),
    severity,
    revokedAt: iso(revokedAt),
    sessionsValidFrom: iso(user?.sessionsValidFrom ?? null),
    accessTokensExpireBy: ended && revokedAt !== null ? iso(revokedAt + accessTokenMs) : null,
    attempts: end.attempts ?? 0,
    requestId: end.requestId ?? null,
    detail: sentence(subject.note, end.detail, context.simulated ? simulatedNote : null),
  };
}

/** Stands in every row and summary of the simulated tenant. */
export const simulatedNote = 'SIMULATED: nobody was signed out.';

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

function sentence(...parts: (string | null | undefined)[]): string | null {
  const text = parts.filter(Boolean).join(' ');
  return text === '' ? null : harmless(shortened(text, longestDetail));
}
