import { createPrivateKey } from 'node:crypto';
import { expect, test } from 'vitest';
import type { SimulatedTenantOptions } from '../../../src/simulator/simulated-tenant.ts';
import { selfSigned } from '../../support/certificates.ts';
import {
  assertionClaims,
  type Body,
  jwtBearer,
  type LoginStage,
  loginStage,
  rsaKeys,
  scope,
  signJwt,
  thumbprint,
} from './login-stage.ts';

type Answer = { status: number; body: Body };

const secretOf = (stage: LoginStage, more: Record<string, string> = {}) => ({
  grant_type: 'client_credentials',
  client_id: stage.tenant.apps.confidential.appId,
  client_secret: stage.tenant.apps.confidential.secrets[0]!.value,
  scope,
  ...more,
});

const passwordOf = (stage: LoginStage, user = 'ursula.adeyemi@contoso.example', more = {}) => ({
  grant_type: 'password',
  client_id: stage.tenant.apps.public.appId,
  username: user,
  password: 'anything',
  scope: `${scope} openid offline_access`,
  ...more,
});

const ursula = 'ursula.adeyemi@contoso.example';
const secrets = [{ value: 's3cret' }];
const cases: [
  code: number,
  error: string,
  status: number,
  what: string,
  run: (stage: LoginStage) => Promise<Answer>,
  options?: SimulatedTenantOptions,
][] = [
  [7000215, 'invalid_client', 401, 'a wrong secret', s => s.post(secretOf(s, { client_secret: 'wrong' }))],
  [
    7000222,
    'invalid_client',
    401,
    'a secret that is over',
    s => s.post(secretOf(s, { client_id: 'old', client_secret: 'old' })),
    { apps: [{ appId: 'old', secrets: [{ value: 'old', expiresAt: Date.now() - 1 }] }] },
  ],
  [700016, 'unauthorized_client', 400, 'an unknown app', s => s.post(secretOf(s, { client_id: 'nobody' }))],
  [
    90002,
    'invalid_request',
    400,
    'an unknown tenant',
    s => s.post(secretOf(s), { tenant: 'fabrikam.example' }),
  ],
  [
    65001,
    'invalid_grant',
    400,
    'an app that was not consented',
    s => s.post(passwordOf(s, ursula, { client_id: 'new' })),
    { apps: [{ appId: 'new', consented: false }] },
  ],
  [
    65001,
    'invalid_grant',
    400,
    'a scope beyond the consent',
    s => s.post(passwordOf(s, ursula, { scope: 'https://graph.microsoft.com/Mail.Read' })),
  ],
  [
    50076,
    'invalid_grant',
    400,
    'a second factor',
    s => s.post(passwordOf(s)),
    { conditionalAccess: { mfa: [ursula] } },
  ],
  [
    53003,
    'invalid_grant',
    400,
    'a user whom a policy blocks',
    s => s.post(passwordOf(s)),
    { conditionalAccess: { block: [ursula] } },
  ],
  [
    53003,
    'invalid_grant',
    400,
    'an app whom a policy blocks',
    s => s.post(secretOf(s, { client_id: 'blocked', client_secret: 's3cret' })),
    { apps: [{ appId: 'blocked', secrets }], conditionalAccess: { block: ['blocked'] } },
  ],
  [50057, 'invalid_grant', 400, 'a disabled account', s => s.post(passwordOf(s, 'diegos@contoso.example'))],
  [50034, 'invalid_grant', 400, 'an unknown user', s => s.post(passwordOf(s, 'nobody@contoso.example'))],
  [
    50105,
    'invalid_grant',
    400,
    'a user who is not assigned',
    s => s.post(passwordOf(s, ursula, { client_id: 'few' })),
    { apps: [{ appId: 'few', assignedUsers: ['milo.brandt@contoso.example'] }] },
  ],
  [
    50126,
    'invalid_grant',
    400,
    'a wrong password',
    s => s.post(passwordOf(s, ursula, { password: 'wrong' })),
  ],
  [
    900439,
    'invalid_request',
    400,
    'an app of another cloud',
    s => s.post(secretOf(s, { client_id: 'gov', client_secret: 's3cret' })),
    { apps: [{ appId: 'gov', secrets, cloud: 'USGov' }] },
  ],
  [
    7000112,
    'unauthorized_client',
    400,
    'a disabled app',
    s => s.post(secretOf(s, { client_id: 'off', client_secret: 's3cret' })),
    { apps: [{ appId: 'off', secrets, disabled: true }] },
  ],
  [
    500011,
    'invalid_resource',
    400,
    'a resource that is not here',
    s => s.post(secretOf(s, { scope: 'https://graph.microsoft.us/.default' })),
  ],
  [
    1002012,
    'invalid_scope',
    400,
    'an app that names single permissions',
    s => s.post(secretOf(s, { scope: 'https://graph.microsoft.com/User.Read.All' })),
  ],
  [70011, 'invalid_scope', 400, 'no scope', s => s.post(secretOf(s, { scope: '' }))],
  [50059, 'invalid_request', 400, 'an app at common', s => s.post(secretOf(s), { tenant: 'common' })],
  [
    7000218,
    'invalid_client',
    401,
    'an app without its credential',
    s => s.post({ grant_type: 'client_credentials', client_id: s.tenant.apps.confidential.appId, scope }),
  ],
  [900144, 'invalid_request', 400, 'no grant type', s => s.post({})],
  [70003, 'unsupported_grant_type', 400, 'an unknown grant type', s => s.post({ grant_type: 'constructor' })],
  [
    9002313,
    'invalid_grant',
    400,
    'an unknown refresh token',
    s =>
      s.post({
        grant_type: 'refresh_token',
        client_id: s.tenant.apps.public.appId,
        refresh_token: 'x',
        scope,
      }),
  ],
];

