import { type AuditActor, type AuditedRevocation, type Span, wholeSeconds } from '../graph/audit-log.ts';
import type { Actor } from '../journal/entry.ts';
import { clockMargin } from './audit-query.ts';
import type { CalledUser, RecordedCalls } from './recorded-calls.ts';

/**
 * What the audit log says of a user: `Found`, an entry by whoever signed the run's calls, not before the call;
 * `NotFoundYet`, none, which a log that lags may mend; `SomebodyElse`, only by another; `NotExpected`, none, and rightly
 * so: external users are not logged, nor is what Graph refused.
 */
export type Verdict = 'Found' | 'NotFoundYet' | 'SomebodyElse' | 'NotExpected';

export const verdicts: readonly Verdict[] = ['Found', 'NotFoundYet', 'SomebodyElse', 'NotExpected'];

/** One called user against the log. Times are UTC in ISO 8601. */
export interface ReconciledUser {
  runId: string;
  userId: string;
  userPrincipalName: string | null;
  displayName: string | null;
  verdict: Verdict;
  /** As the record has it. */
  outcome: CalledUser['outcome'];
  calledAt: string;
  /** When it was done, by the log. */
  loggedAt: string | null;
  /** From when on sessions are valid, by the log. */
  sessionsValidFrom: string | null;
  /** Who did it, by the log. */
  actor: string | null;
  auditId: string | null;
  detail: string | null;
}

export interface ReconciledRun {
  runId: string;
  tenantId: string | null;
  simulated: boolean;
  /** The time that was looked at; null when no call left. */
  from: string | null;
  to: string | null;
  /** How many revocations the log has in it, by anybody. */
  entries: number;
  /** How many of them are by whoever signed the run's calls, of users whom the run did not call: another run, or tool. */
  elsewhere: number;
  counts: Record<Verdict, number>;
  users: ReconciledUser[];
  notes: string[];
}

/** A time in the log up to this much before the call is still of the call, in milliseconds (design section 2). */
const tolerance = 5000;
/** After so long a log that is kept for 7 days may have let go of it, in milliseconds. */
const kept = 7 * 24 * 3_600_000;

/** Matches the calls of a run with what the log has; `now` is by Graph's clock. */
export function matchCalls(
  calls: RecordedCalls,
  entries: readonly AuditedRevocation[],
  span: Span | null,
  now: number,
): ReconciledRun {
  const { begin } = calls.run;
  const ours = entries.filter(entry => calls.actors.some(actor => isBy(entry.actor, actor)));
  const [byUs, byAnybody] = [byTarget(ours), byTarget(entries)];
  const early = calls.clockKnown ? tolerance : clockMargin;
  const context = { runId: begin.runId, byUs, byAnybody, early, guessed: calls.actors.some(isUnknown) };
  const users = calls.users.map(user => reconciled(user, context));
  const called = new Set(calls.users.map(u => u.userId));
  const count = (verdict: Verdict) => users.filter(u => u.verdict === verdict).length;
  const counts = Object.fromEntries(verdicts.map(v => [v, count(v)])) as Record<Verdict, number>;
  return {
    runId: begin.runId,
    tenantId: begin.tenantId,
    simulated: begin.simulated,
    from: span && wholeSeconds(span.from),
    to: span && wholeSeconds(span.to),
    entries: entries.length,
    elsewhere: ours.filter(({ targets }) => !targets.some(id => called.has(id))).length,
    counts,
    users,
    notes: notesOn(calls, counts, now),
  };
}

interface Context {
  runId: string;
  byUs: ReadonlyMap<string, AuditedRevocation[]>;
  byAnybody: ReadonlyMap<string, AuditedRevocation[]>;
  early: number;
  /** Whether an actor of the run is not known, so that whoever is in the log may be that one. */
  guessed: boolean;
}

