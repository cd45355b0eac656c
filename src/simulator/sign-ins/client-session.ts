import type { Random } from '../random.ts';
import type { SignInResource } from './apps.ts';
import { entryOf } from './entry-writer.ts';
import {
  type AccountEvent,
  circumstancesOf,
  type Credential,
  credentialOf,
  ends,
  type SessionPlan,
} from './session-plan.ts';
import { longestPropagationMs, type SessionRules, spaMs, refreshTokenIdleMs } from './session-rules.ts';
import type { SignInDraft } from './sign-in-entry.ts';

/** What sessions live in. */
export interface SessionSurroundings {
  readonly rules: SessionRules;
  readonly write: (entry: SignInDraft) => void;
  /** Since when the user may not sign in; undefined while they may. */
  readonly disabledSince: (userId: string) => number | undefined;
  /** How long Entra goes on to honour what was revoked, drawn for each session between the two. */
  readonly enforcementMs: { from: number; to: number };
}

interface AccessToken {
  readonly issuedAt: number;
  readonly continuousAccess: boolean;
  /** When it ends, or is refused. */
  until: number;
}

const hourMs = 3_600_000;
/** A client that is refused tries so many times, then waits for its user. */
const tries = 3;

/** One sign-in on one device, and everything that came of it without a person. Lives when it is told to. */
export class ClientSession {
  /** As the log has it. */
  readonly id: string;
  readonly plan: SessionPlan;
  readonly #around: SessionSurroundings;
  readonly #random: Random;
  readonly #credential: Credential;
  readonly #tokens = new Map<string, AccessToken[]>();
  /** Of a web application: until when its own cookie lets its user in. */
  #ownUntil = -Infinity;
  #endedAt = Infinity;
  readonly #enforcementMs: number;
  #lastActive: number;
  #nextUse: number;
  #refusals = 0;
  #refusedAt: number | undefined;

  constructor(plan: SessionPlan, around: SessionSurroundings, random: Random) {
    this.plan = plan;
    this.#around = around;
    this.#random = random;
    this.id = random.guid();
    this.#credential = credentialOf(plan.app);
    const { from, to } = around.enforcementMs;
    this.#enforcementMs = from + (to - from) * random.next();
    this.#lastActive = plan.startedAt;
    this.#begin();
    this.#nextUse = this.#after(plan.startedAt);
  }

  get userId(): string {
    return this.plan.user.id;
  }

  get appId(): string {
    return this.plan.app.id;
  }

  get resourceIds(): string[] {
    return this.plan.app.resources.map(resource => resource.id);
  }

  /** When Entra first refused it something; undefined while it has not. */
  get refusedAt(): number | undefined {
    return this.#refusedAt;
  }

  /** When the last token for the resource was issued. */
  lastIssued(resourceId: string): number | undefined {
    return this.#tokens.get(resourceId)?.at(-1)?.issuedAt;
  }

