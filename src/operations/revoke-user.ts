import type { TokenClaims } from '../auth/access-token.ts';
import { isAmbiguous, isDeferred, isSuccess, type Answer } from '../graph/answer.ts';
import { isExternal, userPath } from '../graph/directory.ts';
import { describeError, plainId, requestIdOf } from '../graph/graph-error.ts';
import type { Lane } from '../graph/lane.ts';
import type { ServerClock } from '../graph/server-clock.ts';
import type { Intent } from '../journal/journal.ts';
import type { RevocationResult } from '../protocol/row.ts';
import { explainDenial } from './denial.ts';
import type { Explainer } from './explain.ts';
import { type Looking, lostAnswerLooks, type Proof, type Prover, prove } from './proof.ts';
import { type RowContext, rowOf, type Settlement, type Subject } from './row.ts';

/** What revoking one user needs of its run. */
export interface RevokeContext {
  row: RowContext;
  caller: TokenClaims;
  writes: Lane;
  reads: Lane;
  prover: Prover;
  serverClock: ServerClock;
  verificationMs: number;
  /** How the proof of an accepted call is looked for. */
  looking: Looking;
  skipVerification: boolean;
  /** Told when the proof of an accepted call begins and ends to be awaited. */
  awaiting(change: 1 | -1): void;
  log(message: string): void;
  /** Graph refuses the token for good. */
  notSignedIn(why: string): void;
  /** Says in rows until when access lasts; null where that was not asked for. */
  explainer: Explainer | null;
}

/** Calls of which nobody knows whether they were carried out are repeated this often at most. */
const maxCalls = 8;
/** ... fewer where the tenant can't be read, so that nobody knows what a repetition would repeat, ... */
const maxBlindCalls = 3;
/** ... and for so long at most: a connection that swallows everything costs a minute a call. */
const longestMs = 5 * 60_000;

/** What became of the calls so far. */
interface Calls {
  attempts: number;
  requestId: string | null;
  /** Calls of unknown fate; what the service put off did nothing and does not count. */
  ambiguous: number;
  /** When the first call of unknown fate was sent, by the local clock. */
  firstSentAt: number | null;
}

/**
 * Revokes one user and gives the row that says what is proven. `signal` withdraws the call as long as it has not left; once it has left it
 * is settled. `user` is the number under which the user was handed in. A call whose fate is unknown is looked up in the tenant before it is repeated, because a second revocation
 * would also end a session that was opened in between.
 */
export async function revokeUser(
  context: RevokeContext,
  user: number,
  subject: Subject,
  signal: AbortSignal,
): Promise<RevocationResult> {
  const target = subject.id ?? subject.reference;
  const calls: Calls = { attempts: 0, requestId: null, ambiguous: 0, firstSentAt: null };
  const ended = (end: Settlement, user = subject.user) => {
    const { attempts, requestId } = calls;
    const known = { ...subject, user };
    const row = rowOf(context.row, known, { attempts, requestId, ...end });
    return context.explainer ? context.explainer.explain(row, known) : row;
  };

  for (;;) {
    const reply = await context.writes.send(revokeRequest(user, target, calls.attempts + 1), signal);
    if (reply.kind === 'notSent') {
      return ended(
        calls.firstSentAt === null
          ? { outcome: 'Cancelled', detail: notSent }
          : unknown('the run was stopped'),
      );
    }
    calls.attempts += reply.tries;
    let why: string;
    if (reply.kind === 'answer') {
      calls.requestId = plainId(reply.headers['request-id']) ?? requestIdOf(reply.body) ?? calls.requestId;
      if (isSuccess(reply)) {
        const proof = await proofOfAccepted(context, target, reply);
        return ended(settleAccepted(context, subject, reply, proof), userOf(proof) ?? subject.user);
      }
      if (!isAmbiguous(reply)) return ended(await settleRefused(context, target, reply));
      why = describeError(reply.status, reply.body);
    } else {
      if (reply.acted === 'no' && calls.firstSentAt === null) {
        return ended({
          outcome: 'Failed',
          detail: `Nothing was sent: ${reply.reason}. Run the same command again.`,
        });
      }
      why = reply.reason;
    }

    context.log(
      `${subject.reference}: the call may or may not have been carried out (${why}); looking in the tenant.`,
    );
    calls.ambiguous += 1;
    calls.firstSentAt ??= reply.sentAt;
    const first = calls.firstSentAt;
    // Not by the answer's own `Date`: one front end whose clock is wrong would make a proof of an old stamp.
    const proof = await prove(context.prover, target, () => context.serverClock.at(first), {
      waits: lostAnswerLooks,
      attempts: 3,
      withinMs: 60_000,
      graphNow: context.looking.graphNow,
    });
    const last =
      signal.aborted ||
      calls.ambiguous >= (hasEvidence(proof) ? maxCalls : maxBlindCalls) ||
      context.prover.clock.now() - first > longestMs ||
      (proof.kind === 'failed' && proof.unreachable === true);
    const settled = settleLost(proof, why, reply.kind, last);
    if (settled) return ended(settled, userOf(proof) ?? subject.user);
  }
}

