import type { DirectoryAudit } from '../audit-log.ts';
import { mayReadAudit } from '../caller.ts';
import { auditEntity } from '../entities.ts';
import { checkedFilter } from '../finder.ts';
import { badRequest, GraphError } from '../graph-error.ts';
import type { Filter } from '../odata-filter.ts';
import { matches } from '../odata-match.ts';
import { collection } from './collection.ts';
import { context, type Route } from './route.ts';

/** What the reports answer to an app without the permission (graph-facts 5.4). */
export const reportNotPermitted = (): GraphError =>
  new GraphError(
    403,
    'Authentication_MSGraphPermissionMissing',
    'The principal does not have required Microsoft Graph permission(s): AuditLog.Read.All to call this API. For more information about Microsoft Graph permissions, please visit https://docs.microsoft.com/graph/permissions-overview.',
  );

/** The latest first unless asked otherwise (graph-facts 5.3: audit logs page newest first). */
const directoryAudits: Route['run'] = (call, realm) => {
  if (!mayReadAudit(call.caller)) throw reportNotPermitted();
  const ascending = sortsAscending(call.query.orderby, 'activityDateTime');
  const given = checkedFilter({ ...call.query, orderby: undefined }, auditEntity, false);
  const filter = given && withComparableTimes(given, 'activitydatetime');
  const seen = realm.audit.seenAt(call.now);
  const found = filter ? seen.filter(entry => matches(filter, auditEntity, flat(entry))) : seen;
  if (ascending) found.reverse();
  return collection(call, realm, context(call, 'auditLogs/directoryAudits'), found, entry => entry);
};

/** Whether the oldest are asked for first; the reports sort by their time only. */
export function sortsAscending(orderby: string | undefined, time: string): boolean {
  if (orderby === undefined) return false;
  const [name = '', direction = 'asc', ...rest] = orderby.trim().split(/ +/);
  if (name.toLowerCase() !== time.toLowerCase() || !/^(asc|desc)$/i.test(direction) || rest.length > 0)
    throw badRequest(`Sorting by '${orderby}' is not supported.`);
  return direction.toLowerCase() === 'asc';
}

/** The way to write a time that a filter's is brought to. */
export const comparable = (time: string): string =>
  /T\d\d:\d\d:\d\dZ$/.test(time) ? `${time.slice(0, -1)}.000Z` : new Date(time).toISOString();

/** Properties that a filter names by a path, under that path. */
function flat(entry: DirectoryAudit): object {
  const { user, app } = entry.initiatedBy;
  return {
    ...entry,
    activityDateTime: comparable(entry.activityDateTime),
    'initiatedBy/user/id': user && Reflect.get(user, 'id'),
    'initiatedBy/user/userPrincipalName': user && Reflect.get(user, 'userPrincipalName'),
    'initiatedBy/app/appId': app && Reflect.get(app, 'appId'),
  };
}

/** Times are compared as text, so they have to be written alike. `time` is the property, in lower case. */
export function withComparableTimes(filter: Filter, time: string): Filter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return {
        ...filter,
        left: withComparableTimes(filter.left, time),
        right: withComparableTimes(filter.right, time),
      };
    case 'compare': {
      if (filter.path.toLowerCase() !== time) return filter;
      if (typeof filter.value !== 'string' || Number.isNaN(Date.parse(filter.value)))
        throw badRequest('Invalid filter clause: A binary operator with incompatible types was detected.');
      return { ...filter, value: comparable(filter.value) };
    }
    default:
      return filter;
  }
}

export const auditLogRoutes: Route[] = [
  { method: 'GET', path: 'auditlogs/directoryaudits', report: true, run: directoryAudits },
];