function reconciled(user: CalledUser, context: Context): ReconciledUser {
  const inTime = (found: AuditedRevocation[] = []) =>
    found.filter(({ at }) => at >= user.calledAt - context.early);
  const [own] = inTime(context.byUs.get(user.userId));
  const [other] = inTime(context.byAnybody.get(user.userId));
  const entry = own ?? (user.notExpected === null ? other : undefined);
  const verdict = own
    ? 'Found'
    : user.notExpected !== null
      ? 'NotExpected'
      : other
        ? 'SomebodyElse'
        : 'NotFoundYet';
  const { userId, userPrincipalName, displayName, outcome } = user;
  return {
    runId: context.runId,
    userId,
    userPrincipalName,
    displayName,
    verdict,
    outcome,
    calledAt: new Date(user.calledAt).toISOString(),
    loggedAt: timeOf(entry?.at),
    sessionsValidFrom: timeOf(entry?.validFrom),
    actor: entry ? nameOf(entry.actor) : null,
    auditId: entry?.id ?? null,
    detail: detailOf(verdict, user, context, other),
  };
}

function detailOf(
  verdict: Verdict,
  { outcome, notExpected }: CalledUser,
  { guessed }: Context,
  other: AuditedRevocation | undefined,
): string | null {
  const byOther = other ? ` ${nameOf(other.actor)} did it at ${wholeSeconds(other.at)}.` : '';
  switch (verdict) {
    case 'Found':
      return guessed ? 'The record does not tell who signed in: matched by user and time alone.' : null;
    case 'SomebodyElse':
      return `The log has no entry of this run yet, but${byOther}`;
    case 'NotExpected':
      return `${notExpected}${byOther}`;
    case 'NotFoundYet':
      return outcome === 'Revoked' || outcome === 'Unverified'
        ? 'Graph accepted the call; the log lags by some minutes, at times by hours. Ask again later.'
        : `The record says ${outcome}: the call may never have been carried out. The log lags by some minutes, at times by hours. Ask again later.`;
  }
}

function notesOn({ span, whole, clockKnown }: RecordedCalls, counts: Record<Verdict, number>, now: number) {
  return [
    ...(span ? [] : ['No call left in this run, so there is nothing to look for.']),
    ...(counts.NotFoundYet > 0 && span && now - span.to > kept
      ? ['The run is more than 7 days old. Microsoft keeps the log for 7 days, or 30 with Entra ID P1 or P2.']
      : []),
    ...(span && !clockKnown
      ? ["Graph's clock is not on record, so entries up to 5 minutes before a call were taken for it, too."]
      : []),
    ...(whole ? [] : ['The record was changed after it was written: see usersession runs verify.']),
  ];
}

/** By user, the earliest first. */
function byTarget(entries: readonly AuditedRevocation[]): Map<string, AuditedRevocation[]> {
  const found = new Map<string, AuditedRevocation[]>();
  for (const entry of entries.toSorted((a, b) => a.at - b.at)) {
    for (const id of entry.targets) found.set(id, [...(found.get(id) ?? []), entry]);
  }
  return found;
}

const isUnknown = ({ objectId, clientId, authType }: Actor): boolean =>
  authType === 'AppOnly' ? !objectId && !clientId : !objectId;

function isBy(found: AuditActor, actor: Actor): boolean {
  if (isUnknown(actor)) return true;
  const same = (a: string | null, b: string | null) => a !== null && a === (b?.toLowerCase() ?? null);
  if (actor.authType !== 'AppOnly') return found.kind === 'user' && same(found.id, actor.objectId);
  return found.kind === 'app' && (same(found.id, actor.objectId) || same(found.appId, actor.clientId));
}

/** `name (id)`, or what there is of it. */
function nameOf({ kind, id, appId, name }: AuditActor): string {
  const known = id ?? appId;
  const who = name && known ? `${name} (${known})` : (name ?? known ?? 'somebody unnamed');
  return kind === 'app' ? `app ${who}` : who;
}

const timeOf = (at: number | null | undefined): string | null =>
  at === null || at === undefined ? null : new Date(at).toISOString();