test.each(cases)('%i, %s (%i): %s', async (code, error, status, _what, run, options) => {
  const stage = await loginStage(options, { tls: false });
  const answer = await run(stage);
  expect([answer.status, answer.body.error, answer.body.error_codes]).toEqual([status, error, [code]]);
  expect(answer.body.access_token).toBeUndefined();
  const last = stage.tenant.signIns.at(-1);
  if (code !== 90002) expect(last).toMatchObject({ succeeded: false, errorCode: code });
});

test('a refusal has the shape of Entra’s, and repeats the correlation id', async () => {
  const stage = await loginStage({ now: () => Date.parse('2026-11-23T10:00:00.400Z') }, { tls: false });
  const correlation = '11111111-2222-4333-8444-555555555555';
  const { body } = await stage.post(
    secretOf(stage, { client_secret: 'no', 'client-request-id': correlation }),
  );
  const { trace_id: trace, error_description: text } = body;
  expect(body).toEqual({
    error: 'invalid_client',
    error_description: expect.stringMatching(/^AADSTS7000215: Invalid client secret provided\. /),
    error_codes: [7000215],
    timestamp: '2026-11-23 10:00:00Z',
    trace_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    correlation_id: correlation,
    error_uri: 'https://login.microsoftonline.com/error?code=7000215',
  });
  expect(text).toContain(
    ` Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: 2026-11-23 10:00:00Z`,
  );
});

