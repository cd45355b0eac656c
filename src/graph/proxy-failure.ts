import type { Proxy } from './proxy-setting.ts';

export interface ProxyAnswer {
  status: number;
  /** The ways to sign in that it offers (`Proxy-Authenticate`), as `Negotiate`. */
  schemes: readonly string[];
}

/** What it answered instead of connecting, or the error in its place. */
export type WhyNoWay = { answer: ProxyAnswer } | { cause: unknown };

/** The way ended at the proxy, so the request has not left: it can't be reached, or it refuses to connect further. */
export class ProxyFailure extends Error {
  override name = 'ProxyFailure';
  readonly proxy: Proxy;
  /** What it answered; null when it did not. */
  readonly answer: ProxyAnswer | null;

  constructor(proxy: Proxy, why: WhyNoWay) {
    super(`the proxy ${proxy.root} gave no way`, 'cause' in why ? { cause: why.cause } : undefined);
    this.proxy = proxy;
    this.answer = 'answer' in why ? why.answer : null;
  }
}

/** True when coming again changes nothing: it wants a sign-in, or forbids. */
export const isRefusal = ({ answer }: ProxyFailure): boolean =>
  answer !== null && answer.status >= 400 && answer.status < 500;

/** What a proxy's answer to CONNECT means for `root`, and what to do. */
export function refusalOf({ proxy, answer }: ProxyFailure, root: string): string {
  const { status, schemes } = answer ?? { status: 0, schemes: [] };
  const who = `the proxy ${proxy.root} (from ${proxy.source})`;
  if (status === 407) return `${who} wants a sign-in (407): ${signInOf(proxy, schemes)}`;
  if (status < 400) return `${who} answered ${status} where it should connect: this is no proxy for https`;
  if (status < 500)
    return `${who} forbids the way to ${root} (${status}): have it let through, docs/network.md lists the hosts`;
  return `${who} can't reach ${root} (${status}): its own DNS, firewall or next proxy stands in between`;
}

function signInOf({ authorization }: Proxy, schemes: readonly string[]): string {
  const basic = schemes.some(scheme => scheme.toLowerCase() === 'basic');
  if (basic && authorization) return 'it does not take the user and password that are set; check them';
  if (basic) return 'set HTTPS_PROXY to http://user:password@proxy:8080';
  const offered = schemes.length > 0 ? ` and offers ${schemes.join(', ')}` : '';
  return `it takes no user and password${offered}, and the Windows-integrated ways (Negotiate, NTLM, Kerberos) are not spoken here; have the hosts of docs/network.md let through without sign-in, or run a local proxy that signs in and name it in HTTPS_PROXY`;
}
