import type { Lost } from './answer.ts';

/** Where a call went. */
export interface Destination {
  /** Scheme and host, as `https://graph.microsoft.com`. */
  root: string;
  /** How it goes there, as `Network.describe` says; told with the failure. */
  route?: string | undefined;
  /** The local time, which a certificate may contradict. */
  now: number;
}

/** What an error code means; `acted` is `no` only where the failure comes before a byte of the request has left. */
export interface Meaning {
  codes: readonly string[];
  acted: Lost['acted'];
  /** Coming again changes nothing. */
  lasting?: true;
  sentence: (to: Destination) => string;
}

const letThrough = 'docs/network.md lists the hosts that a firewall must let through';

export const unresolved: Meaning = {
  codes: ['ENOTFOUND', 'EAI_AGAIN'],
  acted: 'no',
  sentence: ({ root }) =>
    `the name ${new URL(root).hostname} can't be resolved: check the DNS of this machine; behind a proxy set HTTPS_PROXY`,
};

const unreachable: Meaning = {
  codes: ['EHOSTUNREACH', 'ENETUNREACH'],
  acted: 'no',
  sentence: ({ root }) =>
    `there is no way to ${root}: check the network of this machine; behind a proxy set HTTPS_PROXY`,
};

const meanings: readonly Meaning[] = [
  unresolved,
  {
    codes: ['ECONNREFUSED'],
    acted: 'no',
    sentence: ({ root }) => `${root} refused the connection: is the address right? ${letThrough}`,
  },
  unreachable,
  {
    codes: ['UND_ERR_CONNECT_TIMEOUT'],
    acted: 'no',
    sentence: ({ root }) =>
      `no connection to ${root} came about in time: a firewall that drops it? ${letThrough}; behind a proxy set HTTPS_PROXY`,
  },
  // Certificates that are refused: the handshake ends before the request.
  {
    codes: [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    ],
    acted: 'no',
    lasting: true,
    sentence: ({ root }) =>
      `the certificate shown for ${root} is not trusted: something in between inspects TLS, or the root certificates of this machine are incomplete; put the root certificate into the system's store, or name its file in NODE_EXTRA_CA_CERTS`,
  },
  {
    codes: ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'],
    acted: 'no',
    lasting: true,
    sentence: ({ root, now }) =>
      `the certificate shown for ${root} is not valid at this time: check the clock of this machine, it says ${new Date(now).toISOString().slice(0, 16)}Z; where that is right, the certificate is out of date`,
  },
  {
    codes: ['ERR_TLS_CERT_ALTNAME_INVALID'],
    acted: 'no',
    lasting: true,
    sentence: ({ root }) =>
      `the certificate shown for ${root} is for another name: something else answers in its place (captive portal, wrong DNS, wrong address)`,
  },
  {
    codes: ['EPROTO', 'ERR_SSL_'],
    acted: 'unknown',
    sentence: ({ root }) =>
      `what answers at ${root} speaks no TLS, or none that this machine takes: check the address, and the proxy if there is one`,
  },
];

/** Every other code. */
export const broke: Meaning = {
  codes: [],
  acted: 'unknown',
  sentence: ({ root }) =>
    `the connection to ${root} broke in the middle: a firewall, or a proxy that inspects TLS, may have cut it`,
};

/**
 * The code of an error. Over several tries, one for each address of a name, it is that of a try that got somewhere:
 * most machines have no IPv6, and that tells nothing about why IPv4 failed.
 */
export function codeOf(error: Error): string | null {
  const codes = tries(error).map(e => e.code);
  const code = codes.find(c => c !== undefined && !unreachable.codes.includes(c)) ?? codes[0];
  return typeof code === 'string' && /^[A-Z0-9_]+$/.test(code) ? code : null;
}

/** What a code says of a call; see `codeOf`. */
export function meaningOf(error: Error, code: string): Meaning {
  // The system's own time limit for connecting; the same code in the middle of an answer says nothing of the kind.
  const connecting = code === 'ETIMEDOUT' && tries(error).every(e => e.syscall === 'connect');
  const known = connecting ? 'UND_ERR_CONNECT_TIMEOUT' : code;
  return (
    meanings.find(m => m.codes.some(c => c === known || (c.endsWith('_') && known.startsWith(c)))) ?? broke
  );
}

const tries = (error: Error): NodeJS.ErrnoException[] =>
  error instanceof AggregateError && error.errors.length > 0 ? error.errors : [error];

/** What the error says itself; the one over several tries has no words of its own. */
export const detailOf = (error: Error, code: string): string => {
  const all =
    error.message ||
    tries(error)
      .map(e => e.message)
      .join('; ') ||
    code;
  // Node advises a switch of its own, which nobody can give here and which is on already.
  return all.replace(/; if the root CA is installed locally.*$/, '');
};