test('a revoked user’s refresh is refused in the exact shape of Entra, a later one is not', async () => {
  const clock = { now: Date.parse('2026-11-23T10:00:00.400Z') };
  const stage = await loginStage({ now: () => clock.now }, { tls: false });
  const user = stage.tenant.persona('userAdministrator');
  const { body: first } = await stage.post(passwordOf(stage, user.userPrincipalName));
  const refresh = (token: string) =>
    stage.post({
      grant_type: 'refresh_token',
      client_id: stage.tenant.apps.public.appId,
      refresh_token: token,
      scope,
    });
  expect((await refresh(first.refresh_token)).status).toBe(200);
  clock.now += 5000;
  await fetch(`${stage.server.url}/v1.0/users/${user.id}/revokeSignInSessions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stage.tenant.issueToken('globalAdministrator')}` },
  });
  const refused = await refresh(first.refresh_token);
  expect(refused.status).toBe(400);
  expect(Object.keys(refused.body)).toEqual([
    'error',
    'error_description',
    'error_codes',
    'timestamp',
    'trace_id',
    'correlation_id',
    'error_uri',
  ]);
  expect(refused.body).toMatchObject({
    error: 'invalid_grant',
    error_codes: [50173],
    error_description: expect.stringMatching(
      /^AADSTS50173: The provided grant has expired due to it being revoked, a fresh auth token is needed\. .*issued on '2026-11-23T10:00:00.*TokensValidFrom date .*2026-11-23T10:00:05/,
    ),
    error_uri: 'https://login.microsoftonline.com/error?code=50173',
  });
  const { body: again } = await stage.post(passwordOf(stage, user.userPrincipalName));
  expect((await refresh(again.refresh_token)).status).toBe(200);
});

test('an assertion is believed only if everything about it is right', async () => {
  const stage = await loginStage({ singleUseAssertions: true }, { tls: false });
  const [own, other, old] = await Promise.all([
    selfSigned(),
    selfSigned(),
    selfSigned({ notAfter: new Date(Date.now() - 1000) }),
  ]);
  const app = stage.tenant.registerApp({ certificates: [own.certificate, old.certificate] });
  const now = Math.floor(Date.now() / 1000);
  const send = async (
    bent: Record<string, unknown> = {},
    key = own,
    header: Record<string, unknown> = {},
    assertion?: string,
  ) => {
    const jwt = signJwt({ ...assertionClaims(stage, app.appId), ...bent }, createPrivateKey(key.privateKey), {
      'x5t#S256': thumbprint(own.certificate),
      ...header,
    });
    const { status, body } = await stage.post({
      grant_type: 'client_credentials',
      client_id: app.appId,
      client_assertion_type: jwtBearer,
      client_assertion: assertion ?? jwt,
      scope,
    });
    return status === 200 ? 'accepted' : body.error_codes[0];
  };
  expect(await send()).toBe('accepted');
  expect(await send({ nbf: now + 240, exp: now + 600 })).toBe('accepted');
  expect(await send({ exp: now - 240, nbf: now - 600 })).toBe('accepted');
  expect(await send({ nbf: now + 400, exp: now + 600 })).toBe(700024);
  expect(await send({ nbf: now - 1200, exp: now - 600 })).toBe(700024);
  expect(await send({ exp: undefined })).toBe(700024);
  expect(await send({ aud: 'https://login.microsoftonline.com/x/oauth2/v2.0/token' })).toBe(700023);
  expect(await send({ sub: 'somebody' })).toBe(700021);
  expect(await send({ iss: 'somebody' })).toBe(700021);
  expect(await send({}, other)).toBe(700027);
  expect(await send({}, other, { 'x5t#S256': thumbprint(other.certificate) })).toBe(700027);
  expect(await send({}, old, { 'x5t#S256': thumbprint(old.certificate) })).toBe(700027);
  expect(await send({}, own, { 'x5t#S256': undefined })).toBe(50027);
  expect(await send({}, own, {}, 'no.jwt')).toBe(50027);
  expect(await send({ jti: 'once' })).toBe('accepted');
  expect(await send({ jti: 'once' })).toBe(50013);
});

