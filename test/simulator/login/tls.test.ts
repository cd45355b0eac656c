import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { claimsOf, loginStage, scope } from './login-stage.ts';

test('its certificate holds for the name and both addresses of loopback, and only for who trusts its authority', async () => {
  const { server } = await loginStage();
  const port = Number(new URL(server.url).port);
  const open = (servername: string, ca: string | undefined) =>
    new Promise<string>(resolve => {
      const socket = connect({ host: '127.0.0.1', port, servername, ca }, () => {
        resolve('secure');
        socket.destroy();
      });
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    });
  expect(await open('localhost', server.caCertificate)).toBe('secure');
  expect(await open('graph.microsoft.com', server.caCertificate)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  const other = await loginStage();
  expect(await open('localhost', other.server.caCertificate)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
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
