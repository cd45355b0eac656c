import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SimulatedTenant } from '../../../src/simulator/simulated-tenant.ts';
import { selfSigned } from '../../support/certificates.ts';
import { jwtBearer, rsaKeys } from './login-stage.ts';

const { certificate } = await selfSigned();
const issuer = 'https://issuer.example';
const tenant = new SimulatedTenant({
  apps: [
    {
      appId: 'app',
      certificates: [certificate],
      secrets: [{ value: 's' }],
      federated: [{ issuer, subject: 's', keys: [rsaKeys().publicKey.export({ format: 'jwk' })] }],
    },
  ],
});
const tenantId = tenant.tenantId;
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = fc
  .tuple(
    fc.constantFrom('PS256', 'RS256', 'ES256', 'none'),
    fc.constantFrom('app', issuer, 'x'),
    fc.oneof(fc.constant('s'), fc.string()),
    fc.oneof(fc.integer(), fc.string(), fc.double(), fc.constant(null)),
  )
  .map(([alg, iss, sub, exp]) =>
    [part({ alg, 'x5t#S256': 'x' }), part({ iss, sub, aud: 'api://AzureADTokenExchange', exp }), 'sig'].join(
      '.',
    ),
  );
const value = fc.oneof(
  jwt,
  fc.string(),
  fc.constantFrom(
    'client_credentials',
    'device_code',
    'authorization_code',
    'refresh_token',
    'password',
    'app',
    tenant.apps.public.appId,
    'https://graph.microsoft.com/.default openid',
    'code',
    'S256',
    'a'.repeat(43),
    'http://localhost:1',
    jwtBearer,
    '{"access_token":null}',
    '2019-08-01',
    '2018-02-01',
    tenant.users[0]!.userPrincipalName,
  ),
);
const fields = fc.dictionary(
  fc.constantFrom(
    'grant_type',
    'client_id',
    'scope',
    'client_secret',
    'client_assertion',
    'client_assertion_type',
    'claims',
    'code',
    'redirect_uri',
    'response_type',
    'response_mode',
    'code_challenge',
    'code_challenge_method',
    'username',
    'password',
    'account',
    'other',
    'user_code',
    'device_code',
    'refresh_token',
    'resource',
    'api-version',
    'authorization_endpoint',
  ),
  value,
);
const path = fc.constantFrom(
  `/${tenantId}/oauth2/v2.0/token`,
  `/${tenantId}/oauth2/v2.0/authorize`,
  `/common/oauth2/v2.0/devicecode`,
  `/${tenantId}/device`,
  `/%E0%A4%A/v2.0/.well-known/openid-configuration`,
  `/${tenantId}/discovery/v2.0/keys`,
  '/common/discovery/instance',
  '/msi/token',
  '/metadata/identity/oauth2/token',
);

test('whatever is asked, the login endpoint answers with a page or JSON, and never gives a token for nonsense', async () => {
  await fc.assert(
    fc.asyncProperty(
      path,
      fc.constantFrom('GET', 'POST', 'PUT'),
      fields,
      fields,
      async (at, method, query, form) => {
        const answer = await tenant.handle({
          method,
          path: `${at}?${new URLSearchParams(query)}`,
          headers: { metadata: 'true', 'X-Identity-Header': tenant.apps.identityHeader },
          body: new URLSearchParams(form).toString(),
        });
        expect(answer.kind).toBe('answer');
        expect([200, 302, 400, 401]).toContain(answer.status);
        if (/json/.test(answer.headers['Content-Type'] ?? '')) {
          const body = JSON.parse(answer.body) as Record<string, unknown>;
          if (answer.status >= 400) expect(body['error'] ?? body['message']).toBeTruthy();
          if (
            form['client_assertion'] !== undefined &&
            form['client_secret'] === undefined &&
            form['client_id'] === 'app'
          )
            expect(body['access_token']).toBeUndefined();
        }
      },
    ),
    { numRuns: 1500 },
  );
});

test('a key that is none is refused where it is registered', () => {
  expect(() => tenant.registerApp({ certificates: ['no certificate'] })).toThrow();
  expect(() => tenant.registerApp({ federated: [{ issuer, subject: 's', keys: ['no key'] }] })).toThrow();
});
