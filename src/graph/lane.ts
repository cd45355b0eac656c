import { isDeferred, type Lost, type NotSent, type Reply, waitAsked } from './answer.ts';
import { batchLimit, composeBatch, matchBatch } from './batch.ts';
import { claimsOf } from './claims-challenge.ts';
import type { Clock } from './clock.ts';
import type { Pace } from './pace.ts';
import { backoffMs } from './retry-after.ts';
import type { GraphRequest, Transport } from './transport.ts';

export interface LaneOptions {
  transport: Transport;
  pace: Pace;
  clock: Clock;
  /** Times one request is sent again because the service put it off. */
  deferrals?: number;
  /** Times one request is sent again because nobody could be reached: with the back-off, about half a minute. */
  connectionAttempts?: number;
  /** Called with the tags of everything that is about to leave, and awaited: the place for a record of the intention. */
  beforeSend?: (tags: readonly unknown[]) => Promise<void>;
  /** Told, in a sentence, when requests have to be sent again later. */
  onDeferred?: (what: string) => void;
}

export interface LaneRequest extends GraphRequest {
  /** What `beforeSend` gets to see of this request. */
  tag?: unknown;
}

/** While others are on the way a batch that is not full waits so long for company, in milliseconds. */
const gatheringMs = 5;

/** Nobody waits longer than this for a service that puts one request off again and again. */
const longestDeferralMs = 2 * 3_600_000;

/** What became of a request, and how often it was sent. */
export type LaneReply = (Reply & { tries: number }) | NotSent;

interface Waiting {
  request: LaneRequest;
  signal: AbortSignal | undefined;
  deferrals: number;
  /** How long it has been put off in all, in milliseconds. */
  deferredMs: number;
  /** Its batch item was answered 401, and it goes again with another token. */
  renewed?: boolean;
  resolve: (reply: LaneReply) => void;
}

/** 401 and 429 are about the token and the quota, which the items share. */
const isRefusedBatch = (status: number): boolean =>
  status >= 300 && status < 500 && status !== 401 && status !== 429;

/**
 * A lane of requests to Graph that share a quota. A lone request leaves at once and alone; while others are on the way
 * the next ones gather, and leave as one batch when twenty are together, something came back or a moment has passed. What the service puts
 * off (429, 503 with a time) or what never left the machine is sent again here, within bounds and never before its
 * time; every other answer goes to the caller, who alone knows what a repetition would mean.
 */
export class Lane {
  readonly #options: LaneOptions & Required<Pick<LaneOptions, 'deferrals' | 'connectionAttempts'>>;
  #queue: Waiting[] = [];
  #inFlight = 0;
  #timer: AbortController | null = null;
  /** Put off by the service, and not in the queue again yet. */
  #putOff = 0;
  /** Wakes what is on record but held back, to look whether it was withdrawn. */
  #held = new AbortController();
  #closed = false;
  #renewedAt = Number.NEGATIVE_INFINITY;

  constructor(options: LaneOptions) {
    this.#options = { deferrals: 20, connectionAttempts: 5, ...options };
  }

  /** True while requests wait that the service, or its quota, does not let leave. */
  get heldBack(): boolean {
    return this.#queue.length > 0 || this.#putOff > 0;
  }

  /** Sends `request` when its turn comes; a signal withdraws it as long as it has not left. */
  send(request: LaneRequest, signal?: AbortSignal): Promise<LaneReply> {
    if (signal?.aborted) return Promise.resolve({ kind: 'notSent' });
    return new Promise(resolve => {
      this.#enqueue({ request, signal, deferrals: 0, deferredMs: 0, resolve });
    });
  }

  /** Withdraws everything whose signal was aborted; called by whoever aborts, once for any number of requests. */
  sweep(): void {
    this.#held.abort();
    this.#held = new AbortController();
    const withdrawn = this.#queue.filter(w => w.signal?.aborted);
    if (withdrawn.length === 0) return;
    this.#queue = this.#queue.filter(w => !w.signal?.aborted);
    for (const waiting of withdrawn) waiting.resolve({ kind: 'notSent' });
  }

