/** What Graph says in an error body. */
export interface GraphError {
  code: string;
  message: string;
}

/**
 * Finds code and message in an error body. Replies differ in the case of their keys (`innerError`, `innererror`;
 * graph-facts 1.9), and a gateway may answer with no JSON at all.
 */
export function graphErrorOf(body: unknown): GraphError {
  const error = field(body, 'error');
  if (typeof error === 'string')
    return { code: error, message: textOf(field(body, 'error_description')) ?? '' };
  return {
    code: textOf(field(error, 'code')) ?? 'UnknownError',
    message: textOf(field(error, 'message')) ?? '',
  };
}

/** The request id in an error body, for answers that carry none in a header. */
export function requestIdOf(body: unknown): string | null {
  return textOf(field(field(field(body, 'error'), 'innererror'), 'request-id')) ?? null;
}

/** For a sentence: `403 Authorization_RequestDenied: Insufficient privileges ...`, at most 300 characters of Graph's own words. */
export function describeError(status: number, body: unknown): string {
  const { code, message } = graphErrorOf(body);
  const words = message.replace(/\s+/g, ' ').trim().slice(0, 300).replace(/\.+$/, '');
  return `${status} ${code}${words ? `: ${words}` : ''}`;
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) if (key.toLowerCase() === name) return inner;
  return undefined;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
