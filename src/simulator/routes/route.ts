import type { AuditLog } from '../audit-log.ts';
import type { Caller } from '../caller.ts';
import type { Directory } from '../directory.ts';
import type { Finder } from '../finder.ts';
import type { Segment } from '../odata-path.ts';
import type { ODataQuery } from '../odata-query.ts';
import type { Pager } from '../paging.ts';
import type { SimulatedRevocation } from '../record.ts';
import type { Replicas } from '../replicas.ts';
import type { SignInDesk } from '../sign-ins/sign-in-desk.ts';
import type { Sessions } from '../sign-ins/sessions.ts';
import type { TokenIssuer } from '../tokens.ts';
import type { World } from '../world.ts';

/** One request or batch item, taken apart and signed by a known caller. */
export interface Call {
  readonly method: string;
  readonly version: 'v1.0' | 'beta';
  readonly segments: readonly Segment[];
  /** As sent, without query. */
  readonly path: string;
  readonly query: ODataQuery;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  readonly caller: Caller;
  readonly requestId: string;
  /** Of the host that was asked, without path. */
  readonly origin: string;
  readonly now: number;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Becomes JSON; a string goes out as plain text. */
  readonly body: unknown;
}

/** What the routes work on. */
export interface Realm {
  readonly world: World;
  readonly directory: Directory;
  readonly finder: Finder;
  readonly pager: Pager;
  readonly replicas: Replicas;
  readonly tokens: TokenIssuer;
  readonly revocations: SimulatedRevocation[];
  readonly audit: AuditLog;
  /** Who signs in, and under which policies. */
  readonly desk: SignInDesk;
  readonly signIns: Sessions;
  /** The name of an application, where the tenant knows it. */
  readonly appName: (appId: string) => string | null;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  /** Segments in lower case; `{}` stands for a key. */
  readonly path: string;
  /** Resource units when they are not the usual one (graph-facts 3). */
  readonly units?: (query: ODataQuery) => number;
  /** Writes counted against the write quota; by default one for a POST. */
  readonly writes?: number;
  /** Counted against the quota of the reports (graph-facts 3), too. */
  readonly report?: true;
  /** Counted against the quota of Conditional Access (graph-facts 3), too. */
  readonly policy?: true;
  readonly betaOnly?: true;
  /** The most that `$top` may ask for, when it is not the directory's 999. */
  readonly largestPage?: number;
  run(call: Call, realm: Realm, keys: readonly Segment[]): Reply;
}

/** Advanced queries must say that they accept an index that lags behind. */
export const isEventual = (call: Call): boolean =>
  call.headers['consistencylevel']?.toLowerCase() === 'eventual';

export const context = (call: Call, what: string): string =>
  `https://graph.microsoft.com/${call.version}/$metadata#${what}`;

/** `users(id,displayName)` when properties were selected, else `users`. */
export const contextOf = (call: Call, set: string): string =>
  context(call, call.query.select ? `${set}(${call.query.select.join(',')})` : set);
