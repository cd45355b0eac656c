import type { ServerClock } from '../graph/server-clock.ts';
import type { RecordedUser } from '../journal/run-state.ts';
import type { RevocationResult } from '../protocol/row.ts';
import { type Prover, prove } from './proof.ts';
import type { RowContext, Settlement, Subject } from './row.ts';

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

/**
 * Looks whether calls of an earlier session show in the tenant, before anybody is called again: a second revocation would
 * also end a session that was opened in between. Null when they do not show.
 */
export async function provenEarlier(
  prover: Prover,
  serverClock: ServerClock,
  { userId, firstCallAt, row }: RecordedUser,
  subject: Subject,
): Promise<{ subject: Subject; end: Settlement } | null> {
  if (userId === null || firstCallAt === null) return null;
  const graphNow = () => serverClock.at(prover.clock.now());
  const looking = { waits: [0], attempts: 3, withinMs: 60_000, graphNow };
  const proof = await prove(prover, userId, () => firstCallAt, looking);
  if (proof.kind === 'proven') {
    const { user } = proof;
    const end: Settlement = {
      outcome: 'Revoked',
      revokedAt: user.sessionsValidFrom,
      detail: 'Sent in an earlier session of this run; the tenant shows that it was carried out.',
    };
    return { subject: { ...subject, id: user.id, user }, end };
  }
  // Accepted is accepted: where the proof may not be read, another call would prove no more.
  if (proof.kind === 'notReadable' && row?.outcome === 'Unverified') {
    const { revokedAt, detail } = row;
    return {
      subject,
      end: { outcome: 'Unverified', detail, revokedAt: revokedAt === null ? null : Date.parse(revokedAt) },
    };
  }
  return null;
}
