import type { ServerClock } from '../graph/server-clock.ts';
import type { RecordedUser } from '../journal/run-state.ts';
import type { RevocationResult } from '../protocol/row.ts';
import { lostAnswerLooks, type Prover, prove } from './proof.ts';
import { type RowContext, rowOf, type Subject } from './row.ts';

/** Outcomes that a later session would only find again. */
const final: readonly string[] = [
  'Revoked',
  'NoEffect',
  'Excluded',
  'NotAUser',
  'NotFound',
  'InvalidReference',
];

/** True when nothing is left to do for this user; a call without a known end never is. */
export const isSettled = ({ row, openCalls }: RecordedUser): boolean =>
  row !== null && openCalls === 0 && final.includes(row.outcome);

/** The row as it was told before. */
export const rowAgain = (
  row: NonNullable<RecordedUser['row']>,
  { runId, tenantId }: RowContext,
): RevocationResult => ({ runId, tenantId, ...row });

/** How long a replica may show the state before a call, in milliseconds; after that one look tells. */
const replicaLagMs = 60_000;

/**
 * Looks whether calls of an earlier session show in the tenant, before anybody is called again: a second revocation would
 * also end a session that was opened in between. Null when they do not show, or nobody knows when they left.
 */
export async function provenEarlier(
  prover: Prover,
  serverClock: ServerClock,
  { userId, unproven, row }: RecordedUser,
  subject: Subject,
  context: RowContext,
): Promise<RevocationResult | null> {
  if (userId === null || unproven === null || unproven.since === null) return null;
  const { since } = unproven;
  const graphNow = () => serverClock.at(prover.clock.now());
  const waits = graphNow() - since < replicaLagMs ? [0, ...lostAnswerLooks] : [0];
  const proof = await prove(prover, userId, () => since, { waits, attempts: 3, withinMs: 60_000, graphNow });
  if (proof.kind === 'proven') {
    const { user } = proof;
    return rowOf(
      context,
      { ...subject, id: user.id, user },
      {
        outcome: 'Revoked',
        revokedAt: user.sessionsValidFrom,
        detail: 'Sent in an earlier session of this run; the tenant shows that it was carried out.',
      },
    );
  }
  const hidden =
    proof.kind === 'notReadable' ||
    (proof.kind === 'notVisible' && proof.user !== null && proof.user.sessionsValidFrom === null);
  // Accepted is accepted: where the proof may not be read, another call would prove no more.
  if ((hidden || proof.kind === 'failed') && row?.outcome === 'Unverified') {
    return { ...rowAgain(row, context), attempts: 0 };
  }
  if (proof.kind === 'failed') {
    const detail = `Sent in an earlier session of this run; whether it was carried out could not be read (${proof.why}), so nobody was called again. Resume the run.`;
    return rowOf(context, subject, { outcome: 'Unknown', detail });
  }
  return null;
}