  /**
   * Until when the resource, or any of the app, can be reached with what the session holds, as far as it has happened:
   * Infinity while it can get new tokens without an end. Times are milliseconds since 1970.
   */
  aliveUntil(resourceId?: string): number {
    const resources = this.plan.app.resources.filter(
      one => resourceId === undefined || one.id === resourceId,
    );
    const tokens = resources.flatMap(one => this.#tokens.get(one.id) ?? []).map(token => token.until);
    return Math.max(
      this.plan.startedAt,
      this.#ownUntil,
      ...tokens,
      ...resources.map(one => this.#credentialUntil(one)),
    );
  }

  /** Whether the resource can be reached at a moment that is not later than the latest that was lived. */
  canReach(resourceId: string, at: number): boolean {
    return at >= this.plan.startedAt && at < this.aliveUntil(resourceId);
  }

  /** Uses it as planned, up to and including this moment. */
  live(now: number): void {
    while (this.#nextUse <= now && this.#nextUse < this.plan.usedUntil && this.#refusals < tries) {
      this.#use(this.#nextUse);
      this.#nextUse = this.#after(this.#nextUse);
    }
  }

  /** Something happened to the account; it must have lived up to then. */
  meet(event: AccountEvent, at: number): void {
    if (this.plan.startedAt > at) return;
    if (ends(event, this.#credential, this.plan)) this.#endedAt = Math.min(this.#endedAt, at);
    // Signing out is not among the events that resources learn of (graph-facts 5.1).
    if (event !== 'signedOut') this.refuseContinuousAccess(at);
  }

  /** Resources with continuous access learn of an event at their time. */
  refuseContinuousAccess(at: number): void {
    for (const token of this.#living(at)) {
      if (token.continuousAccess)
        token.until = Math.min(token.until, at + longestPropagationMs * this.#random.next());
    }
  }

  #living(at: number): AccessToken[] {
    return [...this.#tokens.values()].flat().filter(token => token.until > at);
  }

  /** With two entries for one authentication, of which one only tells of continuous access (graph-facts 5.4). */
  #begin(): void {
    const { app, startedAt } = this.plan;
    const [first, ...others] = app.resources as readonly [SignInResource, ...SignInResource[]];
    const continuous = this.#issue(startedAt, first);
    const correlationId = this.#random.guid();
    const toldBy = this.#random.below(2) === 0;
    const silent = this.#random.below(2) === 0 ? undefined : false;
    for (const interactive of [true, false]) {
      const continuousAccess = interactive === toldBy ? continuous : silent;
      this.#write(startedAt, first, { interactive, continuousAccess, correlationId });
    }
    for (const resource of others)
      this.#write(startedAt, resource, { continuousAccess: this.#issue(startedAt, resource) });
  }

  #use(at: number): void {
    const { app, eagerness } = this.plan;
    const resource = this.#random.pick<SignInResource>(app.resources);
    const eager = this.#random.next() < eagerness;
    const held = this.#ownUntil > at || (this.#tokens.get(resource.id) ?? []).some(token => token.until > at);
    if (held && !eager) return;
    const errorCode = this.#refusal(at, resource);
    if (errorCode !== 0) {
      this.#refusals++;
      this.#refusedAt ??= at;
      this.#write(at, resource, { errorCode });
      return;
    }
    const continuousAccess = this.#issue(at, resource);
    this.#lastActive = at;
    this.#write(at, resource, { continuousAccess });
  }

  /** Why Entra issues nothing; 0 when it does (graph-facts 1.9). */
  #refusal(at: number, resource: SignInResource): number {
    const cookie = this.#credential === 'cookie';
    if (this.#around.disabledSince(this.userId) !== undefined) return 50057;
    if (this.#endedAt + this.#enforcementMs <= at) return cookie ? 50133 : 50173;
    const now = circumstancesOf(this.plan, resource);
    if (this.plan.startedAt + this.#around.rules.frequencyMs(now) <= at) return 70043;
    if (this.plan.app.client === 'spa' && this.plan.startedAt + spaMs <= at) return 700084;
    const idleMs = cookie ? this.#around.rules.cookieIdleMs(now, this.plan.kept) : refreshTokenIdleMs;
    if (this.#lastActive + idleMs <= at) return cookie ? 50132 : 700082;
    return 0;
  }

  /** Until when new tokens for the resource can be had. */
  #credentialUntil(resource: SignInResource): number {
    const disabledSince = this.#around.disabledSince(this.userId) ?? Infinity;
    const frequency = this.#around.rules.frequencyMs(circumstancesOf(this.plan, resource));
    const spa = this.plan.app.client === 'spa' ? spaMs : Infinity;
    return Math.min(
      disabledSince,
      this.#endedAt + this.#enforcementMs,
      this.plan.startedAt + Math.min(frequency, spa),
    );
  }

  /** Whether what was issued is under continuous access. */
  #issue(at: number, resource: SignInResource): boolean {
    const { app, continuousAccess, startedAt } = this.plan;
    const { rules } = this.#around;
    if (app.client === 'webApp') {
      this.#ownUntil = at + (8 + 64 * this.#random.next()) * hourMs;
      return false;
    }
    const now = circumstancesOf(this.plan, resource);
    const left = startedAt + rules.frequencyMs(now) - at;
    const terms = rules.terms({ ...app, continuousAccess }, resource, now, left, this.#random);
    const token = { issuedAt: at, continuousAccess: terms.continuousAccess, until: at + terms.lifetimeMs };
    // The last to end is kept for those who ask afterwards.
    const before = this.#tokens.get(resource.id) ?? [];
    const latest = Math.max(...before.map(one => one.until));
    const kept = before.filter(one => one.until > at || one.until === latest);
    this.#tokens.set(resource.id, [...kept, token]);
    // What is issued while a revocation is being enforced falls under it, too.
    if (token.continuousAccess && this.#endedAt <= at)
      token.until = Math.max(
        at,
        Math.min(token.until, this.#endedAt + longestPropagationMs * this.#random.next()),
      );
    return terms.continuousAccess;
  }

  #write(
    at: number,
    resource: SignInResource,
    more: { interactive?: boolean; errorCode?: number; continuousAccess?: boolean; correlationId?: string },
  ): void {
    const request = {
      at,
      resource,
      interactive: false,
      errorCode: 0,
      sessionId: this.id,
      correlationId: more.correlationId ?? this.#random.guid(),
      ...more,
    };
    this.#around.write(entryOf(this.plan, request, this.#around.rules));
  }

  /** The next use: at random, never twice in a second. */
  #after(at: number): number {
    return at + 1000 - Math.log(1 - this.#random.next()) * this.plan.everyMs;
  }
}
