import type { TokenClaims } from '../auth/access-token.ts';
import type { Connection } from '../auth/connect.ts';
import { isSuccess } from '../graph/answer.ts';
import type { Clock } from '../graph/clock.ts';
import { describeError } from '../graph/graph-error.ts';
import { featureNeeds, isPermitted, needsOf } from '../graph/permissions.ts';
import { longestName, shortened } from '../graph/shortened.ts';
import { ServerClock } from '../graph/server-clock.ts';
import type { AccessReport, FeatureAccess } from '../protocol/access.ts';
import { remedyOf } from './access-remedy.ts';
import { missingRole } from './preflight.ts';
import { transportTo } from './transport-to.ts';

/** Says who is signed in, what that sign-in can do, and how to get what it can't. One read, and no write. */
export async function testAccess(connection: Connection, clock: Clock): Promise<AccessReport> {
  const { claims } = connection;
  const asked = await askGraph(connection, clock);
  const features = featureNeeds.map(need => featureAccess(need.feature, claims));
  const missing = features.flatMap(f => f.missing ?? []);
  const blocked = features.some(f => f.required && f.works === false);
  return {
    tenant: { ...connection.info, name: connection.info.name ?? asked.name },
    graph: { accepted: asked.accepted, detail: asked.detail },
    features,
    ready: !blocked && asked.accepted !== false && missingRole(claims) === null,
    ...remedyOf(connection.info, [...new Set(missing)]),
  };
}

function featureAccess(feature: FeatureAccess['feature'], caller: TokenClaims): FeatureAccess {
  const { purpose, required, any, without } = needsOf(feature);
  const known = caller.authType !== 'Unknown';
  const works = known ? isPermitted(feature, caller.permissions) : null;
  const role = feature === 'Revoke' && works ? missingRole(caller) : null;
  const least = any[0] ?? null;
  return {
    feature,
    purpose,
    required,
    works: role ? false : works,
    missing: works === false ? least : null,
    detail:
      works === false
        ? `Missing: ${least}. ${without}.`
        : (role ?? (known ? null : 'The token does not tell its permissions; Graph decides.')),
  };
}

interface Asked {
  accepted: boolean | null;
  name: string | null;
  detail: string | null;
}

/** Whether Graph takes the token: a 403 is a yes too, since it says that the caller is known. */
async function askGraph(connection: Connection, clock: Clock): Promise<Asked> {
  const way = { clock, serverClock: new ServerClock(), timeoutMs: 20_000 };
  const transport = transportTo(connection, way);
  const reply = await transport.send({ method: 'GET', path: '/organization?$select=id,displayName' });
  if (reply.kind === 'lost') return { accepted: null, name: null, detail: reply.reason };
  if (isSuccess(reply)) {
    const value = (reply.body as { value?: unknown } | null | undefined)?.value;
    const first = Array.isArray(value) ? (value[0] as { displayName?: unknown } | null | undefined) : null;
    const name = typeof first?.displayName === 'string' ? shortened(first.displayName, longestName) : null;
    return { accepted: true, name, detail: null };
  }
  if (reply.status === 403) return { accepted: true, name: null, detail: null };
  return { accepted: false, name: null, detail: describeError(reply.status, reply.body) };
}
