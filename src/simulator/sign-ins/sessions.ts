import type { SimulatedUser } from '../objects.ts';
import { Random } from '../random.ts';
import { signInApps, type SignInApp, type SignInAppName } from './apps.ts';
import { ClientSession, type SessionSurroundings } from './client-session.ts';
import { entryOf } from './entry-writer.ts';
import { drawPlan } from './session-draw.ts';
import type { AccountEvent, SessionPlan } from './session-plan.ts';
import type { SessionRules } from './session-rules.ts';
import type { SignInDraft } from './sign-in-entry.ts';

/** A sign-in as a test asks for it; everything left out is drawn. */
export type SessionDraft = Partial<Omit<SessionPlan, 'user' | 'app'>> & {
  /** Id or name. */
  user: string;
  app?: SignInAppName | SignInApp;
};

/** What came of a sign-in: a session, or the number of Entra's error. */
export type SignInResult =
  { session: ClientSession; errorCode: 0 } | { session?: undefined; errorCode: number };

export interface SessionsSetup {
  readonly seed: number;
  readonly rules: SessionRules;
  readonly findUser: (idOrName: string) => SimulatedUser | undefined;
  readonly write: (entry: SignInDraft) => void;
  readonly now: () => number;
  readonly enforcementMs: { from: number; to: number };
  /** What happened before the start, by user; asked for when somebody first looks, since most never do. */
  readonly cast: () => Map<string, (sessions: Sessions) => void>;
}

/** Who is signed in where. Nothing happens in between: sessions live when somebody looks, or when something is done to them. */
export class Sessions {
  readonly apps = signInApps;
  readonly #setup: SessionsSetup;
  readonly #around: SessionSurroundings;
  readonly #random: Random;
  readonly #all: ClientSession[] = [];
  readonly #byUser = new Map<string, ClientSession[]>();
  readonly #disabledSince = new Map<string, number>();
  readonly #passwordChangedAt = new Map<string, number>();
  readonly #returned = new Set<ClientSession>();
  #cast: Map<string, (sessions: Sessions) => void> | undefined;

