import { type Dispatcher, fetch, Pool, ProxyAgent } from 'undici';
import type { Fetcher } from './middleware.ts';
import type { ProxyFailure, WhyNoWay } from './proxy-failure.ts';
import type { Proxy } from './proxy-setting.ts';

/** A proxy that has not connected after this many milliseconds never will. */
const connectWithinMs = 30_000;

export interface ProxiedFetch {
  fetch: Fetcher;
  /** Ends its connections, those in use as well. */
  close(): Promise<void>;
}

/**
 * fetch through one proxy. The fetch and the dispatcher are both of the npm package: the one inside Node is of another
 * version and takes no dispatcher of this one. Whoever needs no proxy must not load this file: start-up counts. `failure` makes the error of a way that ended at the proxy; this
 * file is a bundle of its own in the product, and a class of its own would be known to nobody outside of it.
 */
export function openProxiedFetch(proxy: Proxy, failure: (why: WhyNoWay) => ProxyFailure): ProxiedFetch {
  const dispatcher = new ProxyAgent({
    uri: proxy.root,
    token: proxy.authorization ?? undefined,
    clientFactory: (origin, options) =>
      new WayToProxy(failure, origin, { ...options, headersTimeout: connectWithinMs }),
  });
  const through = fetch as unknown as (url: string, init: object) => Promise<Response>;
  return {
    fetch: (url, init) => through(url, { ...init, dispatcher }),
    close: () => dispatcher.destroy(),
  };
}

/** The connections to the proxy itself: what fails here is the proxy's fault and tells nothing about the target. */
class WayToProxy extends Pool {
  readonly #failure: (why: WhyNoWay) => ProxyFailure;

  constructor(failure: (why: WhyNoWay) => ProxyFailure, origin: URL, options: object) {
    super(origin, options);
    this.#failure = failure;
  }

  override connect: Pool['connect'] = async (options: Dispatcher.ConnectOptions) => {
    const answer = await super.connect(options).catch((error: unknown) => {
      throw this.#failure({ cause: error });
    });
    if (answer.statusCode === 200) return answer;
    answer.socket.on('error', () => {}).destroy();
    const challenges = [answer.headers['proxy-authenticate'] ?? []].flat();
    const schemes = challenges.map(challenge => challenge.split(' ')[0] ?? '');
    throw this.#failure({ answer: { status: answer.statusCode, schemes } });
  };
}
