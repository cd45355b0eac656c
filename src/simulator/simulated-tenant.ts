import { captivePortal, dropped, type SimulatedAnswer, truncated, writeOut } from './answer.ts';
import { type AuditInitiator, AuditLog } from './audit-log.ts';
import { BatchService } from './batch-service.ts';
import type { ChallengeOptions } from './challenges.ts';
import { Directory } from './directory.ts';
import { type Faults, FaultSource, type NetworkFault } from './faults.ts';
import { Finder } from './finder.ts';
import { GraphError } from './graph-error.ts';
import type { AppRegistration, RegisteredApp } from './login/app-registration.ts';
import { AppRegistry } from './login/app-registry.ts';
import { DeviceCodes } from './login/device-codes.ts';
import type { LoginSettings } from './login/login-call.ts';
import { loginPath } from './login/login-paths.ts';
import type { LoginService } from './login/login-service.ts';
import type { SimulatedSignIn } from './login/sign-in-record.ts';
import type { SimulatedGroup, SimulatedUser } from './objects.ts';
import { Pager } from './paging.ts';
import type { SimulatedTenantOptions } from './options.ts';
import type { PersonaName } from './personas.ts';
import type { Policies, PolicyOptions } from './policies/policies.ts';
import { Random } from './random.ts';
import type { RequestEntry, SimulatedRequest, SimulatedRevocation } from './record.ts';
import { Replicas } from './replicas.ts';
import { type Ending, endSessions } from './revocation.ts';
import { refusal, Service, type ServiceAnswer } from './service.ts';
import type { Sessions } from './sign-ins/sessions.ts';
import { type Appearance, SignInDesk } from './sign-ins/sign-in-desk.ts';
import type { SignInDraft, SignInEntry } from './sign-ins/sign-in-entry.ts';
import { Throttle } from './throttle.ts';
import { TokenDesk } from './token-desk.ts';
import { TokenIssuer, type TokenOptions } from './tokens.ts';
import { makeWorld, type World } from './world.ts';

export type { SimulatedAnswer } from './answer.ts';
export type { ChallengeOptions } from './challenges.ts';
export type { AppRegistration, RegisteredApp } from './login/app-registration.ts';
export type { SimulatedSignIn } from './login/sign-in-record.ts';
export type { FaultKind, Faults } from './faults.ts';
export type { SimulatedGroup, SimulatedIdentity, SimulatedUser } from './objects.ts';
export type { SimulatedTenantOptions } from './options.ts';
export type { PersonaName } from './personas.ts';
export type { SimulatedRequest, SimulatedRevocation } from './record.ts';
export type { PolicyOptions } from './policies/policies.ts';
export type { SignInOptions } from './sign-ins/options.ts';
export type { SessionDraft, SignInResult } from './sign-ins/sessions.ts';
export type { ClientSession } from './sign-ins/client-session.ts';
export type { SignInDraft, SignInEntry } from './sign-ins/sign-in-entry.ts';
export type { TokenOptions } from './tokens.ts';

/** A request as a server, or a test without one, hands it in. */
export interface SimulatedRequestMessage {
  method: string;
  /** With version and query, percent-encoded as on the wire. */
  path: string;
  headers: Record<string, string | undefined>;
  body: string;
  /** Came over TLS: decides the scheme of addresses in the answer. */
  secure?: boolean;
}

/**
 * A tenant of Microsoft 365 in memory, which answers as Microsoft Graph does and remembers what was really done. It is
 * written from graph-facts alone and shares no code with the engine, so that it catches the engine's mistakes.
 */
