import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import type { SimulatedServer } from '../../../src/simulator/simulated-server.ts';
import { claimsOf, loginStage, scope } from './login-stage.ts';

/** How a client that trusts `ca` fares when it takes the server for `servername`. */
const open = (server: SimulatedServer, servername: string, ca = server.caCertificate) =>
  new Promise<string>(resolve => {
    const socket = connect(
      { host: '127.0.0.1', port: Number(new URL(server.url).port), servername, ca },
      () => {
        resolve('secure');
        socket.destroy();
      },
    );
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });

test('its certificate holds for the name and both addresses of loopback, and only for who trusts its authority', async () => {
  const { server } = await loginStage();
  expect(await open(server, 'localhost')).toBe('secure');
  expect(await open(server, 'graph.microsoft.com')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  const other = await loginStage();
  expect(await open(server, 'localhost', other.server.caCertificate)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
});

test('its certificate holds for other names when they are asked for', async () => {
  const { server } = await loginStage({}, { names: ['graph.microsoft.com'] });
  expect(await open(server, 'localhost')).toBe('secure');
  expect(await open(server, 'graph.microsoft.com')).toBe('secure');
  expect(await open(server, 'login.microsoftonline.com')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
});

test.each([
  ['127.0.0.1', true, /^https:\/\/127\.0\.0\.1:\d+$/],
  ['::1', true, /^https:\/\/\[::1\]:\d+$/],
  ['127.0.0.1', false, /^http:\/\/127\.0\.0\.1:\d+$/],
] as const)(
  'at %s, TLS %s, there is Graph and login, and next links lead back there',
  async (host, tls, url) => {
    const stage = await loginStage({}, { host, tls });
    expect(stage.server.url).toMatch(url);
    expect(stage.server.loginUrl).toBe(stage.server.url);
    expect(stage.server.caCertificate === undefined).toBe(!tls);
    const { appId, secrets } = stage.tenant.apps.confidential;
    const { body } = await stage.post({
      grant_type: 'client_credentials',
      client_id: appId,
      client_secret: secrets[0]!.value,
      scope: `${stage.server.url}/.default`,
    });
    expect(claimsOf(body.access_token)).toMatchObject({ aud: 'https://graph.microsoft.com' });
    const first = await stage.graph(body.access_token, '/users?$top=2');
    const next = String(first.body['@odata.nextLink']);
    expect(next.startsWith(`${stage.server.url}/v1.0/users?`)).toBe(true);
    const second = await stage.graph(body.access_token, next.slice(`${stage.server.url}/v1.0`.length));
    expect(second.status).toBe(200);
  },
);

test('requests to sign in are no requests to Graph', async () => {
  const stage = await loginStage();
  await stage.post({ grant_type: 'client_credentials', client_id: 'x', scope });
  expect(stage.tenant.requests).toEqual([]);
  expect(stage.tenant.signIns).toHaveLength(1);
});
