import { createServer, type Socket } from 'node:net';
import { brotliCompressSync, createGzip, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/graph/clock.ts';
import { ServerClock } from '../../src/graph/server-clock.ts';
import { GraphTransport } from '../../src/graph/transport.ts';
import { listen } from '../support/front.ts';

const token = 'a-token-that-only-graph-may-see';
const tokens = { token: async () => token, renew: async () => null, refusal: null };

/** Asks a server that answers each request with these bytes, or as the function does. */
async function ask(
  answer: Buffer | string | ((socket: Socket) => void),
  { method = 'POST' as 'GET' | 'POST', path = '/users/x/revokeSignInSessions', timeoutMs = 20_000 } = {},
) {
  const requests: string[] = [];
  const server = createServer(socket => {
    socket.once('data', bytes => {
      requests.push(bytes.toString('latin1'));
      if (typeof answer === 'function') answer(socket);
      else socket.end(answer);
    });
  });
  const root = `http://127.0.0.1:${await listen(server)}`;
  const serverClock = new ServerClock();
  const transport = new GraphTransport({
    endpoint: { root },
    tokens,
    clock: systemClock,
    serverClock,
    timeoutMs,
  });
  const start = performance.now();
  const reply = await transport.send({ method, path });
  return { reply, requests, took: performance.now() - start };
}

const head = (status: string, headers: string) =>
  `HTTP/1.1 ${status}\r\nrequest-id: r\r\nContent-Type: application/json\r\n${headers}\r\n`;
const whole = (status: string, body: Buffer | string, headers = '') =>
  Buffer.concat([
    Buffer.from(head(status, `${headers}Content-Length: ${body.length}\r\n`)),
    Buffer.from(body),
  ]);

/** Gigabytes of blanks in a few megabytes. */
function bombOf(gigabytes: number): Promise<Buffer> {
  const gzip = createGzip({ level: 9 });
  const parts: Buffer[] = [];
  gzip.on('data', (part: Buffer) => parts.push(part));
  const blanks = Buffer.alloc(16 * 1024 * 1024, 0x20);
  let left = gigabytes * 64;
  const more = () => {
    while (left > 0) {
      left -= 1;
      if (!gzip.write(blanks)) return void gzip.once('drain', more);
    }
    gzip.end();
  };
  more();
  return new Promise(resolve => gzip.on('end', () => resolve(Buffer.concat(parts))));
}

test('a gzip bomb of two gigabytes costs neither memory nor time', async () => {
  const bomb = await bombOf(2);
  const before = process.memoryUsage().rss;
  const { reply, took } = await ask(whole('200 OK', bomb, 'Content-Encoding: gzip\r\n'));
  expect(reply).toMatchObject({
    kind: 'lost',
    acted: 'unknown',
    reason: expect.stringContaining('longer than 32 MiB'),
  });
  expect(process.memoryUsage().rss - before).toBeLessThan(400e6);
  expect(took).toBeLessThan(10_000);
});

test('a brotli bomb is no better', async () => {
  const bomb = brotliCompressSync(Buffer.alloc(256 * 1024 * 1024, 0x20));
  const { reply } = await ask(whole('200 OK', bomb, 'Content-Encoding: br\r\n'));
  expect(reply).toMatchObject({ kind: 'lost', reason: expect.stringContaining('longer than 32 MiB') });
});

test('an honest packed answer is read', async () => {
  const body = gzipSync('{"value":true}');
  const { reply } = await ask(whole('200 OK', body, 'Content-Encoding: gzip\r\n'));
  expect(reply).toMatchObject({ kind: 'answer', status: 200, body: { value: true } });
});

test.each<[string, Buffer | string]>([
  ['gzip that is none', whole('200 OK', 'no gzip', 'Content-Encoding: gzip\r\n')],
  ['a length that promises more', `${head('200 OK', 'Content-Length: 500\r\n')}{"value":true}`],
  [
    'chunks that are none',
    `${head('200 OK', 'Transfer-Encoding: chunked\r\n')}zz\r\n{"value":true}\r\n0\r\n\r\n`,
  ],
  ['headers of a megabyte', whole('200 OK', '{}', `X-Long: ${'a'.repeat(1024 * 1024)}\r\n`)],
  ['no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n'],
  ['nothing', ''],
  ['HTML with 200', whole('200 OK', '<html>sign in here</html>')],
  ['JSON of sixteen million brackets', whole('200 OK', '['.repeat(16 * 1024 * 1024))],
  ['ten million empty objects', whole('200 OK', `[{}${',{}'.repeat(10_000_000)}]`)],
  ['switching protocols', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'],
])('%s is no answer, and nobody knows whether the call was carried out', async (_, bytes) => {
  const { reply, took } = await ask(bytes);
  expect(reply).toMatchObject({ kind: 'lost', acted: 'unknown' });
  expect((reply as { reason: string }).reason.length).toBeLessThan(500);
  expect(took).toBeLessThan(5000);
});

test.each([
  ['204 No Content', ''],
  ['206 Partial Content', '{"value":true}'],
])('%s to a call is an answer', async (status, body) => {
  const bytes = status.startsWith('204') ? head(status, '') : whole(status, body);
  expect((await ask(bytes)).reply).toMatchObject({ kind: 'answer', status: Number(status.slice(0, 3)) });
});

test('a hint before the answer (103) is not the answer', async () => {
  const { reply } = await ask(
    `HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n${whole('403 Forbidden', '{"error":{"code":"x"}}').toString()}`,
  );
  expect(reply).toMatchObject({ kind: 'answer', status: 403 });
});

test.each([304, 403, 404, 407, 418])(
  '%i without a body and without anything of Graph is the word of something in between',
  async status => {
    const { reply } = await ask(`HTTP/1.1 ${status} X\r\nContent-Length: 0\r\n\r\n`);
    expect(reply).toMatchObject({ kind: 'lost' });
  },
);

test('a byte now and then does not keep a call for ever', async () => {
  const { reply, took } = await ask(
    socket => {
      socket.write(head('200 OK', 'Content-Length: 1000000\r\n'));
      const drip = setInterval(() => socket.write(' '), 50);
      socket.on('close', () => clearInterval(drip));
    },
    { timeoutMs: 600 },
  );
  expect(reply).toMatchObject({ kind: 'lost', timedOut: true });
  expect(took).toBeLessThan(5000);
});

test('headers that come byte by byte do not either', async () => {
  const { reply } = await ask(
    socket => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const drip = setInterval(() => socket.write('X'), 50);
      socket.on('close', () => clearInterval(drip));
    },
    { timeoutMs: 600 },
  );
  expect(reply).toMatchObject({ kind: 'lost', timedOut: true });
});

test.each([301, 302, 303, 307, 308])('a redirect (%i) is not followed, and the token stays', async status => {
  const elsewhere: string[] = [];
  const other = createServer(socket => socket.on('data', bytes => elsewhere.push(bytes.toString())));
  const port = await listen(other);
  const { reply } = await ask(
    whole(`${status} Moved`, '', `Location: http://127.0.0.1:${port}/v1.0/users\r\n`),
  );
  expect(reply.kind === 'answer' ? reply.status : reply.kind).toBe(status);
  expect(elsewhere).toEqual([]);
});

test.each([
  '/users?$filter=startswith(x,%27https://evil.example/a%27)',
  '/evil.example/x/y?https://',
  '/https://evil.example/v1.0/users',
  '//evil.example/users',
])('the path %s leads nowhere but to Graph', async path => {
  const { reply, requests } = await ask(whole('200 OK', '{}'), { method: 'GET', path });
  expect(reply.kind).toBe('answer');
  const [line] = requests[0]!.split('\r\n');
  expect(line).toMatch(/^GET \/v1\.0\//);
  expect(requests[0]).toContain(token);
});
