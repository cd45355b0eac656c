import { GraphError } from './graph-error.ts';
import type { ODataQuery } from './odata-query.ts';

const defaultPage = 100;
/** Microsoft's tokens begin like this; what follows is nobody's business. */
const tokenStart = 'RFNwdAIAAQAAA';

export interface Page<T> {
  readonly items: readonly T[];
  /** Of the page after this one, undefined on the last. */
  readonly nextToken?: string;
  readonly first: boolean;
}

/** Cuts lists into pages and reads the tokens in next links. */
export class Pager {
  readonly #emptyPages: boolean;

  /** With `emptyPages`, the first page of a list is followed by one without values: Graph does that too (graph-facts 4.1). */
  constructor(emptyPages: boolean) {
    this.#emptyPages = emptyPages;
  }

  page<T>(items: readonly T[], query: ODataQuery, path: string, usual = defaultPage): Page<T> {
    const { start, empty } =
      query.skiptoken === undefined ? { start: 0, empty: false } : readToken(query.skiptoken, path);
    if (start > items.length) throw invalidToken();
    if (empty) return { items: [], nextToken: makeToken(start, false, path), first: false };
    const end = start + (query.top ?? usual);
    const first = query.skiptoken === undefined;
    const nextToken = end < items.length ? makeToken(end, first && this.#emptyPages, path) : undefined;
    return { items: items.slice(start, end), nextToken, first };
  }
}

function makeToken(start: number, empty: boolean, path: string): string {
  return tokenStart + Buffer.from(`${start},${empty},${path.toLowerCase()}`).toString('base64url');
}

/** A token serves only the list it was made for. */
function readToken(token: string, path: string): { start: number; empty: boolean } {
  if (!token.startsWith(tokenStart)) throw invalidToken();
  const [start, empty, ...rest] = Buffer.from(token.slice(tokenStart.length), 'base64url')
    .toString()
    .split(',');
  if (!/^\d+$/.test(start ?? '') || rest.join(',') !== path.toLowerCase()) throw invalidToken();
  return { start: Number(start), empty: empty === 'true' };
}

const invalidToken = (): GraphError =>
  new GraphError(400, 'Request_BadRequest', 'The page token is not valid.');

/** The absolute link to the next page, on the host that was asked; the page token stands last. */
export function nextLink(origin: string, path: string, query: ODataQuery, token: string): string {
  return `${origin}${path}?${[...query.raw, `$skiptoken=${encodeURIComponent(token)}`].join('&')}`;
}
