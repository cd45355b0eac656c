import type { Answer } from './answer.ts';
import { isSuccess } from './answer.ts';
import { type GraphEndpoint, versionOf } from './endpoint.ts';
import { describeError, graphErrorOf } from './graph-error.ts';
import type { Lane } from './lane.ts';

/** A list that could not be read to its end. */
export class ListFailure extends Error {
  override name = 'ListFailure';
  /** Graph's status and code, where Graph answered. */
  readonly status: number | null;
  readonly code: string | null;
  constructor(message: string, status: number | null = null, code: string | null = null) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** More than the largest tenant has: a server that goes on for ever. */
const mostItems = 3_000_000;
const mostPages = 10_000;
/** A filter may leave some pages empty, but not so many in a row. */
const mostEmptyPages = 1000;
/** The longest that a server takes as address. */
const longestLink = 16 * 1024;
/** A list is begun anew this often at most. */
const mostRestarts = 20;
const attemptsPerPage = 4;

export interface ListOptions<T> {
  keep: (raw: unknown) => T;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal | undefined;
}

/**
 * Reads a list to its end, or fails: never half of it. Headers go with every page, since a next link does not carry
 * `ConsistencyLevel`. A page that had to be asked for again is the last of its sequence: Graph may have spent its page
 * token on the answer that got lost, so the list is begun anew (graph-facts 4.1). `keep` takes out of each item what is
 * wanted, so that what a page has besides is not held until the end.
 * @throws ListFailure
 */
export async function readList<T>(
  lane: Lane,
  endpoint: GraphEndpoint,
  path: string,
  options: ListOptions<T>,
): Promise<T[]> {
  for (let start = 0; start <= mostRestarts; start++) {
    const items = await readOnce(lane, endpoint, path, options);
    if (items) return items;
  }
  throw new ListFailure('the list broke off again and again while it was read');
}

/** Null when a page had to be asked for twice and the list has to be begun anew. */
async function readOnce<T>(
  lane: Lane,
  endpoint: GraphEndpoint,
  first: string,
  { keep, headers = {}, signal }: ListOptions<T>,
): Promise<T[] | null> {
  const items: T[] = [];
  const seen = new Set<string>();
  let empty = 0;
  for (let path: string | null = first; path !== null;) {
    if (seen.has(path) || seen.size >= mostPages)
      throw new ListFailure('the list has no end: its pages lead back to themselves');
    seen.add(path);
    const page = await readPage(lane, path, headers, signal);
    const body = page.answer.body as { value?: unknown; '@odata.nextLink'?: unknown } | null | undefined;
    // Of partial content (206) and the like nobody knows what is missing.
    if (page.answer.status !== 200 || !Array.isArray(body?.value))
      throw new ListFailure('the answer is no list');
    for (const raw of body.value as unknown[]) items.push(keep(raw));
    empty = body.value.length === 0 ? empty + 1 : 0;
    if (items.length > mostItems || empty > mostEmptyPages)
      throw new ListFailure('the list has no end: more comes than any tenant has');
    path = nextPath(body['@odata.nextLink'], endpoint);
    if (path !== null && page.repeated) return null;
  }
  return items;
}

async function readPage(
  lane: Lane,
  path: string,
  headers: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<{ answer: Answer; repeated: boolean }> {
  let why = 'no answer';
  for (let attempt = 0; attempt < attemptsPerPage; attempt++) {
    const reply = await lane.send({ method: 'GET', path, headers }, signal);
    if (reply.kind === 'notSent') throw new ListFailure('the run was stopped');
    if (reply.kind === 'answer') {
      if (isSuccess(reply)) return { answer: reply, repeated: attempt > 0 || reply.tries > 1 };
      why = describeError(reply.status, reply.body);
      if (reply.status < 500) throw new ListFailure(why, reply.status, graphErrorOf(reply.body).code);
    } else {
      why = reply.reason;
    }
  }
  throw new ListFailure(why);
}

/** False for what climbs out of the version, and for an address that nobody could ask for. */
function staysUnder(start: string, link: string): boolean {
  if (link.length > longestLink) return false;
  return URL.parse(link)?.href.startsWith(start) ?? false;
}

/** The path of a next link relative to the version; only links to the Graph and the version we talk to are followed. */
function nextPath(link: unknown, endpoint: GraphEndpoint): string | null {
  if (link === undefined || link === null) return null;
  const start = `${endpoint.root}/${versionOf(endpoint)}/`;
  if (typeof link !== 'string' || !link.startsWith(start) || !staysUnder(start, link)) {
    throw new ListFailure(`the next page is not on ${endpoint.root}, so it is not followed`);
  }
  return `/${link.slice(start.length)}`;
}
