import { Buffer } from 'node:buffer';
import { EndpointError, isLoopback } from './endpoint.ts';

/** A proxy setting that is none. The message shows nothing of it: a password may be inside. */
export class ProxyError extends EndpointError {
  override name = 'ProxyError';
  constructor(source: string, what: string) {
    super(
      `The proxy that ${source} names can't be used: ${what}. It looks like http://proxy:8080 or http://user:password@proxy:8080, with special characters in user and password percent-encoded.`,
    );
  }
}

/** A proxy, its password taken out of the address. */
export interface Proxy {
  /** Scheme, host and port, as `http://proxy:8080`. */
  root: string;
  /** The value of `Proxy-Authorization`; never to be shown. */
  authorization: string | null;
  /** Who named it: the environment variable, or `the settings of this machine`. */
  source: string;
}

/**
 * Which proxy a call takes. The environment goes before the proxy that the host handed over, since whoever sets it for
 * one process means this process. This machine itself and its link-local neighbours (the managed identity at
 * 169.254.169.254) are never asked for through a proxy: it would look for them at its own side.
 */
export class ProxySetting {
  readonly #env: NodeJS.ProcessEnv;
  readonly #https: Proxy | null;
  readonly #host: Proxy | null;
  readonly #direct: readonly string[];

  /** @throws ProxyError */
  constructor(env: NodeJS.ProcessEnv, hostProxy: string | undefined) {
    this.#env = env;
    this.#https = named(env, 'HTTPS_PROXY');
    this.#host = hostProxy?.trim() ? readProxy(hostProxy, 'the settings of this machine') : null;
    this.#direct = (env['no_proxy']?.trim() || env['NO_PROXY'] || '')
      .split(/[,\s]+/)
      .filter(entry => entry !== '');
  }

  /**
   * Null for a call that goes directly.
   * @throws ProxyError when HTTP_PROXY, looked at only for http, is no proxy
   */
  for(url: URL): Proxy | null {
    if (isLoopback(url.hostname) || isLinkLocal(url.hostname)) return null;
    if (this.#direct.some(entry => covers(entry, url))) return null;
    const own = url.protocol === 'https:' ? this.#https : named(this.#env, 'HTTP_PROXY');
    return own ?? this.#host;
  }
}

/** Reads the variable; the small form goes before the capital one, as with curl. */
function named(env: NodeJS.ProcessEnv, name: 'HTTPS_PROXY' | 'HTTP_PROXY'): Proxy | null {
  const source = [name.toLowerCase(), name].find(variable => env[variable]?.trim());
  return source === undefined ? null : readProxy(env[source] ?? '', source);
}

function readProxy(text: string, source: string): Proxy {
  const address = text.trim();
  let url: URL;
  try {
    // Many write it without scheme.
    url = new URL(address.includes('://') ? address : `http://${address}`);
  } catch {
    throw new ProxyError(source, 'it is no address');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new ProxyError(source, `${url.protocol.slice(0, -1)} is not spoken here, http and https are`);
  // A password with / or # in it ends up here, cut in two.
  if (url.pathname !== '/' || url.search || url.hash)
    throw new ProxyError(source, 'there is something behind host and port');
  return { root: url.origin, authorization: basic(url, source), source };
}

function basic({ username, password }: URL, source: string): string | null {
  if (!username && !password) return null;
  try {
    const words = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(words, 'utf8').toString('base64')}`;
  } catch {
    throw new ProxyError(source, 'its user or password has a % in it that is not %25');
  }
}

/** An entry of NO_PROXY covers its host and what is under it, at one port where it names one; `*` covers everything. */
function covers(entry: string, url: URL): boolean {
  if (entry === '*') return true;
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  // Colons outside of brackets: one stands before a port, several are an IPv6 address.
  const parts = /^\[(.+)\](?::(\d+))?$/.exec(entry) ?? /^([^:]+)(?::(\d+))?$/.exec(entry) ?? ['', entry];
  const name = (parts[1] ?? '').toLowerCase().replace(/^\*?\./, '');
  if (name === '' || (parts[2] !== undefined && parts[2] !== port)) return false;
  return host === name || host.endsWith(`.${name}`);
}

const isLinkLocal = (hostname: string): boolean =>
  /^169\.254(\.\d{1,3}){2}$/.test(hostname) || /^\[fe[89ab][0-9a-f]:/.test(hostname);
