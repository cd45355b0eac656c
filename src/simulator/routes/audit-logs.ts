import type { DirectoryAudit } from '../audit-log.ts';
import { mayReadAudit } from '../caller.ts';
import { auditEntity } from '../entities.ts';
import { checkedFilter } from '../finder.ts';
import { badRequest, GraphError } from '../graph-error.ts';
import type { Filter } from '../odata-filter.ts';
import { matches } from '../odata-match.ts';
import { collection } from './collection.ts';
import { context, type Route } from './route.ts';

const notPermitted = (): GraphError =>
  new GraphError(
    403,
    'Authentication_MSGraphPermissionMissing',
    'The principal does not have required Microsoft Graph permission(s): AuditLog.Read.All to call this API. For more information about Microsoft Graph permissions, please visit https://docs.microsoft.com/graph/permissions-overview.',
  );

/** The latest first unless asked otherwise (graph-facts 5.3: audit logs page newest first). */
const directoryAudits: Route['run'] = (call, realm) => {
  if (!mayReadAudit(call.caller)) throw notPermitted();
  const ascending = isAscending(call.query.orderby);
  const given = checkedFilter({ ...call.query, orderby: undefined }, auditEntity, false);
  const filter = given && withComparableTimes(given);
  const seen = realm.audit.seenAt(call.now);
  const found = filter ? seen.filter(entry => matches(filter, auditEntity, flat(entry))) : seen;
  if (ascending) found.reverse();
  return collection(call, realm, context(call, 'auditLogs/directoryAudits'), found, entry => entry);
};

function isAscending(orderby = 'activityDateTime desc'): boolean {
  const order = /^activityDateTime(?: +(asc|desc))?$/i.exec(orderby.trim());
  if (!order) throw badRequest(`Sorting by '${orderby}' is not supported.`);
  return order[1]?.toLowerCase() !== 'desc';
}

const comparable = (time: string): string => new Date(time).toISOString();

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

/** Times are compared as text, so they have to be written alike. */
function withComparableTimes(filter: Filter): Filter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return {
        ...filter,
        left: withComparableTimes(filter.left),
        right: withComparableTimes(filter.right),
      };
    case 'compare': {
      if (filter.path.toLowerCase() !== 'activitydatetime') return filter;
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
