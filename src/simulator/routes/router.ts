import { badRequest, GraphError, noSuchSegment } from '../graph-error.ts';
import type { Segment } from '../odata-path.ts';
import type { ODataQuery } from '../odata-query.ts';
import type { Cost } from '../throttle.ts';
import { auditLogRoutes } from './audit-logs.ts';
import { directoryObjectRoutes } from './directory-objects.ts';
import { groupRoutes } from './groups.ts';
import { memberOfRoutes } from './member-of.ts';
import { policyRoutes } from './policies.ts';
import { revokeRoutes } from './revoke.ts';
import type { Route } from './route.ts';
import { signInRoutes } from './sign-ins.ts';
import { userRoutes } from './users.ts';

const routes = [
  ...userRoutes,
  ...revokeRoutes,
  ...memberOfRoutes,
  ...groupRoutes,
  ...directoryObjectRoutes,
  ...auditLogRoutes,
  ...signInRoutes,
  ...policyRoutes,
];

interface Pattern {
  parts: string[];
  route: Route;
}

/** Patterns by their number of segments; within one number the literal ones come before those with a key. */
const byLength = new Map<number, Pattern[]>();
for (const route of routes) {
  const parts = route.path.split('/');
  const patterns = byLength.get(parts.length) ?? [];
  if (parts.at(-1) === '{}') patterns.push({ parts, route });
  else patterns.unshift({ parts, route });
  byLength.set(parts.length, patterns);
}

export interface Match {
  route: Route;
  keys: Segment[];
}

/** The route of a request; throws what Graph answers when there is none (graph-facts 1.9). */
export function findRoute(method: string, version: string, segments: readonly Segment[]): Match {
  const fitting = (byLength.get(segments.length) ?? []).filter(
    ({ parts, route }) => fits(parts, segments) && !(route.betaOnly && version !== 'beta'),
  );
  const match = fitting.find(({ route }) => route.method === method);
  if (match) return { route: match.route, keys: segments.filter((_, index) => match.parts[index] === '{}') };
  if (fitting.length > 0) {
    throw new GraphError(
      405,
      'Request_BadRequest',
      'Specified HTTP method is not allowed for the request target.',
    );
  }
  throw unknownSegment(version, segments);
}

function fits(parts: readonly string[], segments: readonly Segment[]): boolean {
  return segments.every((segment, index) => {
    const part = parts[index];
    if (part === '{}') return true;
    return !segment.quoted && part === segment.text.toLowerCase();
  });
}

function unknownSegment(version: string, segments: readonly Segment[]): GraphError {
  const known = (length: number): boolean =>
    routes.some(route => {
      const parts = route.path.split('/');
      return (
        parts.length >= length &&
        !(route.betaOnly && version !== 'beta') &&
        fits(parts, segments.slice(0, length))
      );
    });
  const unknown = segments.find((_, index) => !known(index + 1));
  return unknown ? noSuchSegment(unknown.text) : badRequest('Invalid request.');
}

/** What a request costs: selecting and small pages make it cheaper, to one unit at least (graph-facts 3). */
export function costOf(method: string, match: Match | undefined, query: ODataQuery | undefined): Cost {
  const writes = match?.route.writes ?? (method === 'GET' ? 0 : 1);
  const units = query && match?.route.units ? match.route.units(query) : 1;
  const saved = (query?.select ? 1 : 0) + (query?.top !== undefined && query.top < 20 ? 1 : 0);
  return {
    units: Math.max(1, units - saved),
    writes,
    report: match?.route.report ?? false,
    policy: match?.route.policy ?? false,
  };
}
