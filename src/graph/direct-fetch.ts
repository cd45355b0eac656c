import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';
import type { Fetched, Fetcher } from './middleware.ts';

/** A connection that nobody has used for so long is given up before the other side does, which would lose a call. */
const keepIdleMs = 4000;

export interface DirectFetchOptions {
  /** A server that has not been reached after this many milliseconds, handshake included, never will be. */
  connectWithinMs?: number;
}

/** The way out of this machine without a proxy. */
export interface DirectFetch {
  fetch: Fetcher;
  /** Ends its connections, those in use as well. */
  close(): void;
}

/**
 * A fetch of our own on Node's http and https. The one inside Node takes some 40 ms before its first call, which is as
 * much as the rest of the program; this one takes a quarter of that. It follows no redirect and keeps no cookie, and its
 * errors are the network's own, never wrapped.
 */
export function openDirectFetch({ connectWithinMs = 10_000 }: DirectFetchOptions = {}): DirectFetch {
  const agents = new Map<string, Agent>();
  const agentFor = (secure: boolean): Agent => {
    const name = secure ? 'https' : 'http';
    const agent =
      agents.get(name) ?? new (secure ? SecureAgent : Agent)({ keepAlive: true, timeout: keepIdleMs });
    agents.set(name, agent);
    return agent;
  };
  return {
    async fetch(url, { method = 'GET', headers, body, signal }) {
      signal?.throwIfAborted();
      const target = new URL(url);
      const secure = target.protocol === 'https:';
      const call = (secure ? secureRequest : request)(target, {
        agent: agentFor(secure),
        method,
        headers: { 'user-agent': 'node', 'accept-encoding': 'gzip', ...(headers as Record<string, string>) },
        signal: signal ?? undefined,
      });
      const limit = limitConnecting(call, target, connectWithinMs);
      try {
        call.end(body ?? undefined);
        return fetched(await answerTo(call), signal);
      } catch (error) {
        throw signal?.aborted ? signal.reason : error;
      } finally {
        clearTimeout(limit);
      }
    },
    close() {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}

const answerTo = (call: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    // It stays: what breaks after the answer has begun is told by the answer.
    call.on('error', reject);
    call.once('response', resolve);
    call.once('upgrade', (_, socket) => {
      socket.destroy();
      reject(new Error('the server wants to speak another protocol'));
    });
  });

/** Only a new connection is limited; one that is there has been reached. */
function limitConnecting(call: ClientRequest, { origin, protocol }: URL, ms: number): NodeJS.Timeout {
  const limit = setTimeout(() => {
    const error = new Error(`connect ETIMEDOUT ${origin}`);
    call.destroy(Object.assign(error, { code: 'ETIMEDOUT', syscall: 'connect' }));
  }, ms);
  call.once('socket', socket => {
    if (call.reusedSocket) clearTimeout(limit);
    else socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(limit));
  });
  return limit;
}

function fetched(answer: IncomingMessage, signal: AbortSignal | null | undefined): Fetched {
  const headers = new Map(
    Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as const),
  );
  const body = {
    [Symbol.asyncIterator]: () => unpacked(answer, signal),
    cancel: async () => void answer.destroy(),
  };
  return { status: answer.statusCode ?? 0, headers, body };
}

async function* unpacked(
  answer: IncomingMessage,
  signal: AbortSignal | null | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    yield* bytesOf(answer);
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  }
}

/** The content as it was before it was packed for the way. */
function bytesOf(answer: IncomingMessage): Readable {
  const coding = answer.headers['content-encoding'];
  if (coding === undefined) return answer;
  const unpack = coding === 'br' ? createBrotliDecompress() : createUnzip();
  // Who reads is told of a failure by the stream that is read.
  return ['br', 'gzip', 'x-gzip', 'deflate'].includes(coding) ? pipeline(answer, unpack, () => {}) : answer;
}