  /** Withdraws everything and lets go of the timer, so that the process can end. */
  close(): void {
    this.#timer?.abort();
    this.#timer = null;
    this.#closed = true;
    this.#held.abort();
    for (const waiting of this.#queue.splice(0)) waiting.resolve({ kind: 'notSent' });
  }

  #enqueue(waiting: Waiting): void {
    this.#queue.push(waiting);
    // Everything that arrives in the same turn of the event loop has a chance to travel together.
    if (this.#queue.length === 1) setImmediate(() => this.#pump(false));
    else if (this.#queue.length === batchLimit) this.#pump(false);
  }

  #pump(inAnyCase: boolean): void {
    let flush = inAnyCase;
    while (this.#queue.length > 0) {
      if (this.#inFlight > 0 && this.#queue.length < batchLimit && !flush) {
        this.#wakeIn(gatheringMs);
        return;
      }
      const wanted = Math.min(batchLimit, this.#queue.length);
      const { count, waitMs } = this.#options.pace.take(wanted, this.#options.clock.now());
      if (count === 0) {
        this.#wakeIn(waitMs);
        return;
      }
      flush = false;
      void this.#dispatch(this.#queue.splice(0, count));
    }
  }

  #wakeIn(ms: number): void {
    if (this.#timer) return;
    const timer = new AbortController();
    this.#timer = timer;
    void this.#options.clock.sleep(ms, timer.signal).then(
      () => {
        this.#timer = null;
        this.#pump(true);
      },
      () => {},
    );
  }

  async #dispatch(group: Waiting[]): Promise<void> {
    this.#inFlight += 1;
    try {
      const refusal = await this.#record(group);
      if (refusal) {
        for (const waiting of group) waiting.resolve({ ...refusal, tries: 0 });
        return;
      }
      // The record may have taken a while: the tenant may have said no, and what was withdrawn meanwhile stays here.
      await this.#untilAllowed(group);
      const leaving = group.filter(w => !this.#closed && !w.signal?.aborted);
      for (const waiting of group) if (!leaving.includes(waiting)) waiting.resolve({ kind: 'notSent' });
      if (leaving.length > 0) await this.#settle(leaving, await this.#send(leaving.map(w => w.request)));
    } finally {
      this.#inFlight -= 1;
      this.#options.pace.back(group.length);
      this.#pump(true);
    }
  }

  async #untilAllowed(group: readonly Waiting[]): Promise<void> {
    const { pace, clock } = this.#options;
    for (let wait = pace.blockedFor(clock.now()); wait > 0; wait = pace.blockedFor(clock.now())) {
      if (this.#closed || group.every(w => w.signal?.aborted)) return;
      await clock.sleep(wait, this.#held.signal).catch(() => {});
    }
  }

  /** Null when the intention is on record, else the reason why nothing may leave. */
  async #record(group: readonly Waiting[]): Promise<Lost | null> {
    try {
      await this.#options.beforeSend?.(group.map(w => w.request.tag));
      return null;
    } catch (error) {
      const reason = `the intention could not be recorded (${error instanceof Error ? error.message : String(error)})`;
      return { kind: 'lost', reason, acted: 'no', sentAt: this.#options.clock.now() };
    }
  }

  async #send(requests: LaneRequest[]): Promise<Reply[]> {
    const { transport, clock } = this.#options;
    const plain = requests.map(({ method, path, headers, body }) => ({ method, path, headers, body }));
    const [first] = plain;
    if (first && plain.length === 1) return [await transport.send(first)];
    const sentAt = clock.now();
    const outer = await transport.send(composeBatch(plain));
    // A refusal of the batch as a whole, for one item that Graph does not like or because something in between takes no
    // batches, says nothing about the users in it: each goes by itself.
    if (outer.kind === 'answer' && isRefusedBatch(outer.status))
      return Promise.all(plain.map(one => transport.send(one)));
    if (outer.kind === 'lost' || outer.status >= 300) return plain.map(() => outer);
    return matchBatch(plain.length, outer, sentAt);
  }

  async #settle(group: Waiting[], replies: Reply[]): Promise<void> {
    const again = await this.#renewItems(group, replies);
    const { pace, clock, deferrals, connectionAttempts } = this.#options;
    const now = clock.now();
    let deferred = 0;
    let longest = 0;
    let why = '';
    // A batch that is refused as a whole is refused once.
    for (const reply of new Set(replies)) if (reply.kind === 'answer') pace.observe(reply, now);
    group.forEach((waiting, index) => {
      const reply = replies[index];
      if (!reply || again.has(waiting)) return;
      const later = reply.kind === 'lost' ? reply.acted === 'no' && !reply.lasting : isDeferred(reply);
      const bound = reply.kind === 'lost' ? connectionAttempts : deferrals;
      const done: LaneReply = { ...reply, tries: waiting.deferrals + 1 };
      const asked = reply.kind === 'answer' ? waitAsked(reply, now) : null;
      const wait = asked ?? backoffMs(waiting.deferrals);
      if (!later || waiting.deferrals >= bound || waiting.deferredMs + wait > longestDeferralMs) {
        waiting.resolve(done);
        return;
      }
      waiting.deferrals += 1;
      waiting.deferredMs += wait;
      deferred += 1;
      longest = Math.max(longest, wait);
      why = reply.kind === 'answer' ? `Graph answered ${reply.status}` : reply.reason;
      void this.#sendLater(waiting, wait, reply.kind === 'answer');
    });
    if (deferred > 0) {
      this.#options.onDeferred?.(
        `${why}: ${deferred} of ${group.length} requests go again in ${(longest / 1000).toFixed(1)} s.`,
      );
    }
  }

  /** A token can be refused inside of a batch, where the transport does not see it: those items go again, once. */
  async #renewItems(group: readonly Waiting[], replies: readonly Reply[]): Promise<ReadonlySet<Waiting>> {
    const refused = group.filter((waiting, index) => {
      const reply = replies[index];
      return group.length > 1 && reply?.kind === 'answer' && reply.status === 401 && !waiting.renewed;
    });
    if (refused.length === 0 || !(await this.#renewToken(replies))) return new Set();
    for (const waiting of refused) {
      waiting.renewed = true;
      this.#enqueue(waiting);
    }
    return new Set(refused);
  }

  /** Several batches are on the way when a token ends; whatever was sent before the last renewal needs no other. */
  async #renewToken(replies: readonly Reply[]): Promise<boolean> {
    const refusals = replies.filter(r => r.kind === 'answer' && r.status === 401);
    if (refusals.every(r => r.sentAt < this.#renewedAt)) return true;
    const claims = refusals.map(r => (r.kind === 'answer' ? claimsOf(r.headers) : undefined));
    const renewed = (await this.#options.transport.renewToken?.(claims.find(c => c !== undefined))) ?? false;
    if (renewed) this.#renewedAt = this.#options.clock.now();
    return renewed;
  }

  async #sendLater(waiting: Waiting, ms: number, putOff: boolean): Promise<void> {
    if (putOff) this.#putOff += 1;
    try {
      await this.#options.clock.sleep(ms, waiting.signal);
    } catch {
      // Withdrawn while waiting. Only what surely did nothing waits here, so it counts as never sent.
      waiting.resolve({ kind: 'notSent' });
      return;
    } finally {
      if (putOff) this.#putOff -= 1;
    }
    this.#enqueue(waiting);
  }
}
