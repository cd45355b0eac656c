import { type Dispatcher, fetch, Pool, ProxyAgent } from 'undici';
import type { Fetcher } from './middleware.ts';
import { ProxyFailure } from './proxy-failure.ts';
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
 * version and takes no dispatcher of this one. Whoever needs no proxy must not load this file: start-up counts.
 */
export function openProxiedFetch(proxy: Proxy): ProxiedFetch {
  const dispatcher = new ProxyAgent({
    uri: proxy.root,
    token: proxy.authorization ?? undefined,
    clientFactory: (origin, options) =>
      new WayToProxy(proxy, origin, { ...options, headersTimeout: connectWithinMs }),
  });
  const through = fetch as unknown as (url: string, init: object) => Promise<Response>;
  return {
    fetch: (url, init) => through(url, { ...init, dispatcher }),
    close: () => dispatcher.destroy(),
  };
}

/** The connections to the proxy itself: what fails here is the proxy's fault and tells nothing about the target. */
class WayToProxy extends Pool {
  readonly #proxy: Proxy;

  constructor(proxy: Proxy, origin: URL, options: object) {
    super(origin, options);
    this.#proxy = proxy;
  }

  override connect: Pool['connect'] = async (options: Dispatcher.ConnectOptions) => {
    const answer = await super.connect(options).catch((error: unknown) => {
      throw new ProxyFailure(this.#proxy, { cause: error });
    });
    if (answer.statusCode === 200) return answer;
    answer.socket.on('error', () => {}).destroy();
    const challenges = [answer.headers['proxy-authenticate'] ?? []].flat();
    const schemes = challenges.map(challenge => challenge.split(' ')[0] ?? '');
    throw new ProxyFailure(this.#proxy, { answer: { status: answer.statusCode, schemes } });
  };
}
