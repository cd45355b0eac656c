import { openDirectFetch } from './direct-fetch.ts';
import type { Fetcher } from './middleware.ts';
import type { ProxiedFetch } from './proxied-fetch.ts';
import { ProxyFailure, type WhyNoWay } from './proxy-failure.ts';
import { type Proxy, ProxySetting } from './proxy-setting.ts';
import { withSystemRoots } from './trust.ts';

/** The way out of this machine that everything takes: calls to Graph and sign-ins. */
export interface Network {
  fetch: Fetcher;
  /** How a call to `url` goes, for errors: `directly`, or `through proxy http://proxy:8080 (from HTTPS_PROXY)`. */
  describe(url: string): string;
  /** Ends the connections, those in use as well. */
  close(): Promise<void>;
}

export interface NetworkOptions {
  /** The proxy that the host would use; the environment goes before it. */
  proxy?: string | undefined;
  /** Where HTTPS_PROXY, HTTP_PROXY and NO_PROXY stand. */
  env: NodeJS.ProcessEnv;
}

/** @throws ProxyError when what is set as proxy is none */
export function openNetwork({ proxy: hostProxy, env }: NetworkOptions): Network {
  const setting = new ProxySetting(env, hostProxy);
  const direct = openDirectFetch();
  const open = new Map<string, Promise<ProxiedFetch>>();

  const through = (proxy: Proxy): Promise<ProxiedFetch> => {
    const failure = (why: WhyNoWay) => new ProxyFailure(proxy, why);
    const known =
      open.get(proxy.root) ?? import('./proxied-fetch.ts').then(m => m.openProxiedFetch(proxy, failure));
    open.set(proxy.root, known);
    return known;
  };

  return {
    async fetch(url, init) {
      const target = new URL(url);
      const proxy = setting.for(target);
      const fetch = proxy ? (await through(proxy)).fetch : direct.fetch;
      const secure = target.protocol === 'https:' || proxy?.root.startsWith('https:');
      return secure ? withSystemRoots(() => fetch(url, init)) : fetch(url, init);
    },
    describe(url) {
      const proxy = setting.for(new URL(url));
      return proxy ? `through proxy ${proxy.root} (from ${proxy.source})` : 'directly';
    },
    async close() {
      const ways = [...open.values()];
      open.clear();
      for (const way of ways) await (await way).close();
      direct.close();
    },
  };
}
