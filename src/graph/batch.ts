import type { Answer, Lost, Reply } from './answer.ts';
import { dateOf, type GraphRequest } from './transport.ts';

/** Graph takes at most 20 requests in one batch (graph-docs, concepts/json-batching.md). */
export const batchLimit = 20;

/**
 * The `$batch` request for up to 20 requests, numbered by position. A write item without `Content-Type` and body makes
 * Graph refuse the whole batch (graph-facts section 2), so each gets both.
 */
export function composeBatch(requests: readonly GraphRequest[]): GraphRequest {
  return {
    method: 'POST',
    path: '/$batch',
    body: {
      requests: requests.map(({ method, path, headers, body }, index) => ({
        id: String(index + 1),
        method,
        url: path,
        ...(method === 'GET'
          ? headers && { headers }
          : { headers: { ...headers, 'Content-Type': 'application/json' }, body: body ?? {} }),
      })),
    },
  };
}

/**
 * Takes a batch's answer apart: one reply for each request, in the order of the requests. Items come in any order and
 * are matched by id alone; an item that is missing, double or unreadable is lost, since Graph may have carried it out.
 */
export function matchBatch(count: number, outer: Answer, sentAt: number): Reply[] {
  const missing: Lost = {
    kind: 'lost',
    reason: 'the batch reply has no readable answer for this request',
    acted: 'unknown',
    sentAt,
  };
  const replies: (Reply | undefined)[] = new Array(count).fill(undefined);
  for (const item of responsesOf(outer.body)) {
    const index = indexOf(item, count);
    if (index === null) continue;
    // Two answers for one request: neither can be trusted.
    replies[index] = replies[index] ? missing : (answerOf(item, outer) ?? missing);
  }
  return replies.map(reply => reply ?? missing);
}

function responsesOf(body: unknown): unknown[] {
  const responses = (body as { responses?: unknown } | null | undefined)?.responses;
  return Array.isArray(responses) ? responses : [];
}

function indexOf(item: unknown, count: number): number | null {
  const id = (item as { id?: unknown } | null)?.id;
  // As we wrote it: "01" is an id that nobody has given.
  const index = typeof id === 'string' && /^[1-9]\d?$/.test(id) ? Number(id) - 1 : -1;
  return index >= 0 && index < count ? index : null;
}

function answerOf(item: unknown, outer: Answer): Answer | null {
  const { status, headers, body } = item as { status?: unknown; headers?: unknown; body?: unknown };
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 100 || status > 599) return null;
  const own = lowerCased(headers);
  const requestId = own['request-id'] ?? outer.headers['request-id'];
  if (requestId !== undefined) own['request-id'] = requestId;
  return {
    kind: 'answer',
    status,
    headers: own,
    body,
    date: dateOf(own['date']) ?? outer.date,
    sentAt: outer.sentAt,
    sentAtServer: outer.sentAtServer,
  };
}

function lowerCased(headers: unknown): Record<string, string> {
  const texts: Record<string, string> = {};
  if (typeof headers !== 'object' || headers === null) return texts;
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string' || typeof value === 'number') texts[name.toLowerCase()] = String(value);
  }
  return texts;
}
