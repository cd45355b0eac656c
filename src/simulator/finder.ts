import type { Directory } from './directory.ts';
import { userEntity } from './entities.ts';
import { unsupportedQuery } from './graph-error.ts';
import type { SimulatedUser } from './objects.ts';
import { type Filter, parseFilter } from './odata-filter.ts';
import { checkFilter, type EntityType, matches } from './odata-match.ts';
import type { ODataQuery } from './odata-query.ts';
import { searchTest } from './odata-search.ts';

const resultsKept = 16;

/** Answers list queries; the results of the last few are kept, because a reader comes back for each page. */
export class Finder {
  readonly #users: readonly SimulatedUser[];
  readonly #directory: Directory;
  readonly #kept = new Map<string, readonly SimulatedUser[]>();

  constructor(users: readonly SimulatedUser[], directory: Directory) {
    this.#users = users;
    this.#directory = directory;
  }

  users(query: ODataQuery, eventual: boolean): readonly SimulatedUser[] {
    const filter = checkedFilter(query, userEntity, eventual);
    const key = JSON.stringify([query.filter, query.search, query.orderby]);
    const known = this.#kept.get(key);
    if (known) return known;
    const candidates = (filter && this.#candidates(filter)) ?? this.#users;
    let found = filter ? candidates.filter(user => matches(filter, userEntity, user)) : candidates;
    if (query.search !== undefined) found = found.filter(searchTest(query.search, userEntity));
    if (query.orderby !== undefined) found = ordered(found, query.orderby);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= resultsKept && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(key, found);
    return found;
  }

  /** Something about the users has changed. */
  forget(): void {
    this.#kept.clear();
  }

  /** Whom an index names for the filter; undefined when only a walk through everybody helps. */
  #candidates(filter: Filter): readonly SimulatedUser[] | undefined {
    switch (filter.kind) {
      case 'and':
        return this.#candidates(filter.left) ?? this.#candidates(filter.right);
      case 'or': {
        const [left, right] = [this.#candidates(filter.left), this.#candidates(filter.right)];
        return left && right && [...new Set([...left, ...right])];
      }
      case 'compare':
        return filter.operator === 'eq' ? this.#named(filter.path, [filter.value]) : undefined;
      case 'in':
        return this.#named(filter.path, filter.values);
      case 'any': {
        if (filter.collection.toLowerCase() !== 'proxyaddresses' || filter.of.kind !== 'compare')
          return undefined;
        const { operator, value } = filter.of;
        return operator === 'eq' && typeof value === 'string'
          ? this.#directory.usersWithAddress(value)
          : undefined;
      }
      default:
        return undefined;
    }
  }

  #named(path: string, values: readonly unknown[]): SimulatedUser[] | undefined {
    const lower = path.toLowerCase();
    const texts = values.filter(value => typeof value === 'string');
    if (texts.length < values.length) return undefined;
    if (lower === 'mail') return [...new Set(texts.flatMap(text => this.#directory.usersWithAddress(text)))];
    if (lower !== 'id' && lower !== 'userprincipalname') return undefined;
    return [...new Set(texts.map(text => this.#directory.user(text)).filter(user => user !== undefined))];
  }
}

/** The filter of a query, when the query is one that the directory serves (graph-facts 4.1). */
export function checkedFilter(query: ODataQuery, type: EntityType, eventual: boolean): Filter | undefined {
  const advanced = eventual && query.count;
  const filter = query.filter === undefined ? undefined : parseFilter(query.filter);
  const needsAdvanced =
    (filter !== undefined && checkFilter(filter, type, advanced).advanced) ||
    query.search !== undefined ||
    (query.orderby !== undefined && filter !== undefined);
  if (query.search !== undefined && !eventual) {
    throw unsupportedQuery(
      "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
    );
  }
  if ((needsAdvanced && !advanced) || (query.count && !eventual))
    throw unsupportedQuery('Unsupported Query.');
  return filter;
}

function ordered(users: readonly SimulatedUser[], orderby: string): SimulatedUser[] {
  const [, name = '', direction = 'asc'] = /^(\w+)(?: +(asc|desc))?$/i.exec(orderby.trim()) ?? [];
  const property = userEntity.properties.get(name.toLowerCase())?.name;
  if (property !== 'displayName' && property !== 'userPrincipalName')
    throw unsupportedQuery('Sorting not supported for current query.');
  const sign = direction.toLowerCase() === 'desc' ? -1 : 1;
  return users.toSorted((a, b) => sign * a[property].localeCompare(b[property], 'en'));
}
