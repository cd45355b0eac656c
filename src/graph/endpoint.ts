/** Where Graph is: the root that every call goes to, and the only place a token is ever sent to. */
export interface GraphEndpoint {
  /** Scheme and host without version and without slash at the end, as `https://graph.microsoft.com`. */
  root: string;
  /** The version that calls go to; v1.0 unless said. */
  version?: 'beta';
}

/** As it stands in an address. */
export const versionOf = ({ version }: GraphEndpoint): string => version ?? 'v1.0';

/** An address that no token may be sent to; the message says what to do. */
export class EndpointError extends Error {
  override name = 'EndpointError';
}

/** A token that can't be one, so that it is neither sent nor shown. */
export class TokenError extends Error {
  override name = 'TokenError';
  constructor() {
    super(
      'What was given as access token is none: it is empty or has blanks or line breaks in it. Sign in again, or copy it again.',
    );
  }
}

/** @throws TokenError unless the text can stand in an Authorization header */
export function checkToken(token: string): void {
  if (!/^[\x21-\x7e]+$/.test(token)) throw new TokenError();
}

/** Graph of the global cloud (graph-docs, concepts/deployments.md). */
export const globalGraph = 'https://graph.microsoft.com';

/**
 * Reads a Graph address. Only https is taken, or http on loopback, since the bearer token travels along.
 * @throws EndpointError
 */
export function graphEndpoint(address: string): GraphEndpoint {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw new EndpointError(`"${address}" is no address. A Graph endpoint looks like ${globalGraph}.`);
  }
  const loopback = isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw new EndpointError(
      `The Graph endpoint ${url.origin} is refused: a token is sent only over https (or to http on loopback). Use https.`,
    );
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new EndpointError(
      `The Graph endpoint ${url.origin} must be given without user, query and fragment, as ${globalGraph}.`,
    );
  }
  const path = url.pathname.replace(/\/+$/, '');
  if (path !== '') {
    throw new EndpointError(`The Graph endpoint must be given without path and version, as ${url.origin}.`);
  }
  return { root: url.origin };
}

/** True for this machine's own addresses, which no packet leaves. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
