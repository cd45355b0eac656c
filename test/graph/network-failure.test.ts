import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Buffer } from 'node:buffer';
import { createServer as createTcpServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { root as checkout } from '../../build/paths.ts';
import type { Lost } from '../../src/graph/answer.ts';
import { systemClock } from '../../src/graph/clock.ts';
import { openNetwork } from '../../src/graph/network.ts';
import { type NetworkFailure, networkFailure } from '../../src/graph/network-failure.ts';
import { ServerClock } from '../../src/graph/server-clock.ts';
import { GraphTransport } from '../../src/graph/transport.ts';
import { listen } from '../support/front.ts';
import { startProxy } from '../support/proxy.ts';

/** What a call to `root` is told to have come to. */
async function call(root: string, options: { proxy?: string; timeoutMs?: number } = {}): Promise<Lost> {
  const network = openNetwork({ env: {}, proxy: options.proxy });
  onTestFinished(() => network.close());
  const transport = new GraphTransport({
    endpoint: { root },
    tokens: { token: async () => 'x', renew: async () => null, refusal: null },
    clock: systemClock,
    serverClock: new ServerClock(),
    timeoutMs: options.timeoutMs,
    fetch: network.fetch,
    route: network.describe(root),
  });
  const reply = await transport.send({ method: 'GET', path: '/users' });
  if (reply.kind !== 'lost') throw new Error(`answered ${reply.status}`);
  return reply;
}

const serving = async (listener: RequestListener) =>
  `http://127.0.0.1:${await listen(createServer(listener))}`;

/** What fetch throws when the network says `code`. */
const thrown = (code: string, more: object = {}): Error =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(`it says ${code}`), { code, ...more }) });
const to = { root: 'https://graph.contoso.test', now: Date.parse('2026-11-25T13:00:00Z'), route: 'directly' };

/** Each kind of failure as it comes about here, and whether the call can have reached Graph. */
const real: Record<string, () => Promise<NetworkFailure>> = {
  "can't be resolved": () => call('https://graph.invalid'),
  'refused the connection': async () => {
    const server = createTcpServer().listen(0, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    await new Promise(resolve => server.close(resolve));
    return call(`http://127.0.0.1:${port}`);
  },
  'speaks no TLS': async () => call((await serving((_, r) => r.end())).replace('http:', 'https:')),
  'broke in the middle': async () => call(await serving((_, r) => r.socket?.destroy())),
  'did not answer in time': async () => call(await serving(() => {}), { timeoutMs: 100 }),
  'wants a sign-in (407)': async () =>
    call('http://graph.contoso.test', { proxy: (await startProxy({ credentials: 'a:b' })).url }),
  'forbids the way to': async () =>
    call('http://graph.contoso.test', { proxy: (await startProxy({ refuse: 403 })).url }),
  "can't reach": async () => call('http://graph.contoso.test', { proxy: (await startProxy()).url }),
  'this is no proxy for https': async () =>
    call('http://graph.contoso.test', { proxy: (await startProxy({ refuse: 204 })).url }),
  "can't be used: its name is not known": () =>
    call('http://graph.contoso.test', { proxy: 'http://proxy.invalid:8080' }),
  "can't be used: check its address": async () =>
    call('http://graph.contoso.test', {
      proxy: `http://127.0.0.1:${await listen(createTcpServer(s => s.destroy()))}`,
    }),
  'and leads to': async () =>
    call(
      await serving((_, r) => r.writeHead(302, { location: 'http://portal.hotel.test/?x' }).end('<html>')),
    ),
  'it wants a sign-in': async () => call(await serving((_, r) => r.writeHead(407).end('<html>'))),
  'if it blocks Graph': async () => call(await serving((_, r) => r.writeHead(403).end('<html>'))),
  'is an HTML page': async () => call(await serving((_, r) => r.end('<html>Welcome to the hotel</html>'))),
  'is longer than': async () => {
    const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024, 32));
    return call(await serving((_, r) => r.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)));
  },
  // These can't be had on loopback; that Node gives these codes is seen through the command line or in its documentation.
  'there is no way to': async () => networkFailure(thrown('ENETUNREACH'), to),
  'no connection to': async () => networkFailure(thrown('UND_ERR_CONNECT_TIMEOUT'), to),
  'is not trusted': async () => networkFailure(thrown('SELF_SIGNED_CERT_IN_CHAIN'), to),
  'is not valid at this time': async () => networkFailure(thrown('CERT_HAS_EXPIRED'), to),
  'is for another name': async () => networkFailure(thrown('ERR_TLS_CERT_ALTNAME_INVALID'), to),
};
const mayHaveReached = [
  'speaks no TLS',
  'broke in the middle',
  'did not answer in time',
  'is an HTML page',
  'is longer than',
];

const rows = readFileSync(join(checkout, 'docs', 'network.md'), 'utf8')
  .split('## What you see')[1]
  ?.matchAll(/^\| `([^`]+)` \|/gm);
const documented = [...(rows ?? [])].map(row => row[1] ?? '');

test('docs/network.md explains exactly the failures that there are', () => {
  expect(documented.toSorted()).toEqual(Object.keys(real).toSorted());
});

test.each(Object.entries(real))(
  '"%s" is told, and no other row of docs/network.md fits',
  async (words, fail) => {
    const { reason, acted } = await fail();
    expect(documented.filter(row => reason.includes(row))).toEqual([words]);
    expect(acted).toBe(mayHaveReached.includes(words) ? 'unknown' : 'no');
  },
);

test('what surely never left is repeated, and what waiting does not change is told at once', () => {
  const lasting = ['SELF_SIGNED_CERT_IN_CHAIN', 'CERT_NOT_YET_VALID', 'ERR_TLS_CERT_ALTNAME_INVALID'];
  for (const code of lasting)
    expect(networkFailure(thrown(code), to)).toMatchObject({ acted: 'no', lasting: true });
  for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']) {
    expect(networkFailure(thrown(code), to).acted).toBe('no');
    expect(networkFailure(thrown(code), to).lasting).toBeUndefined();
  }
  for (const code of ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'EPROTO', 'UND_ERR_HEADERS_TIMEOUT', 'OTHER'])
    expect(networkFailure(thrown(code), to).acted).toBe('unknown');
});

test('a time limit of the system counts as never left only while connecting', () => {
  expect(networkFailure(thrown('ETIMEDOUT', { syscall: 'connect' }), to).acted).toBe('no');
  expect(networkFailure(thrown('ETIMEDOUT', { syscall: 'read' }), to).acted).toBe('unknown');
});

test('of several addresses the one that got furthest tells, and all are named', () => {
  const one = (code: string, address: string) =>
    Object.assign(new Error(`connect ${code} ${address}`), { code, syscall: 'connect' });
  const tries = [one('ENETUNREACH', '2001:db8::1'), one('ETIMEDOUT', '192.0.2.1')];
  const all = Object.assign(new AggregateError(tries), { code: 'ENETUNREACH' });
  const failure = networkFailure(new TypeError('fetch failed', { cause: all }), to);
  expect(failure.acted).toBe('no');
  expect(failure.reason).toContain('no connection to https://graph.contoso.test');
  expect(failure.reason).toContain('connect ENETUNREACH 2001:db8::1; connect ETIMEDOUT 192.0.2.1, directly');
});

test('the local time is told where a certificate contradicts it', () => {
  expect(networkFailure(thrown('CERT_NOT_YET_VALID'), to).reason).toContain('it says 2026-11-25T13:00Z');
});
