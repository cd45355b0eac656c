import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { readText } from '../../src/graph/body.ts';
import { openDirectFetch } from '../../src/graph/direct-fetch.ts';
import { networkFailure } from '../../src/graph/network-failure.ts';
import { listen } from '../support/front.ts';

function opened(...options: Parameters<typeof openDirectFetch>) {
  const direct = openDirectFetch(...options);
  onTestFinished(() => direct.close());
  return direct;
}

const serving = async (listener: RequestListener) =>
  `http://127.0.0.1:${await listen(createServer(listener))}`;

test('a call brings method, headers and body there, and status, headers and body back', async () => {
  const url = await serving((request, response) => {
    let body = '';
    request.on('data', (text: Buffer) => (body += text));
    request.on('end', () => {
      const { method, headers } = request;
      const seen = JSON.stringify({
        method,
        type: headers['content-type'],
        length: headers['content-length'],
      });
      response.writeHead(418, { 'Request-Id': 'r1' }).end(seen + body);
    });
  });
  const answer = await opened().fetch(`${url}/x`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"ü":1}',
  });
  expect(answer.status).toBe(418);
  expect(Object.fromEntries(answer.headers)).toMatchObject({ 'request-id': 'r1' });
  expect(answer.headers.get('request-id')).toBe('r1');
  expect(await readText(answer)).toBe('{"method":"POST","type":"application/json","length":"8"}{"ü":1}');
});

test('calls that follow each other share a connection, and calls at the same time have one each', async () => {
  const ports: (number | undefined)[] = [];
  const url = await serving((request, response) => {
    ports.push(request.socket.remotePort);
    setImmediate(() => response.end('yes'));
  });
  const { fetch } = opened();
  for (let call = 0; call < 3; call++) await readText(await fetch(url, {}));
  expect(new Set(ports).size).toBe(1);
  await Promise.all([1, 2, 3].map(async () => readText(await fetch(url, {}))));
  expect(new Set(ports).size).toBe(3);
});

test('an answer that is cancelled takes its connection with it', async () => {
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  const url = await serving((request, response) => {
    request.socket.once('close', () => resolve());
    response.write('endless');
  });
  const answer = await opened().fetch(url, {});
  await answer.body?.cancel();
  await gone;
});

test.each(['before it is sent', 'before the answer', 'in the middle of the answer'])(
  'a call that is broken off %s ends with the reason that the signal gives',
  async when => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const breakOff = () => abort.abort(reason);
    const url = await serving((_, response) => {
      if (when.startsWith('in')) response.write('a', () => setImmediate(breakOff));
      else breakOff();
    });
    if (when === 'before it is sent') breakOff();
    const call = opened().fetch(url, { signal: abort.signal }).then(readText);
    await expect(call).rejects.toBe(reason);
  },
);

test('a server that takes the connection and says nothing to the handshake was never reached', async () => {
  const sockets: Socket[] = [];
  onTestFinished(() => sockets.forEach(socket => void socket.destroy()));
  const port = await listen(createTcpServer(socket => void sockets.push(socket)));
  const root = `https://127.0.0.1:${port}`;
  const error = await opened({ connectWithinMs: 50 })
    .fetch(root, {})
    .catch((e: unknown) => e);
  const { acted, reason } = networkFailure(error, { root, now: Date.now() });
  expect(acted).toBe('no');
  expect(reason).toContain(`no connection to ${root} came about in time`);
});

test('a server that takes its time to answer is waited for, however little time there is to connect', async () => {
  const url = await serving((_, response) => void setTimeout(() => response.end('late'), 120));
  const { fetch } = opened({ connectWithinMs: 60 });
  expect(await readText(await fetch(url, {}))).toBe('late');
  expect(await readText(await fetch(url, {}))).toBe('late');
});
