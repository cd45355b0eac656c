import { Client, ResponseType } from '@microsoft/microsoft-graph-client';
import type { Answer, Reply } from './answer.ts';
import { readText } from './body.ts';
import type { Clock } from './clock.ts';
import { type GraphEndpoint, versionOf } from './endpoint.ts';
import { deepestJson, jsonShape } from './json-shape.ts';
import { foreignAnswer, pageInstead } from './foreign-answer.ts';
import { openDirectFetch } from './direct-fetch.ts';
import { Authorize, FailureSlot, Fetch, type Fetched, type Fetcher, type TokenSource } from './middleware.ts';
import { type NetworkFailure, networkFailure } from './network-failure.ts';
import type { ServerClock } from './server-clock.ts';

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
  /** How `fetch` gets there, told with its failures. */
  route?: string;
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
    const fetch = new Fetch(
      options.fetch ?? openDirectFetch().fetch,
      options.timeoutMs ?? 60_000,
      options.clock,
    );
    this.#client = Client.initWithMiddleware({
      baseUrl: `${options.endpoint.root}/`,
      defaultVersion: versionOf(options.endpoint),
      middleware: [new Authorize(options.tokens, options.endpoint.root), fetch],
    });
  }

  async send(request: GraphRequest, signal?: AbortSignal): Promise<Reply> {
    const { clock } = this.#options;
    const slot = new FailureSlot(clock.now());
    try {
      const call = this.#client
        // It takes https:// anywhere in a path, as in the value of a filter, for the beginning of another address.
        .api(request.path.replaceAll('https://', 'https:%2F%2F'))
        .headers({ accept: 'application/json', ...request.headers })
        .middlewareOptions([slot])
        .responseType(ResponseType.RAW);
      if (signal) call.option('signal', signal);
      const response: Fetched | undefined = await (request.method === 'GET'
        ? call.get()
        : call.post(request.body ?? {}));
      if (!response) return { kind: 'lost', sentAt: slot.sentAt, ...this.#failure(slot.failure) };
      return await this.#read(response, slot.sentAt);
    } catch (error) {
      return { kind: 'lost', sentAt: slot.sentAt, ...this.#failure(error) };
    }
  }

  async renewToken(claims: string | undefined): Promise<boolean> {
    const { tokens } = this.#options;
    const used = await tokens.token();
    const renewed = await tokens.renew(used, claims);
    return renewed !== null && renewed !== used;
  }

  #failure(error: unknown): NetworkFailure {
    const { endpoint, route, clock } = this.#options;
    return networkFailure(error, { root: endpoint.root, route, now: clock.now() });
  }

  async #read(response: Fetched, sentAt: number): Promise<Reply> {
    const headers = Object.fromEntries(response.headers);
    const text = await readText(response);
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
    const body = text === '' ? undefined : parsed(text);
    if (body !== undefined) return { ...answer, body };
    // A refusal that Graph did not write says nothing about the user, and Graph has not seen the request.
    if (isForeign(response.status, headers)) {
      const reason = foreignAnswer(response.status, headers['location']);
      return { kind: 'lost', reason, acted: 'no', sentAt };
    }
    // An error stays what its status says, whatever stands in the body; a success must be readable.
    if (text === '' || response.status >= 300) return answer;
    const reason = /^\s*</.test(text) ? pageInstead() : 'the answer is no complete JSON';
    return { kind: 'lost', reason, acted: 'unknown', sentAt };
  }
}

/** True for a refusal without anything that Graph puts on its own; somebody who only wants us to wait is obeyed. */
const isForeign = (status: number, headers: Readonly<Record<string, string>>): boolean =>
  status >= 300 && status < 500 && status !== 429 && headers['request-id'] === undefined;

/** Undefined for what is no JSON, or none that a service writes. */
function parsed(text: string): unknown {
  const { depth, values } = jsonShape(text);
  if (depth > deepestJson || values > mostValues) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A batch with twenty pages of 999 users has a few hundred thousand; each costs up to a hundred bytes. */
const mostValues = 2_000_000;

/** Reads a `Date` header. */
export function dateOf(value: string | undefined): number | null {
  const date = value === undefined ? Number.NaN : Date.parse(value);
  // A year that no clock of ours will see is no date.
  return date > 0 && date < 8e12 ? date : null;
}