  constructor(setup: SessionsSetup) {
    this.#setup = setup;
    this.#random = new Random(setup.seed, 'sessions');
    this.#around = {
      rules: setup.rules,
      write: setup.write,
      disabledSince: userId => this.#disabledSince.get(userId),
      enforcementMs: setup.enforcementMs,
    };
  }

  /** Everybody's, up to this moment, in the order in which they were opened. */
  get all(): readonly ClientSession[] {
    this.live();
    return this.#all;
  }

  /** Those of one user, by id. */
  of(userId: string): readonly ClientSession[] {
    this.#liveUser(userId, this.#setup.now());
    return this.#byUser.get(userId) ?? [];
  }

  /** By the id that the log shows. */
  find(sessionId: string): ClientSession | undefined {
    return this.all.find(session => session.id === sessionId);
  }

  /**
   * Signs somebody in, now or in the past (`startedAt`), and lives what has happened since: a session that is older than
   * the time from which the user's sessions are valid has ended then. Throws a RangeError when there is no such user.
   */
  open(draft: SessionDraft): ClientSession {
    const now = this.#setup.now();
    const user = this.#userOf(draft.user);
    const plan = drawPlan(this.#random, user, draft, now);
    if (plan.startedAt > now) throw new RangeError('A session can not begin in the future.');
    return this.#open(plan, now);
  }

  /** Gives each of these users so many sessions of all kinds, begun within the time before now. */
  populate(
    users: readonly { readonly id: string }[],
    { perUser = 3, withinMs = 24 * 3_600_000 }: { perUser?: number; withinMs?: number } = {},
  ): ClientSession[] {
    const now = this.#setup.now();
    return users.flatMap(({ id }) =>
      Array.from({ length: perUser }, () =>
        this.open({ user: id, startedAt: now - Math.floor(withinMs * this.#random.next()) }),
      ),
    );
  }

  /**
   * The person behind a session signs in anew, now: with the password, as they did before, and with what `changes` says.
   * Refused when the account is disabled (50057), or it is a stranger and the password was changed meanwhile (50126).
   */
  signInAgain(session: ClientSession, changes: Partial<SessionPlan> = {}): SignInResult {
    const now = this.#setup.now();
    this.#liveUser(session.userId, now);
    return this.#signIn({ ...session.plan, ...changes, startedAt: now }, now);
  }

  /** Somebody tries to get in, now or at `startedAt`, and is refused: with a wrong password unless another error is named. */
  tryToSignIn(draft: SessionDraft, errorCode = 50126): void {
    const plan = drawPlan(this.#random, this.#userOf(draft.user), draft, this.#setup.now());
    this.#refuse(plan, plan.startedAt, errorCode);
  }

  /** Lets all live up to now, or to a moment before. */
  live(now = this.#setup.now()): void {
    for (const userId of [...this.#castLeft().keys()]) this.#enter(userId);
    for (const userId of this.#byUser.keys()) this.#liveUser(userId, now);
  }

  /** Something happens to an account, now. */
  meet(userId: string, event: AccountEvent): void {
    const now = this.#setup.now();
    this.#liveUser(userId, now);
    if (event === 'passwordChanged' || event === 'passwordReset') this.#passwordChangedAt.set(userId, now);
    for (const session of this.#byUser.get(userId) ?? []) session.meet(event, now);
  }

  /** The account may sign in no more, or again, from now on. */
  setEnabled(userId: string, enabled: boolean): void {
    const now = this.#setup.now();
    this.#liveUser(userId, now);
    if (enabled) this.#disabledSince.delete(userId);
    else if (!this.#disabledSince.has(userId)) {
      this.#disabledSince.set(userId, now);
      for (const session of this.#byUser.get(userId) ?? []) session.refuseContinuousAccess(now);
    }
  }

  #userOf(idOrName: string): SimulatedUser {
    const user = this.#setup.findUser(idOrName);
    if (!user) throw new RangeError(`There is no user '${idOrName}'.`);
    return user;
  }

  /** Of the cast, whose sessions have not been made yet. */
  #castLeft(): Map<string, (sessions: Sessions) => void> {
    this.#cast ??= this.#setup.cast();
    return this.#cast;
  }

  /** The cast's sessions of a user are made before anything is done to them. */
  #enter(userId: string): void {
    const make = this.#castLeft().get(userId);
    this.#castLeft().delete(userId);
    make?.(this);
  }

  #liveUser(userId: string, now: number): void {
    this.#enter(userId);
    // Whoever comes back meanwhile is appended, and lives on in the same round.
    for (const session of this.#byUser.get(userId) ?? []) {
      session.live(now);
      this.#comeBack(session, now);
    }
  }

  #comeBack(session: ClientSession, now: number): void {
    const { refusedAt, plan } = session;
    if (plan.returnsAfterMs === undefined || refusedAt === undefined || this.#returned.has(session)) return;
    const startedAt = refusedAt + plan.returnsAfterMs;
    if (startedAt > now) return;
    this.#returned.add(session);
    this.#signIn({ ...plan, startedAt }, now);
  }

  #signIn(plan: SessionPlan, now: number): SignInResult {
    const { user, stolenAt, startedAt } = plan;
    const forgotten =
      stolenAt !== undefined && stolenAt < (this.#passwordChangedAt.get(user.id) ?? -Infinity);
    const disabled = !user.accountEnabled || this.#disabledSince.has(user.id);
    const errorCode = disabled ? 50057 : forgotten ? 50126 : 0;
    if (errorCode === 0) return { session: this.#open(plan, now), errorCode };
    this.#refuse(plan, startedAt, errorCode);
    return { errorCode };
  }

  #refuse(plan: SessionPlan, at: number, errorCode: number): void {
    const [resource] = plan.app.resources;
    if (!resource) return;
    const correlationId = this.#random.guid();
    const request = { at, resource, interactive: true, errorCode, sessionId: null, correlationId };
    this.#setup.write(entryOf(plan, request, this.#setup.rules));
  }

  #open(plan: SessionPlan, now: number): ClientSession {
    const session = new ClientSession(plan, this.#around, new Random(this.#random.bits(), 'session'));
    const validFrom = Date.parse(plan.user.signInSessionsValidFromDateTime);
    if (plan.startedAt < validFrom && validFrom <= now && !plan.user.external) {
      session.live(validFrom);
      session.meet('revoked', validFrom);
    }
    session.live(now);
    this.#all.push(session);
    const before = this.#byUser.get(plan.user.id);
    if (before) before.push(session);
    else this.#byUser.set(plan.user.id, [session]);
    return session;
  }
}
