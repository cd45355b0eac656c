import { badRequest, unsupportedQuery } from './graph-error.ts';

/** The system query options of a request, without the dollar sign. */
export interface ODataQuery {
  readonly filter?: string;
  readonly select?: readonly string[];
  readonly top?: number;
  readonly count: boolean;
  readonly search?: string;
  readonly orderby?: string;
  readonly skiptoken?: string;
  /** All but the page token, as sent, for the next link. */
  readonly raw: readonly string[];
}

/** Of the directory (graph-facts 4.1); a report has pages of another size. */
const usualLargestPage = 999;
const supported = ['filter', 'select', 'top', 'count', 'search', 'orderby', 'skiptoken', 'format'];

export function parseQuery(query: string, largestPage = usualLargestPage): ODataQuery {
  const values = new Map<string, string>();
  const raw: string[] = [];
  for (const part of query.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const given = decode(equals < 0 ? part : part.slice(0, equals));
    const name = given.replace(/^\$/, '').toLowerCase();
    if (!supported.includes(name)) {
      if (name === 'skip') throw badRequest("'$skip' is not supported by the service.");
      if (given.startsWith('$')) throw badRequest(`The query parameter '${given}' is not supported.`);
      continue;
    }
    if (values.has(name))
      throw badRequest(
        `Query option '$${name}' was specified more than once, but it must be specified at most once.`,
      );
    values.set(name, equals < 0 ? '' : decode(part.slice(equals + 1)));
    if (name !== 'skiptoken') raw.push(part);
  }
  const filter = values.get('filter');
  if (filter !== undefined && filter.trim() === '')
    throw badRequest('Invalid filter clause: The expression is empty.');
  return {
    filter,
    select: parseSelect(values.get('select')),
    top: parseTop(values.get('top'), largestPage),
    count: parseCount(values.get('count')),
    search: values.get('search'),
    orderby: values.get('orderby'),
    skiptoken: values.get('skiptoken'),
    raw,
  };
}

function parseSelect(text: string | undefined): string[] | undefined {
  const names = text
    ?.split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
  return names && names.length > 0 && !names.includes('*') ? names : undefined;
}

function parseTop(text: string | undefined, largestPage: number): number | undefined {
  if (text === undefined) return undefined;
  if (!/^-?\d+$/.test(text))
    throw badRequest(
      `Invalid value '${text}' for $top query option found. The $top query option requires a non-negative integer value.`,
    );
  const top = Number(text);
  if (top < 1 || top > largestPage) {
    throw unsupportedQuery(
      `Invalid page size specified: '${text}'. Must be between 1 and ${largestPage} inclusive.`,
    );
  }
  return top;
}

function parseCount(text: string | undefined): boolean {
  if (text === undefined || /^false$/i.test(text)) return false;
  if (/^true$/i.test(text)) return true;
  throw badRequest(
    `Invalid value '${text}' for $count query option found. Valid values are 'true' and 'false'.`,
  );
}

/** A plus sign is a blank in a query, here as in Graph: an address with a plus has to be encoded. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw badRequest('The request URI is not valid.');
  }
}
