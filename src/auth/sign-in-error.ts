import { graphErrorOf } from '../graph/graph-error.ts';
import { signInCodes } from './sign-in-codes.ts';

/** A sign-in that failed; the message names Entra's code, what it means and what to do. */
export class SignInError extends Error {
  override name = 'SignInError';
  /** Entra's number, as in AADSTS7000215, where there is one. */
  readonly code: number | null;
  constructor(message: string, code: number | null = null) {
    super(message);
    this.code = code;
  }
}

/** Entra's refusal of a request, in its own words. */
export class EntraRefusal extends Error {
  override name = 'EntraRefusal';
  /** @param body of the answer, JSON or not */
  constructor(body: string) {
    super(graphErrorOf(parsed(body)).message || body);
  }
}

/** What was heard last on the way to a token: Entra's refusal, why no answer came, or what we refused ourselves. */
export type LastFailure = SignInError | EntraRefusal | string | null;

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/**
 * Turns what @azure/identity throws into a sentence. Its own messages are several lines with links; what an admin needs of them is Entra's
 * code, and the ids by which Microsoft's support and the tenant's sign-in log know this attempt.
 */
export function signInErrorOf(error: unknown, last: LastFailure): SignInError {
  if (error instanceof SignInError) return error;
  if (last instanceof SignInError) return last;
  const thrown = chain(error)
    .map(e => e.message)
    .join('\n');
  // Of an unknown tenant, or a device code that ended, only Entra's own answer tells.
  const said =
    !/AADSTS\d/.test(thrown) && last instanceof EntraRefusal ? `${last.message}\n${thrown}` : thrown;
  const code = Number(/AADSTS(\d{4,8})/.exec(said)?.[1] ?? Number.NaN);
  const words = firstSentence(said);
  if (Number.isInteger(code)) {
    const known = signInCodes[code];
    const ids = [
      /Trace ID: ([\w-]{1,50})/i.exec(said)?.[1],
      /Correlation ID: ([\w-]{1,50})/i.exec(said)?.[1],
    ];
    const trace = ids[0] ? ` (trace id ${ids[0]}${ids[1] ? `, correlation id ${ids[1]}` : ''})` : '';
    const text = known ? `${known.means} ${known.remedy}` : `Entra says: ${words}`;
    return new SignInError(`AADSTS${code}: ${text}${trace}`, code);
  }
  if (typeof last === 'string') return new SignInError(`The sign-in did not reach Entra: ${last}`);
  return new SignInError(`The sign-in failed: ${words}`);
}

function chain(error: unknown): Error[] {
  const found: Error[] = [];
  for (let e: unknown = error; e instanceof Error && found.length < 6; e = e.cause) found.push(e);
  return found;
}

function firstSentence(said: string): string {
  const text = said
    .replace(/^.*More details:\s*/s, '')
    .replace(/^(AADSTS\d+): /, '')
    .replace(/\s+/g, ' ')
    .replace(/ (Trace ID|To troubleshoot|See the troubleshooting guide).*$/, '')
    .trim();
  return text.length > 300 ? `${text.slice(0, 297)}...` : text || 'no reason was given';
}
