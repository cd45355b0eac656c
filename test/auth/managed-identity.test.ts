import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { SignIn } from '../../src/auth/sign-in.ts';
import { openNetwork } from '../../src/graph/network.ts';
import type { CredentialConnection } from '../../src/protocol/tenant.ts';

const network = openNetwork({ env: {} });
const connection: CredentialConnection = { kind: 'credential', credential: { method: 'managedIdentity' } };
const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';

/** The identity service of App Service: each request gets another token. */
let asked = 0;
const service = createServer((_request, response) => {
  asked += 1;
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({
      access_token: `token${asked}`,
      expires_on: String(Math.floor(Date.now() / 1000) + 86_400),
      resource: 'https://graph.microsoft.com',
      token_type: 'Bearer',
    }),
  );
});

beforeAll(async () => {
  await new Promise<void>(resolve => service.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${(service.address() as AddressInfo).port}/msi/token`);
  vi.stubEnv('IDENTITY_HEADER', 'header');
});

beforeEach(() => {
  asked = 0;
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await network.close();
  await new Promise(resolve => service.close(resolve));
});

test('a token of a managed identity that Graph refuses is replaced, and the new one is kept', async () => {
  const signIn = new SignIn(connection, network);
  expect((await signIn.token()).token).toBe('token1');
  expect((await signIn.token()).token).toBe('token1');
  expect((await signIn.token({ fresh: true })).token).toBe('token2');
  expect((await signIn.token()).token).toBe('token2');
  expect(asked).toBe(2);
});

test('a claims challenge gets a new token of a managed identity, which is kept', async () => {
  const signIn = new SignIn(connection, network);
  expect((await signIn.token()).token).toBe('token1');
  expect((await signIn.token({ claims })).token).toBe('token2');
  expect((await signIn.token()).token).toBe('token2');
  expect(asked).toBe(2);
});

test('another sign-in with a managed identity in the same process does not begin with the old token', async () => {
  expect((await new SignIn(connection, network).token()).token).toBe('token1');
  expect((await new SignIn(connection, network).token()).token).toBe('token2');
});