test('the words for a wrong key say what was wrong with it', async () => {
  const stage = await loginStage({}, { tls: false });
  const [own, other, old] = await Promise.all([
    selfSigned(),
    selfSigned(),
    selfSigned({ notAfter: new Date(Date.now() - 1000) }),
  ]);
  const app = stage.tenant.registerApp({ certificates: [own.certificate, old.certificate] });
  const words = async (key: typeof own, named: typeof own) => {
    const { body } = await stage.post({
      grant_type: 'client_credentials',
      client_id: app.appId,
      client_assertion_type: jwtBearer,
      client_assertion: signJwt(assertionClaims(stage, app.appId), createPrivateKey(key.privateKey), {
        'x5t#S256': thumbprint(named.certificate),
      }),
      scope,
    });
    return /\[Reason - ([^,]*),/.exec(body.error_description)?.[1];
  };
  expect(await words(other, other)).toBe('The key was not found.');
  expect(await words(other, own)).toBe(
    'The provided signature value did not match the expected signature value.',
  );
  expect(await words(old, old)).toBe('The key used is expired.');
});

test('a federated token must match in issuer, subject, audience, key and time', async () => {
  const stage = await loginStage({}, { tls: false });
  const keys = rsaKeys();
  const good = { iss: 'https://issuer.example', sub: 'job', aud: 'api://AzureADTokenExchange' };
  const pem = String(keys.publicKey.export({ format: 'pem', type: 'spki' }));
  const app = stage.tenant.registerApp({
    federated: [{ issuer: good.iss, subject: good.sub, keys: [pem] }],
  });
  const now = Math.floor(Date.now() / 1000);
  const send = async (bent: Record<string, unknown> = {}, key = keys.privateKey) => {
    const { status, body } = await stage.post({
      grant_type: 'client_credentials',
      client_id: app.appId,
      client_assertion_type: jwtBearer,
      client_assertion: signJwt({ ...good, exp: now + 60, ...bent }, key, { alg: 'RS256' }),
      scope,
    });
    return status === 200 ? 'accepted' : body.error_codes[0];
  };
  expect(await send()).toBe('accepted');
  expect(await send({ iss: 'https://other.example' })).toBe(700211);
  expect(await send({ sub: 'other' })).toBe(700213);
  expect(await send({ aud: 'api://other' })).toBe(700212);
  expect(await send({ exp: now - 600 })).toBe(700024);
  expect(await send({}, rsaKeys().privateKey)).toBe(700027);
});

test('a device code is pending, then good once; another is unknown, a late one is over, a declined one is refused', async () => {
  const stage = await loginStage({ deviceCodes: { lifetimeSeconds: 600 } }, { tls: false });
  const { tenant } = stage;
  const client = { client_id: tenant.apps.public.appId, scope: `${scope} offline_access` };
  const begin = async () => (await stage.post(client, { to: 'oauth2/v2.0/devicecode' })).body;
  const poll = async (code: string) => {
    const { status, body } = await stage.post({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: code,
      ...client,
    });
    return status === 200 ? 'accepted' : [body.error, body.error_codes[0]];
  };
  const first = await begin();
  expect(first).toMatchObject({
    expires_in: 600,
    interval: 5,
    message: expect.stringContaining(first.user_code),
  });
  expect(await poll(first.device_code)).toEqual(['authorization_pending', 70016]);
  expect(tenant.signIns).toEqual([]);
  tenant.approveDeviceCode(first.user_code.toLowerCase(), 'member');
  expect(await poll(first.device_code)).toBe('accepted');
  expect(await poll(first.device_code)).toEqual(['invalid_grant', 54005]);
  expect(await poll('never issued')).toEqual(['bad_verification_code', 70018]);
  expect(() => tenant.approveDeviceCode(first.user_code)).toThrow(/waits/);
  expect(() => tenant.approveDeviceCode(first.user_code, 'nobody@contoso.example')).toThrow(/nobody/);

  const second = await begin();
  stage.clock.ahead = 600_000;
  expect(await poll(second.device_code)).toEqual(['expired_token', 70020]);

  const third = await begin();
  tenant.approveDeviceCode(third.user_code, 'diegos@contoso.example');
  expect(await poll(third.device_code)).toEqual(['invalid_grant', 50057]);
});

test('an app without consent gets a token that holds no permission, as in Entra', async () => {
  const stage = await loginStage({ apps: [{ appId: 'bare', secrets, consented: false }] }, { tls: false });
  const { body } = await stage.post(secretOf(stage, { client_id: 'bare', client_secret: 's3cret' }));
  const heard = await stage.graph(body.access_token, '/users');
  expect([heard.status, heard.body.error.code]).toEqual([403, 'Authorization_RequestDenied']);
});
