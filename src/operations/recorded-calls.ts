import type { Span } from '../graph/audit-log.ts';
import { identify } from '../graph/user-reference.ts';
import type { Actor } from '../journal/entry.ts';
import type { Records } from '../journal/records.ts';
import type { RecordedRun, RecordedUser } from '../journal/run-state.ts';
import type { ReadRecord } from '../journal/verify.ts';
import type { Outcome } from '../protocol/row.ts';
import { said } from './recorder.ts';

/** Somebody for whom a call to revoke left, or was about to. */
export interface CalledUser {
  userId: string;
  userPrincipalName: string | null;
  displayName: string | null;
  /** `Open` where nothing final is on record. */
  outcome: Outcome | 'Open';
  /** When the first call left, by Graph's clock as far as it was known; milliseconds since 1970. */
  calledAt: number;
  /** Why the audit log should have nothing; null where it should have an entry. */
  notExpected: string | null;
}

/** What a record says of the calls of its run: whom they were for, who signed them, when they were. */
export interface RecordedCalls {
  run: RecordedRun;
  /** Who signed in, once each: a run may be resumed by somebody else. */
  actors: Actor[];
  users: CalledUser[];
  /** From the first call to the last thing that happened, by Graph's clock; null when no call left. */
  span: Span | null;
  /** Whether Graph's clock was known; else the times are this machine's. */
  clockKnown: boolean;
  /** Whether each line of the record fits the one before. */
  whole: boolean;
}

/** What Graph refused, and what never left, changes nothing and is not logged. */
const withoutTrace: Partial<Record<Outcome, string>> = {
  NoEffect: 'An external user: nothing was ended here, so nothing is logged here.',
  Denied: 'Graph refused the call, so nothing is logged.',
  NotFound: 'Graph found nobody, so nothing is logged.',
  Cancelled: 'The call was withdrawn before it left.',
};

/** @throws RequestError RecordNotFound, RecordDamaged when it is no record at all, RecordUnavailable */
export function recordedCalls(runId: string, records: Records, folder?: string): Promise<RecordedCalls> {
  return said(async () => {
    const { run, record } = await records.look(runId, folder);
    return callsOf(run, record);
  });
}

export function callsOf(run: RecordedRun, { entries, damage }: ReadRecord): RecordedCalls {
  const users = run.users.flatMap(user => calledUser(user) ?? []);
  const timed = entries.flatMap(e => (e.type === 'intent' || e.type === 'outcome' ? [e] : []));
  const moments = timed.map(e => Date.parse(e.time) + (e.clockOffset ?? run.clockOffset ?? 0));
  const from = users.reduce((first, { calledAt }) => Math.min(first, calledAt), Number.POSITIVE_INFINITY);
  const to = moments.reduce((last, at) => Math.max(last, at), from);
  return {
    run,
    actors: distinct([run.begin.actor, ...run.resumes.map(r => r.actor)]),
    users,
    span: users.length > 0 ? { from, to } : null,
    clockKnown: run.clockOffset !== null,
    whole: damage.length === 0,
  };
}

function calledUser({ reference, userId, firstCallAt, row, openCalls }: RecordedUser): CalledUser | null {
  if (userId === null || firstCallAt === null) return null;
  const { hints } = identify(reference);
  const outcome = row && openCalls === 0 ? row.outcome : 'Open';
  return {
    userId: userId.toLowerCase(),
    userPrincipalName: row?.userPrincipalName ?? hints.userPrincipalName,
    displayName: row?.displayName ?? hints.displayName,
    outcome,
    calledAt: firstCallAt,
    notExpected: outcome === 'Open' ? null : (withoutTrace[outcome] ?? null),
  };
}

function distinct(actors: readonly Actor[]): Actor[] {
  const key = ({ objectId, clientId, authType }: Actor) => `${authType} ${objectId} ${clientId}`;
  return [...new Map(actors.map(actor => [key(actor), actor])).values()];
}
