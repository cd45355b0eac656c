import type { Context, Middleware, MiddlewareOptions } from '@microsoft/microsoft-graph-client';
import { claimsOf } from './claims-challenge.ts';
import type { Clock } from './clock.ts';

/** Who signs the calls. */
export interface TokenSource {
  /** The token to use now; it may be a fresh one when the last is about to end. */
  token(): Promise<string>;
  /**
   * Graph refused `used`; resolves to another token, or null when no better one is to be had. `claims` is what Graph
   * wants the new one to satisfy (the decoded claims challenge of continuous access evaluation), where it said so.
   */
  renew(used: string, claims?: string): Promise<string | null>;
  /** Why the last renewal brought nothing, for a person; null when that was not said. */
  readonly refusal: string | null;
}

/** What is used of an answer: a `Response` is one, and so is what our own fetch gives. */
export interface Fetched {
  readonly status: number;
  /** Names are in lower case. */
  readonly headers: Iterable<readonly [name: string, value: string]> & {
    get(name: string): string | null | undefined;
  };
  /** Unpacked. Whoever does not read it to its end cancels it. */
  readonly body: (AsyncIterable<Uint8Array> & { cancel(): Promise<void> }) | null;
}

/** As `fetch`: the headers are an object, the body is text, and no redirect is followed. */
export type Fetcher = (url: string, init: RequestInit) => Promise<Fetched>;

/** Carries out of the Graph client what it would drop: a network failure's cause, and when the request really left. */
export class FailureSlot implements MiddlewareOptions {
  failure: unknown = undefined;
  sentAt: number;
  constructor(now: number) {
    this.sentAt = now;
  }
}

/** Adds the bearer token, and repeats a call once with a new token when Graph answers 401: a refused call did nothing. */
export class Authorize implements Middleware {
  readonly #tokens: TokenSource;
  readonly #root: string;
  #next: Middleware | undefined;

  /** `root` is the only place that gets to see a token. */
  constructor(tokens: TokenSource, root: string) {
    this.#tokens = tokens;
    this.#root = root;
  }

  setNext(next: Middleware): void {
    this.#next = next;
  }

  async execute(context: Context): Promise<void> {
    if (URL.parse(String(context.request))?.origin !== this.#root) {
      throw new Error('the address leads away from Graph, so no token is sent there');
    }
    const token = await this.#tokens.token();
    await this.#send(context, token);
    if (context.response?.status !== 401) return;
    const claims = claimsOf(Object.fromEntries(context.response.headers));
    const renewed = await this.#tokens.renew(token, claims);
    if (renewed === null || renewed === token) return;
    await context.response.body?.cancel();
    await this.#send(context, renewed);
  }

  async #send(context: Context, token: string): Promise<void> {
    const headers = {
      ...(context.options?.headers as Record<string, string>),
      authorization: `Bearer ${token}`,
    };
    context.options = { ...context.options, headers };
    await this.#next?.execute(context);
  }
}

/**
 * Sends. A redirect is not followed, since the token would travel along to a place nobody has checked. A failure is put
 * into the request's `FailureSlot` and leaves the response empty.
 */
export class Fetch implements Middleware {
  readonly #fetch: Fetcher;
  readonly #timeoutMs: number;

  readonly #clock: Clock;

  constructor(fetch: Fetcher, timeoutMs: number, clock: Clock) {
    this.#clock = clock;
    this.#fetch = fetch;
    this.#timeoutMs = timeoutMs;
  }

  async execute(context: Context): Promise<void> {
    const given = context.options as RequestInit | undefined;
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    const signal = given?.signal ? AbortSignal.any([given.signal, timeout]) : timeout;
    const slot = context.middlewareControl?.getMiddlewareOptions(FailureSlot);
    // After a token was renewed, which may take a while, and not before.
    if (slot instanceof FailureSlot) slot.sentAt = this.#clock.now();
    try {
      const init: RequestInit = { ...given, signal, redirect: 'manual' };
      // The Graph client hands on what it gets, and looks at nothing in it.
      context.response = (await this.#fetch(String(context.request), init)) as unknown as Response;
    } catch (error) {
      context.response = undefined;
      if (!(slot instanceof FailureSlot)) throw error;
      slot.failure = error;
    }
  }
}
