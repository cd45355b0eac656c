import { randomUUID } from 'node:crypto';
import { ReadableStream } from 'node:stream/web';
import { TextEncoder } from 'node:util';
import { Connector } from '../../src/auth/connect.ts';
import { Quotas } from '../../src/graph/quotas.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { noJournal } from '../../src/journal/journal.ts';
import { openRun } from '../../src/operations/open-run.ts';
import { noRecorder, type Recorder } from '../../src/operations/recorder.ts';
import type { RevocationRun } from '../../src/operations/revoke-sessions.ts';
import type { RunOptions } from '../../src/protocol/messages.ts';
import { SimulatedTenant, type SimulatedTenantOptions } from '../../src/simulator/simulated-tenant.ts';
import { VirtualClock } from './virtual-clock.ts';

export interface SimulatedRun {
  run: RevocationRun;
  tenant: SimulatedTenant;
  clock: VirtualClock;
}

/** What a test wants to happen to a run. */
export interface SimulatedRunOptions extends SimulatedTenantOptions {
  persona?: Parameters<SimulatedTenant['issueToken']>[0];
  run?: RunOptions;
  journal?: Journal;
  recorder?: Recorder;
  /** Where the run is to work, instead of a tenant of its own: that of an earlier run. */
  in?: { tenant?: SimulatedTenant; clock: VirtualClock };
  /** Stands between the engine and the tenant. */
  intercept?: (url: string, init: RequestInit, next: SimulatedFetch) => Promise<Response>;
  /** After so many HTTP requests every connection is refused. */
  unreachableAfter?: number;
  /** The host has no other token than its first one. */
  lendOnce?: boolean;
  /** How long the host's later tokens live. */
  tokenLifetimeSeconds?: number;
  /** Told the tenant before the run is opened, for runs that fail to. */
  onTenant?: (tenant: SimulatedTenant) => void;
  /** The environment of the machine. */
  env?: NodeJS.ProcessEnv;
  onWarning?: (message: string) => void;
  confirm?: (question: string) => Promise<boolean>;
  /** How far the local clock is ahead of the tenant's, in milliseconds. */
  clockSkewMs?: number;
}

/** A run against a simulated tenant on a shared virtual clock, without process and network. */
export async function simulatedRun(options: SimulatedRunOptions = {}): Promise<SimulatedRun> {
  const clock = options.in?.clock ?? new VirtualClock();
  const skew = options.clockSkewMs ?? 0;
  const tenant =
    options.in?.tenant ??
    new SimulatedTenant({ ...options, now: () => clock.now() - skew, sleep: ms => clock.sleep(ms) });
  options.onTenant?.(tenant);
  const persona = options.persona ?? 'app';
  const again = typeof persona === 'string' ? { persona } : persona;
  const connection = await new Connector(clock).connect(
    { kind: 'host', graphUrl: 'http://127.0.0.1:1', token: tenant.issueToken(options.persona ?? 'app') },
    async () =>
      options.lendOnce
        ? null
        : { token: tenant.issueToken({ ...again, lifetimeSeconds: options.tokenLifetimeSeconds ?? 7200 }) },
  );
  const tenantFetch = fetcherOf(tenant, options.unreachableAfter ?? Number.POSITIVE_INFINITY);
  const run = await openRun({
    runId: options.recorder?.recorded?.begin.runId ?? randomUUID(),
    connection,
    options: options.run ?? {},
    recorder: options.recorder ?? { ...noRecorder, open: async () => options.journal ?? noJournal },
    clock,
    quotas: new Quotas(),
    onWarning: options.onWarning,
    confirm: options.confirm ?? (async () => false),
    fetch: options.intercept ? (url, init) => options.intercept!(url, init, tenantFetch) : tenantFetch,
    env: options.env ?? {},
  });
  return { run, tenant, clock };
}

export type SimulatedFetch = (url: string, init: RequestInit) => Promise<Response>;

/** fetch, but straight into the tenant; a dropped connection fails as undici's does. */
export function fetcherOf(
  tenant: SimulatedTenant,
  unreachableAfter = Number.POSITIVE_INFINITY,
): SimulatedFetch {
  let calls = 0;
  return async (url, init) => {
    calls += 1;
    if (calls > unreachableAfter) {
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
      });
    }
    const { pathname, search, host } = new URL(url);
    const headers = Object.fromEntries(new Headers(init.headers));
    const answer = await tenant.handle({
      method: init.method ?? 'GET',
      path: pathname + search,
      headers: { ...headers, host },
      body: typeof init.body === 'string' ? init.body : '',
    });
    if (answer.kind === 'drop') {
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
      });
    }
    const body = answer.cut ? brokenOff(answer.body) : answer.status === 204 ? null : answer.body;
    return new Response(body, { status: answer.status, headers: answer.headers });
  };
}

/** A body whose connection ends in the middle. */
function brokenOff(text: string): ReadableStream {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
      controller.error(
        new TypeError('terminated', {
          cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
        }),
      );
    },
  });
}
