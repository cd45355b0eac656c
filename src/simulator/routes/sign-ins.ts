import { mayReadAudit, mayReadPolicies, mayReadReportsByRole } from '../caller.ts';
import { signInEntity, signInEntityBeta } from '../entities.ts';
import { badRequest, GraphError, unsupportedQuery } from '../graph-error.ts';
import { type Filter, parseFilter } from '../odata-filter.ts';
import { checkFilter, countAlternatives, matchesBy } from '../odata-match.ts';
import { betaFields, type SignInEntry } from '../sign-ins/sign-in-entry.ts';
import { comparable, reportNotPermitted, sortsAscending, withComparableTimes } from './audit-logs.ts';
import { collection } from './collection.ts';
import { project, selection } from '../entities.ts';
import { type Call, context, type Realm, type Route } from './route.ts';

/** The most of a page, and what a page is unless asked otherwise (graph-facts 5.4). */
const largestPage = 1000;

const list: Route['run'] = (call, realm) => {
  admit(call, realm);
  const { filter, search, count, orderby, select } = call.query;
  if (search !== undefined || count) throw unsupportedQuery('Unsupported Query.');
  const ascending = sortsAscending(orderby, 'createdDateTime');
  const type = call.version === 'beta' ? signInEntityBeta : signInEntity;
  const parsed =
    filter === undefined ? undefined : withComparableTimes(parseFilter(filter), 'createddatetime');
  if (parsed) check(parsed, realm.desk.mostAlternatives, call.version);
  realm.desk.sessions.live(call.now);
  // Who does not ask for other kinds gets those that a person took part in (graph-facts 5.4).
  const anyKind = call.version === 'beta' && parsed !== undefined && asksForKind(parsed);
  const found = realm.desk.log
    .seenAt(call.now)
    .filter(
      entry =>
        (anyKind || entry.signInEventTypes.includes('interactiveUser')) &&
        (!parsed || matchesBy(parsed, type, name => readBy(entry, name))),
    );
  if (ascending) found.reverse();
  const names = select && selection(type, select);
  const view = (entry: SignInEntry): object => {
    const shown = shownTo(call, entry);
    return names ? project(shown, names) : shown;
  };
  return collection(call, realm, context(call, 'auditLogs/signIns'), found, view, largestPage);
};

/** In the order in which Graph looks: the app's permission, the licence of the tenant, the role of the person. */
function admit({ caller }: Call, realm: Realm): void {
  if (!mayReadAudit(caller)) throw reportNotPermitted();
  if (!realm.desk.premium)
    throw new GraphError(
      403,
      'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
      "Neither tenant is B2C or tenant doesn't have premium license",
    );
  if (!mayReadReportsByRole(caller))
    throw new GraphError(
      403,
      'Authentication_RequestFromUnsupportedUserRole',
      "User isn't in the allowed roles",
    );
}

function check(filter: Filter, most: number, version: string): void {
  checkFilter(filter, version === 'beta' ? signInEntityBeta : signInEntity, true);
  const alternatives = countAlternatives(filter);
  if (alternatives > most)
    throw badRequest(
      `Invalid filter clause: ${alternatives} alternatives were given, at most ${most} are allowed.`,
    );
}

function asksForKind(filter: Filter): boolean {
  if (filter.kind === 'and' || filter.kind === 'or')
    return asksForKind(filter.left) || asksForKind(filter.right);
  if (filter.kind === 'not') return asksForKind(filter.of);
  return filter.kind === 'any' && filter.collection.toLowerCase() === 'signineventtypes';
}

/** What a filter finds under a name: a property, or what a path leads to. */
function readBy(entry: SignInEntry, name: string): unknown {
  if (name === 'createdDateTime') return comparable(entry.createdDateTime);
  const [property = '', part] = name.split('/');
  const value: unknown = Reflect.get(entry, property);
  return part !== undefined && typeof value === 'object' && value !== null ? Reflect.get(value, part) : value;
}

/** Members that were added to an enumeration later are shown to those only who say that they know them (graph-facts 5.4). */
const laterTokenTypes = ['refreshToken', 'remoteDesktopToken'];

function shownTo(call: Call, entry: SignInEntry): object {
  const shown: Partial<Record<keyof SignInEntry, unknown>> = { ...entry };
  if (!mayReadPolicies(call.caller)) delete shown.appliedConditionalAccessPolicies;
  if (call.version === 'v1.0') for (const name of betaFields) delete shown[name];
  else if (laterTokenTypes.includes(entry.incomingTokenType) && !knowsLaterMembers(call))
    shown.incomingTokenType = 'unknownFutureValue';
  return shown;
}

export const knowsLaterMembers = (call: Call): boolean =>
  /include-unknown-enum-members/i.test(call.headers['prefer'] ?? '');

export const signInRoutes: Route[] = [
  { method: 'GET', path: 'auditlogs/signins', report: true, largestPage, run: list },
];
