import { badRequest, GraphError } from './graph-error.ts';
import type { ServiceAnswer } from './service.ts';

/** One request within a batch. */
export interface BatchItem {
  readonly id: string;
  readonly method: string;
  /** As written: relative, without version. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  readonly dependsOn: readonly string[];
}

const mostItems = 20;
const writes = ['POST', 'PUT', 'PATCH'];

/** Reads a batch. One malformed item spoils the whole of it, as in Graph (graph-facts 2). */
export function parseBatch(body: string): BatchItem[] {
  const items = readRequests(body);
  if (items.length === 0) throw badRequest('Invalid batch payload format.');
  if (items.length > mostItems) {
    throw badRequest(
      `Number of requests inside batch exceed the limit. Maximum number of requests allowed is ${mostItems}.`,
    );
  }
  const parsed = items.map(parseItem);
  const ids = new Set(parsed.map(item => item.id.toLowerCase()));
  if (ids.size < parsed.length) throw badRequest('Request ids inside a batch must be unique.');
  const stranger = parsed.flatMap(item => item.dependsOn).find(id => !ids.has(id.toLowerCase()));
  if (stranger !== undefined)
    throw badRequest(`Invalid batch payload format: no request has the id '${stranger}'.`);
  return parsed;
}

function readRequests(body: string): unknown[] {
  try {
    const value: unknown = JSON.parse(body);
    if (isObject(value) && Array.isArray(value['requests'])) return value['requests'];
  } catch {
    // Falls through to the same refusal: the payload is no batch.
  }
  throw badRequest('Invalid batch payload format.');
}

function parseItem(item: unknown): BatchItem {
  if (!isObject(item)) throw badRequest('Invalid batch payload format.');
  const { id, method, url, headers, body, dependsOn } = item;
  if (typeof id !== 'string' || id === '' || typeof method !== 'string' || typeof url !== 'string') {
    throw badRequest('Invalid batch payload format.');
  }
  const lowered = Object.fromEntries(
    Object.entries(isObject(headers) ? headers : {}).map(([name, value]) => [
      name.toLowerCase(),
      String(value),
    ]),
  );
  if (
    writes.includes(method.toUpperCase()) &&
    (!lowered['content-type'] || body === undefined || body === null)
  ) {
    throw badRequest(`Write request id : ${id} does not contain Content-Type header or body.`);
  }
  return {
    id,
    method: method.toUpperCase(),
    url,
    headers: lowered,
    body: body === undefined ? '' : JSON.stringify(body),
    dependsOn: Array.isArray(dependsOn) ? dependsOn.map(String) : [],
  };
}

/** The item's path under the version of its batch; a version or a host of its own is not understood. */
export function itemPath(batchPath: string, item: BatchItem): string {
  const version = batchPath.split('/')[1] ?? 'v1.0';
  return `/${version}/${item.url.replace(/^\//, '')}`;
}

/** Runs the items so that each comes after those it depends on; what depends on a failed one is not run. */
export function runBatch(
  items: readonly BatchItem[],
  perform: (item: BatchItem) => ServiceAnswer,
  skip: (item: BatchItem, error: GraphError) => ServiceAnswer,
): Map<BatchItem, ServiceAnswer> {
  const answers = new Map<BatchItem, ServiceAnswer>();
  const byId = new Map(items.map(item => [item.id.toLowerCase(), item]));
  let waiting = [...items];
  while (waiting.length > 0) {
    const later: BatchItem[] = [];
    for (const item of waiting) {
      const before = item.dependsOn.map(id => byId.get(id.toLowerCase())).filter(one => one !== undefined);
      if (before.some(one => !answers.has(one))) later.push(item);
      else if (before.some(one => (answers.get(one)?.status ?? 0) >= 400))
        answers.set(item, skip(item, failedDependency));
      else answers.set(item, perform(item));
    }
    if (later.length === waiting.length)
      throw badRequest('Invalid batch payload format: the requests depend on each other.');
    waiting = later;
  }
  return answers;
}

const failedDependency = new GraphError(
  424,
  'FailedDependency',
  'A request that this one depends on has failed.',
);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