function revokeRequest(user: number, userId: string, attempt: number) {
  const tag: Intent = { user, userId, attempt };
  return { method: 'POST' as const, path: `${userPath(userId)}/revokeSignInSessions`, body: {}, tag };
}

function proofOfAccepted(context: RevokeContext, target: string, answer: Answer): Promise<Proof> | null {
  if (context.skipVerification) return null;
  context.awaiting(1);
  const { sentAt: sent, sentAtServer } = answer;
  // The later of the two: neither is after the true moment, unless one of Graph's clocks is wrong, and then this errs
  // on the safe side.
  const sentAt = () => Math.max(sentAtServer ?? Number.NEGATIVE_INFINITY, context.serverClock.at(sent));
  return prove(context.prover, target, sentAt, context.looking).finally(() => context.awaiting(-1));
}

function settleAccepted(
  context: RevokeContext,
  subject: Subject,
  answer: Answer,
  proof: Proof | null,
): Settlement {
  const revokedAt = answer.date ?? context.serverClock.at(context.prover.clock.now());
  if (proof?.kind === 'proven') return { outcome: 'Revoked', revokedAt };
  if (proof?.kind === 'external' || isExternal(subject.hints.userPrincipalName)) return noEffect;
  return { outcome: 'Unverified', revokedAt, detail: whyUnverified(proof, context) };
}

function whyUnverified(proof: Proof | null, context: RevokeContext): string {
  const accepted = 'Graph accepted the call';
  if (proof === null) return `${accepted}; the proof was not read, as asked.`;
  switch (proof.kind) {
    case 'notReadable':
      return `${accepted}, but this sign-in may not read the proof: add the permission User.Read.All (${proof.why}).`;
    case 'tokenEnded':
      return `${accepted}, but the token is refused by now, so the proof could not be read (${proof.why}). If this is your own account, that is what was to be expected: sign in again and look.`;
    case 'gone':
      return `${accepted}, but the user can't be found any more: deleted meanwhile.`;
    case 'failed':
      return `${accepted}, but the proof could not be read: ${proof.why}.`;
    case 'future':
      return `${accepted}, but Graph shows a signInSessionsValidFromDateTime that lies in the future, which proves nothing. Look at it later.`;
    default:
      if (proof.kind === 'notVisible' && proof.user && proof.user.sessionsValidFrom === null) {
        return `${accepted}, but Graph did not return signInSessionsValidFromDateTime; reading it takes User.Read.All.`;
      }
      return `${accepted}, but it did not show within ${context.verificationMs / 1000} s. Directory replicas can take minutes: run the same command again, or look at signInSessionsValidFromDateTime later.`;
  }
}

async function settleRefused(context: RevokeContext, target: string, answer: Answer): Promise<Settlement> {
  const said = describeError(answer.status, answer.body);
  switch (answer.status) {
    case 401:
      context.notSignedIn(said);
      return {
        outcome: 'Cancelled',
        detail: `Not carried out: Graph refuses your sign-in (${said}). Sign in again, then run the same command.`,
      };
    case 403:
      return {
        outcome: 'Denied',
        detail: await explainDenial(context.caller, target, context.reads, context.prover),
      };
    case 404:
      return {
        outcome: 'NotFound',
        detail:
          'No user of this tenant has this id. Check that this is the right tenant; a deleted user has no sessions.',
      };
    default:
      return isDeferred(answer)
        ? {
            outcome: 'Failed',
            detail: `Gave up after the tenant put the call off again and again: ${said}. Run the same command again later.`,
          }
        : { outcome: 'Failed', detail: `Graph refused the call: ${said}.` };
  }
}

/** The end of a call of unknown fate, or null when it must be sent again. */
function settleLost(proof: Proof, why: string, fate: 'answer' | 'lost', last: boolean): Settlement | null {
  if (proof.kind === 'proven') {
    const detail = `The answer was lost (${why}); the tenant shows that the call was carried out.`;
    return { outcome: 'Revoked', revokedAt: proof.user.sessionsValidFrom, detail };
  }
  if (proof.kind === 'external') return noEffect;
  if (proof.kind === 'gone')
    return { outcome: 'NotFound', detail: 'The user can not be found; a deleted user has no sessions.' };
  if (!last) return null;
  // An answer that names an error, and a stamp that did not move: it was not done. Silence proves nothing.
  if (fate === 'answer' && hasEvidence(proof)) {
    return { outcome: 'Failed', detail: `Graph failed again and again: ${why}. Run the same command again.` };
  }
  return unknown(why);
}

/** True when the tenant was read and shows a stamp older than the call. */
const hasEvidence = (proof: Proof): boolean =>
  proof.kind === 'notVisible' && proof.user?.sessionsValidFrom != null;

const notSent = 'Not sent: the run was stopped before. Run the same command again.';

const unknown = (why: string): Settlement => ({
  outcome: 'Unknown',
  detail: `Sent, but the answer never came (${why}) and the tenant does not show it. Run the same command again: revoking twice is harmless.`,
});

const noEffect: Settlement = {
  outcome: 'NoEffect',
  detail:
    'An external user: signs in at the home tenant, where only its admins can revoke. Remove or block the guest here instead.',
};

const userOf = (proof: Proof | null) => (proof && 'user' in proof ? proof.user : null);
