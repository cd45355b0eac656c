import { Client, ResponseType } from '@microsoft/microsoft-graph-client';
import type { Answer, Lost, Reply } from './answer.ts';
import type { Clock } from './clock.ts';
import type { GraphEndpoint } from './endpoint.ts';
import type { ServerClock } from './server-clock.ts';
import { Authorize, FailureSlot, Fetch, type Fetcher, type TokenSource } from './middleware.ts';

/** One call. `path` is relative to the version, starts with a slash and is percent-encoded already. */
export interface GraphRequest {
  method: 'GET' | 'POST';
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
}

/** Sends one request and says what came back; never throws for what a network or a server does. */
export interface Transport {
  send(request: GraphRequest, signal?: AbortSignal): Promise<Reply>;
  /**
   * Asks for another token that satisfies `claims`, because Graph refuses the one in use inside of a batch; false when
   * there is none.
   */
  renewToken?(claims: string | undefined): Promise<boolean>;
}

export interface TransportOptions {
  endpoint: GraphEndpoint;
  tokens: TokenSource;
  clock: Clock;
  serverClock: ServerClock;
  /** Milliseconds after which an answer counts as lost. */
  timeoutMs?: number;
  fetch?: Fetcher;
}

/**
 * Microsoft's Graph client on a middleware chain of our own. Its built-in chain sends no token to http on loopback, and
 * its query helpers corrupt values, so requests come here as finished relative paths and answers leave raw
 * (design section 7, seen with 3.0.7).
 */
export class GraphTransport implements Transport {
  readonly #client: Client;
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    this.#options = options;
    const fetch = new Fetch(options.fetch ?? globalThis.fetch, options.timeoutMs ?? 60_000, options.clock);
    this.#client = Client.initWithMiddleware({
      baseUrl: `${options.endpoint.root}/`,
      defaultVersion: 'v1.0',
      middleware: [new Authorize(options.tokens), fetch],
    });
  }

  async send(request: GraphRequest, signal?: AbortSignal): Promise<Reply> {
    const { clock } = this.#options;
    const slot = new FailureSlot(clock.now());
    try {
      const call = this.#client
        .api(request.path)
        .headers({ accept: 'application/json', ...request.headers })
        .middlewareOptions([slot])
        .responseType(ResponseType.RAW);
      if (signal) call.option('signal', signal);
      const response: Response | undefined = await (request.method === 'GET'
        ? call.get()
        : call.post(request.body ?? {}));
      if (!response)
        return { kind: 'lost', sentAt: slot.sentAt, ...reasonOf(slot.failure, this.#options.endpoint) };
      return await this.#read(response, slot.sentAt);
    } catch (error) {
      return { kind: 'lost', sentAt: slot.sentAt, ...reasonOf(error, this.#options.endpoint) };
    }
  }

  async renewToken(claims: string | undefined): Promise<boolean> {
    const { tokens } = this.#options;
    const used = await tokens.token();
    const renewed = await tokens.renew(used, claims);
    return renewed !== null && renewed !== used;
  }

  async #read(response: Response, sentAt: number): Promise<Reply> {
    const headers = Object.fromEntries(response.headers);
    const text = await response.text();
    const receivedAt = this.#options.clock.now();
    // Graph puts an id on whatever it answers; the clock of a gateway or proxy proves nothing.
    const date = headers['request-id'] === undefined ? null : dateOf(headers['date']);
    if (date !== null) this.#options.serverClock.observe(date, receivedAt);
    const answer: Answer = {
      kind: 'answer',
      status: response.status,
      headers,
      body: undefined,
      date,
      sentAt,
      sentAtServer: date === null ? null : date - (receivedAt - sentAt),
    };
    if (text === '') return answer;
    try {
      return { ...answer, body: JSON.parse(text) };
    } catch {
      // A refusal that Graph did not write says nothing about the user, and Graph has not seen the request.
      const foreign = response.status >= 300 && response.status < 500 && headers['request-id'] === undefined;
      if (foreign) {
        const reason = `something between here and Graph (proxy, gateway) answered ${response.status}`;
        return { kind: 'lost', reason, acted: 'no', sentAt };
      }
      // An error stays what its status says, whatever stands in the body; a success must be readable.
      if (response.status >= 300) return answer;
      const reason = /^\s*</.test(text)
        ? 'the answer is an HTML page, not JSON: something between here and Graph (proxy, captive portal) answered'
        : 'the answer is no complete JSON';
      return { kind: 'lost', reason, acted: 'unknown', sentAt };
    }
  }
}

/** Reads a `Date` header. */
export function dateOf(value: string | undefined): number | null {
  const date = value === undefined ? Number.NaN : Date.parse(value);
  // A year that no clock of ours will see is no date.
  return date > 0 && date < 8e12 ? date : null;
}

/** Failures that happen before a byte of the request has left. */
const neverLeft = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  // Certificates that are not trusted: the handshake ends before the request.
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

function reasonOf(error: unknown, { root }: GraphEndpoint): Pick<Lost, 'reason' | 'acted' | 'timedOut'> {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return { reason: `${root} did not answer in time`, acted: 'unknown', timedOut: true };
  }
  // fetch itself says "fetch failed"; the cause that names the network's code is further down.
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    const code = (e as { code?: unknown }).code;
    if (typeof code === 'string' && /^[A-Z_]+$/.test(code)) {
      const acted = neverLeft.has(code) ? 'no' : 'unknown';
      const what = acted === 'no' ? `${root} could not be reached` : `the connection to ${root} broke`;
      return { reason: `${what} (${e.message || code})`, acted };
    }
  }
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
  const reason = error instanceof Error ? `${error.message}${cause}` : String(error);
  return { reason: `the call to ${root} failed (${reason})`, acted: 'unknown' };
}
