import { nextLink } from '../paging.ts';
import type { Call, Realm, Reply } from './route.ts';

/** One page of a list as Graph answers it; the count stands on the first page only (graph-facts 4.1). */
export function collection<T>(
  call: Call,
  realm: Realm,
  contextUrl: string,
  items: readonly T[],
  view: (item: T) => unknown,
  usualPage?: number,
): Reply {
  const page = realm.pager.page(items, call.query, call.path, usualPage);
  return {
    status: 200,
    body: {
      '@odata.context': contextUrl,
      ...(call.query.count && page.first && { '@odata.count': items.length }),
      ...(page.nextToken !== undefined && {
        '@odata.nextLink': nextLink(call.origin, call.path, call.query, page.nextToken),
      }),
      value: page.items.map(view),
    },
  };
}
