import { shortened } from './shortened.ts';

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
  return plainId(textOf(field(field(field(body, 'error'), 'innererror'), 'request-id')));
}

/** An id as services give them, for Microsoft's support; null for anything that is none. */
export const plainId = (text: string | undefined): string | null =>
  text !== undefined && /^[\w.:|-]{1,100}$/.test(text) ? text : null;

/** For a sentence: `403 Authorization_RequestDenied: Insufficient privileges ...`, at most 300 characters of Graph's own words. */
export function describeError(status: number, body: unknown): string {
  const { code, message } = graphErrorOf(body);
  const words = shortened(message.slice(0, 2000).replace(/\s+/g, ' ').trim(), 300).replace(/\.+$/, '');
  return `${status} ${shortened(code, 100)}${words ? `: ${words}` : ''}`;
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) if (key.toLowerCase() === name) return inner;
  return undefined;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
