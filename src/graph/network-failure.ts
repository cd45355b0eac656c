import type { Lost } from './answer.ts';
import { broke, codeOf, type Destination, detailOf, meaningOf, unresolved } from './failure-meaning.ts';
import { foreignAnswer } from './foreign-answer.ts';
import { isRefusal, ProxyFailure, refusalOf } from './proxy-failure.ts';

export type NetworkFailure = Pick<Lost, 'reason' | 'acted' | 'timedOut' | 'lasting'>;

/** Says what it means that fetch threw `error`: in a clause for a person, with what to do, and whether the call has left. */
export function networkFailure(error: unknown, to: Destination): NetworkFailure {
  if (error instanceof Error && error.name === 'TimeoutError') {
    const reason = `${to.root} did not answer in time${to.route ? ` (${to.route})` : ''}`;
    return { reason, acted: 'unknown', timedOut: true };
  }
  for (const e of chain(error)) {
    if (e instanceof ProxyFailure) return proxyFailure(e, to);
    if (is407(e)) return { reason: foreignAnswer(407, undefined), acted: 'unknown' };
    const code = codeOf(e);
    if (code === null) continue;
    const meaning = meaningOf(e, code);
    const details = [detailOf(e, code), to.route].filter(Boolean).join(', ');
    const { acted, lasting } = meaning;
    return { reason: `${meaning.sentence(to)} (${details})`, acted, ...(lasting && { lasting }) };
  }
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
  const reason = error instanceof Error ? `${error.message}${cause}` : String(error);
  return { reason: `the call to ${to.root} failed (${reason})`, acted: 'unknown' };
}

function proxyFailure(failure: ProxyFailure, to: Destination): NetworkFailure {
  if (failure.answer)
    return { reason: refusalOf(failure, to.root), acted: 'no', ...(isRefusal(failure) && { lasting: true }) };
  const { proxy, cause } = failure;
  const named = [...chain(cause)].find(e => codeOf(e) !== null) ?? null;
  const code = named && codeOf(named);
  const meaning = named && code ? meaningOf(named, code) : broke;
  const why = meaning.lasting
    ? meaning.sentence({ root: proxy.root, now: to.now })
    : meaning === unresolved
      ? 'its name is not known: check it, and the DNS of this machine'
      : 'check its address and whether it runs';
  const details = named && code ? detailOf(named, code) : String(cause);
  const reason = `the proxy ${proxy.root} (from ${proxy.source}) can't be used: ${why} (${details})`;
  return { reason, acted: 'no', ...(meaning.lasting && { lasting: true }) };
}

/**
 * fetch hands no 407 on (Fetch standard, HTTP-network-or-cache fetch): undici makes an error of it that has no code and,
 * as no other one that a call without redirects can meet, no words; its later versions have these.
 */
const is407 = (error: Error): boolean =>
  codeOf(error) === null && ['', 'proxy authentication required'].includes(error.message);

/** fetch itself says "fetch failed"; the cause that names the network's code is further down. */
function* chain(error: unknown): Generator<Error> {
  for (let e: unknown = error; e instanceof Error; e = e.cause) yield e;
}