export class SimulatedTenant {
  readonly tenantId: string;
  readonly domain: string;
  readonly #now: () => number;
  readonly #sleep: (ms: number) => Promise<void>;
  readonly #latencyMs: number;
  readonly #slowMs: number;
  readonly #world: World;
  readonly #faults: FaultSource;
  readonly #tokens: TokenIssuer;
  readonly #desk: TokenDesk;
  readonly #service: Service;
  readonly #batches: BatchService;
  readonly #ids: Random;
  readonly #record: SimulatedRevocation[] = [];
  readonly #requests: RequestEntry[] = [];
  readonly #signIns: SimulatedSignIn[] = [];
  readonly #deviceCodes: DeviceCodes;
  readonly #directory: Directory;
  readonly #signInDesk: SignInDesk;
  readonly #finder: Finder;
  readonly #ending: Ending;
  readonly #loginSettings: LoginSettings;
  #login: Promise<LoginService> | undefined;
  /** The applications that can sign in here. */
  readonly apps: AppRegistry;
  /** Who is signed in where, and what becomes of it. */
  readonly sessions: Sessions;

  constructor(options: SimulatedTenantOptions = {}) {
    const seed = options.seed ?? 1;
    this.#now = options.now ?? Date.now;
    this.#sleep = options.sleep ?? (ms => new Promise(resolve => setTimeout(resolve, ms)));
    this.#latencyMs = options.latencyMs ?? 0;
    this.#slowMs = options.slowMs ?? 1500;
    this.#world = makeWorld(seed, options.users ?? 300, this.#now());
    this.tenantId = this.#world.tenantId;
    this.domain = this.#world.domain;
    this.#ids = new Random(seed, 'request ids');
    this.#faults = new FaultSource(seed, options.faults ?? {});
    this.#tokens = new TokenIssuer(seed, this.tenantId);
    const directory = new Directory(this.#world);
    this.apps = new AppRegistry(seed, options.apps ?? []);
    this.#desk = new TokenDesk(this.#world, directory, this.#tokens, this.apps);
    this.#directory = directory;
    this.#deviceCodes = new DeviceCodes(seed, options.deviceCodes);
    this.#loginSettings = {
      world: this.#world,
      directory,
      issuer: this.#tokens,
      apps: this.apps,
      deviceCodes: this.#deviceCodes,
      signIns: this.#signIns,
      random: new Random(seed, 'login'),
      accessTokenLifetimeSeconds: options.accessTokenLifetimeSeconds,
      conditionalAccess: options.conditionalAccess ?? {},
      singleUseAssertions: options.singleUseAssertions ?? false,
    };
    const throttle = new Throttle(
      this.tenantId,
      options.writeQuota ?? { limit: 3000, windowSeconds: 150, model: 'bucket' },
      options.resourceUnits ?? { limit: 8000, windowSeconds: 10 },
      options.reportQuota ?? { limit: 5, windowSeconds: 10 },
      options.policyQuota ?? { limit: 1, windowSeconds: 1 },
      options.retryAfterSeconds,
    );
    this.#signInDesk = new SignInDesk(
      seed,
      this.#world,
      directory,
      this.#now,
      options.signIns,
      options.policies,
    );
    this.sessions = this.#signInDesk.sessions;
    this.#ending = {
      replicas: new Replicas(options.replicas, options.stampDelayMs ?? 0),
      tokens: this.#tokens,
      audit: new AuditLog(seed, { lagMs: options.auditLagMs ?? 0, duplicates: options.auditDuplicates ?? 0 }),
      signIns: this.sessions,
    };
    this.#finder = new Finder(this.#world.users, directory);
    const realm = {
      world: this.#world,
      directory,
      finder: this.#finder,
      pager: new Pager(options.emptyPages ?? false),
      ...this.#ending,
      revocations: this.#record,
      desk: this.#signInDesk,
      appName: (appId: string) => this.apps.find(appId)?.displayName ?? null,
    };
    this.#service = new Service(realm, throttle, this.#faults, this.#now);
    this.#batches = new BatchService(
      seed,
      this.tenantId,
      this.#service,
      this.#faults,
      this.#requests,
      this.#now,
    );
  }

  /** Everybody who is there, in the order of the directory; `signInSessionsValidFromDateTime` is the truth of now. */
  get users(): readonly SimulatedUser[] {
    return this.#world.users;
  }

  /** People who were here once: Graph answers 404 to their ids and names. */
  get deletedUsers(): readonly SimulatedUser[] {
    return this.#world.deletedUsers;
  }

  get groups(): readonly SimulatedGroup[] {
    return this.#world.groups;
  }

  /** Every revocation that was carried out, in order. */
  get record(): readonly SimulatedRevocation[] {
    return this.#record;
  }

  /** Every HTTP request to Graph and every batch item, in order of arrival; those to the login endpoint are in `signIns`. */
  get requests(): readonly SimulatedRequest[] {
    return this.#requests;
  }

  /** Every attempt to get a token from the login endpoint, in order. */
  get signIns(): readonly SimulatedSignIn[] {
    return this.#signIns;
  }

  /**
   * Puts an entry into the sign-in log without a session behind it; what it leaves out is that of a usual sign-in of
   * this moment.
   */
  addSignIn(draft: SignInDraft, appearance: Appearance = {}): SignInEntry {
    return this.#signInDesk.add(draft, appearance);
  }

  /** Puts these policies in the place of all that there were; what was issued under those stays as it is. */
  setPolicies(policies: PolicyOptions): void {
    this.#signInDesk.setPolicies(policies);
  }

  get policies(): Omit<Policies, 'set'> {
    return this.#signInDesk.policies;
  }

  /** Lets an account sign in, or not, from now on; says so in the directory, too. Throws a RangeError when there is none. */
  setEnabled(userId: string, enabled: boolean): void {
    const user = this.#userOf(userId);
    this.sessions.setEnabled(user.id, enabled);
    user.accountEnabled = enabled;
    this.#finder.forget();
  }

  /**
   * Gives a user another password: changed by the user (or in Azure's portal), or reset in the admin center, which ends
   * more (graph-facts 1.5). Throws a RangeError when there is no such user.
   */
  changePassword(userId: string, how: 'changed' | 'reset' = 'changed'): void {
    this.sessions.meet(this.#userOf(userId).id, how === 'reset' ? 'passwordReset' : 'passwordChanged');
  }

  /** Adds an application, or puts another in the place of the one with this id. */
  registerApp(registration: AppRegistration): RegisteredApp {
    return this.apps.register(registration);
  }

  /**
   * Enters a code of the device flow as a persona, or as the user with this name or id. Throws a RangeError when no such
   * code waits, or there is nobody of that name.
   */
  approveDeviceCode(userCode: string, who: PersonaName | (string & {}) = 'userAdministrator'): void {
    const user = this.#world.personas.get(who as PersonaName) ?? this.#directory.user(who);
    if (!user) throw new RangeError(`There is no user '${who}'.`);
    if (!this.#deviceCodes.approve(userCode, user, this.#now()))
      throw new RangeError(`No code '${userCode}' waits to be entered.`);
  }

  /**
   * From now on tokens that were issued before, of whom it names, are answered with 401 and a claims challenge. Tokens
   * without `cp1` go on.
   */
  challenge(options: ChallengeOptions = {}): void {
    this.#tokens.challenge(options, this.#now());
  }

  /**
   * Somebody else revokes a user, without a request to Graph, so that it stands in the audit log and not in `record`: a
   * persona or another user by name or id, or an app by its name. Throws a RangeError when there is no such user.
   */
  revokeElsewhere(
    userId: string,
    { by = 'globalAdministrator' }: { by?: PersonaName | (string & {}) | { app: string } } = {},
  ): void {
    const user = this.#userOf(userId);
    endSessions(this.#ending, user, this.#initiator(by), this.#now());
  }

  /** The user behind a persona; `app` has none. */
  persona(name: Exclude<PersonaName, 'app'>): SimulatedUser {
    const user = this.#world.personas.get(name);
    if (!user) throw new RangeError(`There is no persona '${name}'.`);
    return user;
  }

  /** Replaces all probabilities; the sequences of chance go on where they are. */
  setFaults(faults: Faults): void {
    this.#faults.set(faults);
  }

  /** A token in the shape of Entra's that this tenant accepts. */
  issueToken(options: PersonaName | TokenOptions = {}): string {
    return this.#desk.issue(typeof options === 'string' ? { persona: options } : options, this.#now());
  }

  /** Every token issued so far is refused from now on with 401 InvalidAuthenticationToken. */
  expireTokens(): void {
    this.#tokens.expireAll();
  }

  async handle(message: SimulatedRequestMessage): Promise<SimulatedAnswer> {
    const [path = ''] = message.path.split('?', 1);
    const place = loginPath(path);
    if (place) return this.#signIn(message, path, place);
    const isBatch = /^\/(?:v1\.0|beta)\/\$batch(?:\?|$)/i.test(message.path);
    const fault = this.#faults.network(isBatch);
    const entry = { method: message.method, path: message.path, status: 0, inBatch: false, at: this.#now() };
    this.#requests.push(entry);
    const slowBefore = fault === 'slow' && this.#faults.coin();
    await this.#pause(this.#latencyMs / 2 + (slowBefore ? this.#slowMs : 0));
    if (fault === 'reset') return dropped(true);
    const answer = fault === 'html' ? captivePortal(this.#now()) : this.#act(message, isBatch, fault);
    await this.#pause(this.#latencyMs / 2 + (fault === 'slow' && !slowBefore ? this.#slowMs : 0));
    if (fault === 'lostAnswer') return dropped(false);
    entry.status = answer.status;
    if (fault === 'truncated') return truncated(answer, this.#faults.coin());
    return answer;
  }

  #act(message: SimulatedRequestMessage, isBatch: boolean, fault: NetworkFault | undefined): SimulatedAnswer {
    const headers = lowerCased(message.headers);
    const requestId = this.#ids.guid();
    const clientRequestId = headers['client-request-id'] ?? this.#ids.guid();
    const common = { headers, origin: originOf(message, headers), requestId, clientRequestId };
    let answer: ServiceAnswer;
    try {
      const verified = this.#tokens.verify(headers['authorization'], this.#now(), isBatch);
      const request = {
        ...common,
        method: message.method.toUpperCase(),
        path: message.path,
        body: message.body,
        ...verified,
      };
      answer = isBatch
        ? this.#batches.perform(request, fault === 'missingItem')
        : this.#service.perform(request);
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      answer = refusal(error, common, this.#now());
    }
    return writeOut(answer, requestId, clientRequestId, this.#now());
  }

  async #signIn(
    message: SimulatedRequestMessage,
    path: string,
    place: { tenant: string; rest: string },
  ): Promise<SimulatedAnswer> {
    await this.#pause(this.#latencyMs);
    this.#login ??= import('./login/login-service.ts').then(module =>
      module.LoginService.create(this.#loginSettings),
    );
    const headers = lowerCased(message.headers);
    const call = {
      method: message.method.toUpperCase(),
      tenant: place.tenant,
      path,
      query: new URLSearchParams(message.path.slice(path.length)),
      form: new URLSearchParams(message.body),
      headers,
      origin: originOf(message, headers),
    };
    return (await this.#login).answer({ ...call, now: this.#now() }, place.rest);
  }

  #initiator(by: string | { app: string }): AuditInitiator {
    if (typeof by === 'object') {
      const servicePrincipalId = this.#ending.audit.strangerId();
      return { app: { servicePrincipalId, displayName: by.app } };
    }
    const actor = this.#world.personas.get(by as PersonaName) ?? this.#directory.user(by);
    if (!actor) throw new RangeError(`There is no user '${by}'.`);
    return { user: { id: actor.id, userPrincipalName: actor.userPrincipalName } };
  }

  #userOf(idOrName: string): SimulatedUser {
    const user = this.#directory.user(idOrName);
    if (!user) throw new RangeError(`There is no user '${idOrName}'.`);
    return user;
  }

  async #pause(ms: number): Promise<void> {
    if (ms > 0) await this.#sleep(ms);
  }
}

/** As the client names it; without a host it is the real one. */
const originOf = (message: SimulatedRequestMessage, headers: Record<string, string | undefined>): string =>
  headers['host'] === undefined
    ? 'https://graph.microsoft.com'
    : `${message.secure ? 'https' : 'http'}://${headers['host']}`;

const lowerCased = (headers: Record<string, string | undefined>): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
