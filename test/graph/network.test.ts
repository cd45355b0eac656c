import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { readText } from '../../src/graph/body.ts';
import { openNetwork } from '../../src/graph/network.ts';
import { networkFailure } from '../../src/graph/network-failure.ts';
import { ProxyError } from '../../src/graph/proxy-setting.ts';
import { listen } from '../support/front.ts';
import { startProxy } from '../support/proxy.ts';

const graph = 'https://graph.contoso.test';

test.each([
  ['nothing set', {}, undefined, graph, 'directly'],
  [
    'HTTPS_PROXY',
    { HTTPS_PROXY: 'http://p:8080' },
    undefined,
    graph,
    'through proxy http://p:8080 (from HTTPS_PROXY)',
  ],
  [
    'https_proxy',
    { https_proxy: 'http://p:8080' },
    undefined,
    graph,
    'through proxy http://p:8080 (from https_proxy)',
  ],
  [
    'without scheme',
    { HTTPS_PROXY: 'p:8080' },
    undefined,
    graph,
    'through proxy http://p:8080 (from HTTPS_PROXY)',
  ],
  ['empty', { HTTPS_PROXY: ' ' }, undefined, graph, 'directly'],
  [
    'the host',
    {},
    'http://h:3128/',
    graph,
    'through proxy http://h:3128 (from the settings of this machine)',
  ],
  [
    'environment before host',
    { HTTPS_PROXY: 'http://p:8080' },
    'http://h:3128',
    graph,
    'through proxy http://p:8080 (from HTTPS_PROXY)',
  ],
  ['HTTP_PROXY is for http', { HTTP_PROXY: 'http://p:8080' }, undefined, graph, 'directly'],
  [
    'HTTP_PROXY with http',
    { HTTP_PROXY: 'http://p:8080' },
    undefined,
    'http://x.test',
    'through proxy http://p:8080 (from HTTP_PROXY)',
  ],
  [
    'a password is not shown',
    { HTTPS_PROXY: 'http://me:s3cret@p:8080' },
    undefined,
    graph,
    'through proxy http://p:8080 (from HTTPS_PROXY)',
  ],
] as const)('which way a call goes: %s', (_, env, proxy, url, way) => {
  expect(openNetwork({ env, proxy }).describe(url)).toBe(way);
});

test.each([
  ['*', graph, true],
  ['contoso.test', graph, true],
  ['.contoso.test', graph, true],
  ['*.contoso.test', graph, true],
  ['GRAPH.Contoso.test', graph, true],
  ['other.test graph.contoso.test', graph, true],
  ['other.test,graph.contoso.test:443', graph, true],
  ['graph.contoso.test:8443', graph, false],
  ['graph.contoso.test:8443', `${graph}:8443`, true],
  ['toso.test', graph, false],
  ['contoso', graph, false],
  [':443', graph, false],
  ['[2001:db8::1]', 'https://[2001:db8::1]', true],
  ['2001:db8::1', 'https://[2001:db8::1]', true],
  ['[2001:db8::1]:8443', 'https://[2001:db8::1]', false],
])('NO_PROXY=%s: %s goes directly: %s', (noProxy, url, direct) => {
  const network = openNetwork({
    env: { HTTPS_PROXY: 'http://p:8080', NO_PROXY: noProxy },
    proxy: 'http://h',
  });
  expect(network.describe(url) === 'directly').toBe(direct);
});

test.each([
  'http://169.254.169.254/metadata',
  'http://[fe80::1]/',
  'http://localhost:8080',
  'https://127.0.0.1:8443',
  'https://[::1]:8443',
])('%s is never asked for through a proxy', url => {
  const env = { HTTPS_PROXY: 'http://p:8080', HTTP_PROXY: 'http://p:8080' };
  expect(openNetwork({ env, proxy: 'http://h:3128' }).describe(url)).toBe('directly');
});

