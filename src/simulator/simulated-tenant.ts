import { captivePortal, dropped, type SimulatedAnswer, truncated, writeOut } from './answer.ts';
import { type BatchItem, itemPath, parseBatch, runBatch } from './batch.ts';
import { Directory } from './directory.ts';
import { type Faults, FaultSource, type NetworkFault } from './faults.ts';
import { Finder } from './finder.ts';
import { GraphError } from './graph-error.ts';
import type { SimulatedGroup, SimulatedUser } from './objects.ts';
import { Pager } from './paging.ts';
import type { PersonaName } from './personas.ts';
import { Random } from './random.ts';
import type { SimulatedRequest, SimulatedRevocation } from './record.ts';
import { type ReplicaOptions, Replicas } from './replicas.ts';
import { refusal, Service, type ServiceAnswer, type ServiceRequest } from './service.ts';
import { Throttle, type WriteQuotaOptions } from './throttle.ts';
import { TokenDesk } from './token-desk.ts';
import { TokenIssuer, type TokenOptions } from './tokens.ts';
import { makeWorld, type World } from './world.ts';

export type { SimulatedAnswer } from './answer.ts';
export type { FaultKind, Faults } from './faults.ts';
export type { SimulatedGroup, SimulatedIdentity, SimulatedUser } from './objects.ts';
export type { PersonaName } from './personas.ts';
export type { SimulatedRequest, SimulatedRevocation } from './record.ts';
export type { TokenOptions } from './tokens.ts';

export interface SimulatedTenantOptions {
  /** Default 1. The same seed and size make the same tenant, down to the ids. */
  seed?: number;
  /** How many users there are, deleted ones apart. Default 300; the cast of about ninety is always there. */
  users?: number;
  /** Milliseconds since 1970; default the machine's clock. */
  now?: () => number;
  /** How the tenant waits; default a timer. */
  sleep?: (ms: number) => Promise<void>;
  /** Default 3,000 in 150 s as a bucket (graph-facts 3). */
  writeQuota?: WriteQuotaOptions;
  /** Default 8,000 in 10 s. */
  resourceUnits?: { limit: number; windowSeconds: number };
  /** The Retry-After of throttled requests; computed from the quota when left out. */
  retryAfterSeconds?: number;
  /** How long an HTTP request takes, half of it before anything is done. Default 0. */
  latencyMs?: number;
  /** How much longer the fault `slow` takes. Default 1,500. */
  slowMs?: number;
  /** Default: one copy of the directory that knows at once. */
  replicas?: ReplicaOptions;
  /** How long before a revocation becomes visible anywhere. Default 0. */
  stampDelayMs?: number;
  /** The first page of each longer list is followed by one without values. Default false. */
  emptyPages?: boolean;
  faults?: Faults;
}

/** A request as a server, or a test without one, hands it in. */
export interface SimulatedRequestMessage {
  method: string;
  /** With version and query, percent-encoded as on the wire. */
  path: string;
  headers: Record<string, string | undefined>;
  body: string;
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
  readonly #ids: Random;
  readonly #order: Random;
  readonly #record: SimulatedRevocation[] = [];
  readonly #requests: { -readonly [Key in keyof SimulatedRequest]: SimulatedRequest[Key] }[] = [];

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
    this.#order = new Random(seed, 'order of batch replies');
    this.#faults = new FaultSource(seed, options.faults ?? {});
    this.#tokens = new TokenIssuer(seed, this.tenantId);
    const directory = new Directory(this.#world);
    this.#desk = new TokenDesk(seed, this.#world, directory, this.#tokens);
    const throttle = new Throttle(
      this.tenantId,
      options.writeQuota ?? { limit: 3000, windowSeconds: 150, model: 'bucket' },
      options.resourceUnits ?? { limit: 8000, windowSeconds: 10 },
      options.retryAfterSeconds,
    );
    const realm = {
      world: this.#world,
      directory,
      finder: new Finder(this.#world.users, directory),
      pager: new Pager(options.emptyPages ?? false),
      replicas: new Replicas(options.replicas, options.stampDelayMs ?? 0),
      tokens: this.#tokens,
      revocations: this.#record,
    };
    this.#service = new Service(realm, throttle, this.#faults, this.#now);
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

  /** Every HTTP request and every batch item, in order of arrival. */
  get requests(): readonly SimulatedRequest[] {
    return this.#requests;
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
    const origin =
      headers['host'] === undefined ? 'https://graph.microsoft.com' : `http://${headers['host']}`;
    const common = { headers, origin, requestId, clientRequestId };
    let answer: ServiceAnswer;
    try {
      const caller = this.#tokens.verify(headers['authorization'], this.#now());
      const request = {
        ...common,
        method: message.method.toUpperCase(),
        path: message.path,
        body: message.body,
        caller,
      };
      answer = isBatch ? this.#batch(request, fault) : this.#service.perform(request);
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      answer = refusal(error, common, this.#now());
    }
    return writeOut(answer, requestId, clientRequestId, this.#now());
  }

  #batch(request: ServiceRequest, fault: NetworkFault | undefined): ServiceAnswer {
    if (request.method !== 'POST') {
      throw new GraphError(
        405,
        'Request_BadRequest',
        'Specified HTTP method is not allowed for the request target.',
      );
    }
    const items = parseBatch(request.body);
    const failed = this.#faults.service(request.caller.appId, this.tenantId, this.#now());
    if (failed && !failed.acted) throw failed.error;
    const answers = runBatch(
      items,
      item => this.#item(request, item),
      (_item, error) => refusal(error, request, this.#now()),
    );
    if (failed) throw failed.error;
    const responses = this.#order.shuffle([...answers]).map(([item, answer]) => ({ id: item.id, ...answer }));
    if (fault === 'missingItem') responses.splice(this.#faults.victim(responses.length), 1);
    return {
      status: 200,
      headers: { 'Cache-Control': 'no-cache', 'Content-Type': 'application/json' },
      body: { responses },
    };
  }

  /** Headers of the batch, the token apart, do not reach its items (graph-facts 2). */
  #item(batch: ServiceRequest, item: BatchItem): ServiceAnswer {
    const path = itemPath(batch.path, item);
    const entry = { method: item.method, path, status: 0, inBatch: true, at: this.#now() };
    this.#requests.push(entry);
    const answer = this.#service.perform({
      ...batch,
      ...{ method: item.method, path, headers: item.headers, body: item.body },
    });
    entry.status = answer.status;
    return answer;
  }

  async #pause(ms: number): Promise<void> {
    if (ms > 0) await this.#sleep(ms);
  }
}

const lowerCased = (headers: Record<string, string | undefined>): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
