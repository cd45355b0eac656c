import { setImmediate } from 'node:timers/promises';
import { noJournal } from '../src/journal/journal.ts';
import { SimulatedTenant } from '../src/simulator/simulated-tenant.ts';
import { type SimulatedFetch, simulatedRun } from '../test/support/simulated-run.ts';
import { VirtualClock } from '../test/support/virtual-clock.ts';

/** How a tenant counts its writes, and who else spends them. */
export interface PaceScenario {
  model: 'bucket' | 'sliding' | 'fixed';
  /** For each engine. */
  users: number;
  /** So many engines that know nothing of each other. Default 1. */
  engines?: number;
  /** Writes in 150 seconds. Default the published 3,000. */
  limit?: number;
  /** What a refused request is told to wait; computed from the quota when left out. */
  retryAfterSeconds?: number;
  /** Writes a second of another tool of the same app, which goes on whatever it is told. */
  otherPerSecond?: number;
  /** How far the window is when the run begins (fixed windows), in seconds. */
  secondsIntoWindow?: number;
  /** How long the record takes before each batch and after each user; without it nothing is recorded. */
  flushMs?: number;
}

export interface PaceResult {
  /** From the beginning to the last write that was carried out, in seconds. */
  makespan: number;
  /** What nobody could have gone below, knowing the tenant. */
  minimum: number;
  /** Of our writes, 0 to 1. */
  refused: number;
  /** Requests that left while a Retry-After forbade it. */
  early: number;
  outcomes: Record<string, number>;
}

const windowSeconds = 150;
const latencyMs = 80;
const publishedLimit = 3000;
/** A moment at which a fixed window begins. */
const windowStart = Date.parse('2026-11-23T10:00:00Z');

/** Revokes everybody, by the real engine on a simulated tenant and a clock that nobody has to wait for. */
export async function paceOf(scenario: PaceScenario): Promise<PaceResult> {
  const { model, users, engines = 1, limit = publishedLimit, otherPerSecond = 0 } = scenario;
  const lead = otherPerSecond > 0 ? 2 * windowSeconds : 0;
  const clock = new VirtualClock(windowStart - lead * 1000 + (scenario.secondsIntoWindow ?? 0) * 1000);
  const tenant = new SimulatedTenant({
    users: engines * users + 500,
    latencyMs,
    writeQuota: { limit, windowSeconds, model },
    retryAfterSeconds: scenario.retryAfterSeconds,
    now: () => clock.now(),
    sleep: ms => clock.sleep(ms),
  });
  const people = tenant.users.filter(u => !u.userPrincipalName.includes('#EXT#'));
  const [bystander, ...targets] = people.map(u => u.id);
  const other = otherTool(tenant, clock, bystander ?? '', otherPerSecond);
  // What it spent before counts in the windows that are open when we begin.
  await clock.sleep(lead * 1000);
  const startedAt = clock.now();
  const watches = Array.from({ length: engines }, () => new RetryAfterWatch(clock));
  const rows = await Promise.all(
    watches.map(async (watch, engine) => {
      const { run } = await simulatedRun({
        in: { tenant, clock },
        intercept: (url, init, next) => watch.send(url, init, next),
        journal: scenario.flushMs === undefined ? noJournal : slowJournal(clock, scenario.flushMs),
      });
      const mine = targets.slice(engine * users, (engine + 1) * users);
      const settled = await Promise.all(mine.map(text => run.revoke({ text })));
      await run.end();
      return settled;
    }),
  );
  other.stop();
  const outcomes: Record<string, number> = {};
  for (const { outcome } of rows.flat()) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const ours = new Set(targets);
  const lastAt = Math.max(...tenant.record.filter(r => ours.has(r.userId)).map(r => r.at));
  const refused = tenant.requests.filter(
    r => r.status === 429 && r.method === 'POST' && !r.path.includes(bystander ?? ''),
  ).length;
  return {
    makespan: (lastAt - startedAt) / 1000,
    minimum: minimumOf(scenario),
    refused: refused / (engines * users),
    early: watches.reduce((sum, watch) => sum + watch.early, 0),
    outcomes,
  };
}

/** What is left of the quota, spent without a gap and without a refusal, in seconds. */
function minimumOf({
  model,
  users,
  engines = 1,
  limit = publishedLimit,
  otherPerSecond = 0,
  secondsIntoWindow = 0,
}: PaceScenario): number {
  const total = users * engines;
  if (model === 'bucket') return Math.max(0, (total - limit) / (limit / windowSeconds - otherPerSecond));
  const inAWindow = limit - otherPerSecond * windowSeconds;
  const windows = Math.ceil(total / inAWindow);
  const sinceTheFirst = (windows - 1) * windowSeconds;
  return model === 'fixed' && windows > 1 ? sinceTheFirst - secondsIntoWindow : sinceTheFirst;
}

/** Writes at its own pace, one at a time, and learns nothing from being refused. */
function otherTool(tenant: SimulatedTenant, clock: VirtualClock, userId: string, perSecond: number) {
  let stopped = perSecond === 0;
  const authorization = `Bearer ${tenant.issueToken({ persona: 'app', lifetimeSeconds: 1_000_000 })}`;
  const path = `/v1.0/users/${userId}/revokeSignInSessions`;
  void (async () => {
    while (!stopped) {
      void tenant.handle({ method: 'POST', path, headers: { authorization, host: 'graph' }, body: '' });
      await clock.sleep(1000 / perSecond);
    }
  })();
  return { stop: () => (stopped = true) };
}

/** Stands between an engine and the tenant, and counts the writes that leave before they may. */
class RetryAfterWatch {
  readonly #clock: VirtualClock;
  #until = 0;
  early = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  async send(url: string, init: RequestInit, next: SimulatedFetch): Promise<Response> {
    const body = typeof init.body === 'string' ? init.body : '';
    if (`${url} ${body}`.includes('revokeSignInSessions') && this.#clock.now() < this.#until) this.early += 1;
    const response = await next(url, init);
    const text = await response.clone().text();
    const inItems = [...text.matchAll(/"retry-after":"?(\d+)/gi)].map(match => match[1]);
    const asked = [response.headers.get('retry-after'), ...inItems];
    for (const seconds of asked)
      if (seconds != null) this.#until = Math.max(this.#until, this.#clock.now() + Number(seconds) * 1000);
    return response;
  }
}

/** A record whose every flush takes so long, and is shared by all that waits for one. */
function slowJournal(clock: VirtualClock, flushMs: number): typeof noJournal {
  let flush: Promise<void> | null = null;
  const flushed = () => {
    flush ??= setImmediate()
      .then(() => clock.sleep(flushMs))
      .finally(() => (flush = null));
    return flush;
  };
  return { ...noJournal, intend: flushed, settle: flushed };
}