test.each([
  ['socks5://p:1080', 'socks5 is not spoken here'],
  ['http://', 'no address'],
  ['http://me:s3c#ret@p:8080', 'no address'],
  ['http://me:12/s3cret@p:8080', 'something behind host and port'],
  ['http://me:s3cret%zz@p:8080', '% in it'],
])('HTTPS_PROXY=%s is refused at once, without being shown', (address, why) => {
  expect(() => openNetwork({ env: { HTTPS_PROXY: address } })).toThrow(ProxyError);
  expect(() => openNetwork({ env: {}, proxy: address })).toThrow(why);
  expect(() => openNetwork({ env: { HTTPS_PROXY: address } })).not.toThrow(/s3c|me:/);
});

/** What a call through `env` comes to, as the transport tells it. */
async function failureOf(env: NodeJS.ProcessEnv, proxy?: string, url = 'http://graph.contoso.test') {
  const network = openNetwork({ env, proxy });
  onTestFinished(() => network.close());
  const error = await network.fetch(url, {}).then(
    () => null,
    (e: unknown) => e,
  );
  return { error, ...networkFailure(error, { root: url, route: network.describe(url), now: Date.now() }) };
}

test('a call goes through the proxy of the host, with the user and password of its address', async () => {
  const port = await listen(createServer((_, response) => response.end('hello')));
  const proxy = await startProxy({ hosts: { 'graph.contoso.test': port }, credentials: 'me@x:s3c:ret/ü' });
  const network = openNetwork({ env: {}, proxy: `http://me%40x:s3c%3Aret%2F%C3%BC@127.0.0.1:${proxy.port}` });
  onTestFinished(() => network.close());
  expect(await readText(await network.fetch('http://graph.contoso.test/', {}))).toBe('hello');
  expect(proxy.asked).toEqual(['graph.contoso.test:80']);
});

test.each([
  [407, { credentials: 'a:b' }, 'http://user:password@proxy:8080', true],
  [407, { challenges: ['Negotiate', 'NTLM'] }, 'offers Negotiate, NTLM', true],
  [403, { refuse: 403 }, 'forbids the way to http://graph.contoso.test (403)', true],
  [502, {}, "can't reach http://graph.contoso.test (502)", undefined],
  [302, { refuse: 302 }, 'answered 302', undefined],
])(
  'a proxy that answers %i to CONNECT is named, and nothing has left: %j',
  async (status, options, sentence, lasting) => {
    const { url } = await startProxy(options);
    const failure = await failureOf({}, url);
    expect(failure.acted).toBe('no');
    expect(failure.lasting).toBe(lasting);
    expect(failure.reason).toContain(`the proxy ${url} (from the settings of this machine)`);
    expect(failure.reason).toContain(sentence);
    expect(failure.reason).toContain(String(status));
  },
);

test('a wrong password for the proxy is said, and shown nowhere', async () => {
  const { port } = await startProxy({ credentials: 'me:right' });
  const failure = await failureOf({ HTTP_PROXY: `http://me:s3cret@127.0.0.1:${port}` });
  expect(failure.reason).toContain('does not take the user and password that are set');
  const shown = `${failure.reason} ${String(failure.error)} ${(failure.error as Error).stack} ${JSON.stringify(failure)}`;
  expect(shown).not.toContain('s3cret');
});

test('a proxy that nobody listens at, whose name nobody knows or that hangs up is the one to be blamed', async () => {
  const gone = createTcpServer();
  const port = await new Promise<number>(resolve =>
    gone.listen(0, '127.0.0.1', () => resolve((gone.address() as { port: number }).port)),
  );
  await new Promise(resolve => gone.close(resolve));
  const refused = await failureOf({}, `http://127.0.0.1:${port}`);
  expect(refused).toMatchObject({
    acted: 'no',
    reason: expect.stringContaining('whether it runs (connect ECONNREFUSED'),
  });
  const unknown = await failureOf({}, 'http://proxy.invalid:8080');
  expect(unknown).toMatchObject({
    acted: 'no',
    reason: expect.stringContaining(
      "http://proxy.invalid:8080 (from the settings of this machine) can't be used: its name is not known",
    ),
  });
  const mute = await listen(createTcpServer(socket => socket.destroy()));
  const hungUp = await failureOf({}, `http://127.0.0.1:${mute}`);
  expect(hungUp).toMatchObject({
    acted: 'no',
    reason: expect.stringContaining(`the proxy http://127.0.0.1:${mute}`),
  });
});
