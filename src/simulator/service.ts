import type { Caller } from './caller.ts';
import type { FaultSource } from './faults.ts';
import { errorBody, GraphError } from './graph-error.ts';
import { type ODataPath, parsePath } from './odata-path.ts';
import { type ODataQuery, parseQuery } from './odata-query.ts';
import { costOf, findRoute, type Match } from './routes/router.ts';
import type { Call, Realm, Reply } from './routes/route.ts';
import type { Throttle } from './throttle.ts';

/** A request to the directory: one HTTP request, or one item of a batch. */
export interface ServiceRequest {
  readonly method: string;
  /** With version and query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  readonly caller: Caller;
  /** What each item of this batch is answered with instead of being carried out. */
  readonly itemChallenge?: GraphError;
  readonly origin: string;
  readonly requestId: string;
  readonly clientRequestId: string;
}

/** An answer before it is written out. */
export interface ServiceAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

const withMetadata = (level: string): string =>
  `application/json;odata.metadata=${level};odata.streaming=true;IEEE754Compatible=false;charset=utf-8`;

/** Carries out one request: counts it, lets it fail where it is to fail, and words every refusal as Graph does. */
export class Service {
  readonly #realm: Realm;
  readonly #throttle: Throttle;
  readonly #faults: FaultSource;
  readonly #now: () => number;

  constructor(realm: Realm, throttle: Throttle, faults: FaultSource, now: () => number) {
    this.#realm = realm;
    this.#throttle = throttle;
    this.#faults = faults;
    this.#now = now;
  }

  perform(request: ServiceRequest): ServiceAnswer {
    const now = this.#now();
    let counted: Record<string, string> = {};
    try {
      const plan = this.#plan(request);
      // What turns out to be wrong has been counted before: failed requests use up the quota too (graph-facts 3).
      counted = this.#throttle.admit(
        costOf(request.method, plan.match, plan.query),
        request.caller.appId,
        now,
      );
      const fault = this.#faults.service(request.caller.appId, this.#realm.world.tenantId, now);
      if (fault && !fault.acted) throw fault.error;
      if (!plan.run) throw plan.error;
      const reply = plan.run(now);
      if (fault) throw fault.error;
      return this.#answer(request, reply, counted);
    } catch (error) {
      if (error instanceof GraphError) return refusal(error, request, now, counted);
      throw error;
    }
  }

  /** What there is to do, or why it cannot be done. */
  #plan(request: ServiceRequest): Plan {
    let path: ODataPath | undefined;
    let query: ODataQuery | undefined;
    let match: Match | undefined;
    try {
      path = parsePath(request.path);
      match = findRoute(request.method, path.version, path.segments);
      query = parseQuery(path.query, match.route.largestPage);
    } catch (error) {
      return { match, query, error };
    }
    const found = match;
    const { version, segments } = path;
    const call: Omit<Call, 'now'> = {
      ...request,
      path: request.path.split(/[?#]/, 1)[0] ?? '',
      version,
      segments,
      query,
    };
    return { match, query, run: now => found.route.run({ ...call, now }, this.#realm, found.keys) };
  }

  #answer(request: ServiceRequest, reply: Reply, counted: Record<string, string>): ServiceAnswer {
    const bare = /odata\.metadata=none/i.test(request.headers['accept'] ?? '');
    const isText = typeof reply.body === 'string';
    return {
      status: reply.status,
      headers: {
        'Cache-Control': 'no-cache',
        ...counted,
        'OData-Version': '4.0',
        'Content-Type': isText ? 'text/plain' : withMetadata(bare ? 'none' : 'minimal'),
        ...reply.headers,
      },
      body: bare ? withoutMetadata(reply.body) : reply.body,
    };
  }
}

type Plan = { match?: Match; query?: ODataQuery } & (
  { run: (now: number) => Reply; error?: undefined } | { run?: undefined; error: unknown }
);

/** The answer to a request that Graph refuses. */
export function refusal(
  error: GraphError,
  request: { requestId: string; clientRequestId: string },
  now: number,
  counted: Record<string, string> = {},
): ServiceAnswer {
  return {
    status: error.status,
    headers: {
      'Cache-Control': 'no-cache',
      ...counted,
      ...error.headers,
      'Content-Type': 'application/json',
    },
    body: errorBody(error, now, request.requestId, request.clientRequestId),
  };
}

/** What a client gets that asked for `odata.metadata=none`: neither contexts nor types, but counts and next links. */
function withoutMetadata(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(withoutMetadata);
  if (typeof body !== 'object' || body === null) return body;
  const kept = Object.entries(body).filter(([name]) => name !== '@odata.context' && name !== '@odata.type');
  return Object.fromEntries(
    kept.map(([name, value]) => [name, name === 'value' ? withoutMetadata(value) : value]),
  );
}
