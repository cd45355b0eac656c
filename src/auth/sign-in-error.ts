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

/**
 * Turns what @azure/identity throws into a sentence; `unreachable` says why no answer came, where none did. Its own messages are several lines with links; what an admin needs
 * of them is Entra's code, and the ids by which Microsoft's support and the tenant's sign-in log know this attempt.
 */
export function signInErrorOf(error: unknown, unreachable: string | null): SignInError {
  if (error instanceof SignInError) return error;
  const said = chain(error)
    .map(e => e.message)
    .join('\n');
  const code = Number(/AADSTS(\d{4,8})/.exec(said)?.[1] ?? Number.NaN);
  const words = firstSentence(said);
  if (Number.isInteger(code)) {
    const known = signInCodes[code];
    const ids = [/Trace ID: ([\w-]+)/i.exec(said)?.[1], /Correlation ID: ([\w-]+)/i.exec(said)?.[1]];
    const trace = ids[0] ? ` (trace id ${ids[0]}${ids[1] ? `, correlation id ${ids[1]}` : ''})` : '';
    const text = known ? `${known.means} ${known.remedy}` : `Entra says: ${words}`;
    return new SignInError(`AADSTS${code}: ${text}${trace}`, code);
  }
  if (unreachable) return new SignInError(`The sign-in did not reach Entra: ${unreachable}`);
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
