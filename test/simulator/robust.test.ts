import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SimulatedTenant } from '../../src/simulator/simulated-tenant.ts';
import { startOfTime } from './stage.ts';

const tenant = new SimulatedTenant({ now: () => startOfTime });
const [user] = tenant.users;
const authorization = `Bearer ${tenant.issueToken({ persona: 'app', permissions: ['Directory.ReadWrite.All'] })}`;

/** Requests that are nearly right, and some that are not right at all. */
const part = fc.oneof(
  fc.constantFrom(
    'users',
    'groups',
    'me',
    '$count',
    '$batch',
    'members',
    'microsoft.graph.user',
    'revokeSignInSessions',
    'memberOf',
    user!.id,
    tenant.groups[0]!.id,
    "users('x')",
    "users('",
    '%',
    '%00',
  ),
  fc.string().map(encodeURIComponent),
);
const option = fc.tuple(
  fc.constantFrom(
    '$filter',
    '$select',
    '$top',
    '$count',
    '$search',
    '$orderby',
    '$skiptoken',
    '$expand',
    '$skip',
    'x',
  ),
  fc.oneof(
    fc.string(),
    fc.constantFrom(
      'true',
      '5',
      'id',
      "id eq 'x'",
      "startsWith(displayName,'a')",
      "not(department eq 'Sales')",
      '"displayName:a"',
      'displayName desc',
      "proxyAddresses/any(p:p eq 'x')",
    ),
  ),
);
const path = fc
  .tuple(
    fc.constantFrom('v1.0', 'beta', 'v3'),
    fc.array(part, { maxLength: 5 }),
    fc.array(option, { maxLength: 3 }),
  )
  .map(
    ([version, parts, options]) =>
      `/${[version, ...parts].join('/')}?${options.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`,
  );

test('whatever is asked, the tenant answers in JSON or plain text with a status of HTTP', async () => {
  const method = fc.constantFrom('GET', 'POST', 'DELETE', 'get', 'X');
  const body = fc.oneof(fc.constant(''), fc.json(), fc.string());
  const consistency = fc.constantFrom(undefined, 'eventual', 'x');
  await fc.assert(
    fc.asyncProperty(method, path, body, consistency, async (verb, target, content, level) => {
      const headers = { Authorization: authorization, ConsistencyLevel: level };
      const answer = await tenant.handle({ method: verb, path: target, headers, body: content });
      expect(answer.kind).toBe('answer');
      expect(answer.status).toBeGreaterThanOrEqual(200);
      expect(answer.status).toBeLessThan(502);
      if (answer.headers['Content-Type'] !== 'text/plain') JSON.parse(answer.body);
    }),
    { numRuns: 1500 },
  );
});

test('whatever a batch holds, it is answered: as a whole with 400, or each item under its id', async () => {
  const item = fc.record(
    {
      id: fc.oneof(fc.string(), fc.integer().map(String), fc.anything()),
      method: fc.oneof(fc.constantFrom('GET', 'POST', 'DELETE'), fc.anything()),
      url: fc.oneof(
        path.map(text => text.replace(/^\/[^/]+/, '')),
        fc.anything(),
      ),
      headers: fc.oneof(fc.constant({ 'content-type': 'application/json' }), fc.anything()),
      body: fc.oneof(fc.constant({}), fc.jsonValue()),
      dependsOn: fc.oneof(fc.array(fc.string()), fc.anything()),
    },
    { requiredKeys: [] },
  );
  const sane = fc.record({
    id: fc.uuid(),
    method: fc.constant('GET'),
    url: path.map(text => text.replace(/^\/[^/]+/, '')),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.array(item, { maxLength: 22 }), fc.array(sane, { minLength: 1, maxLength: 20 })),
      async requests => {
        const body = stringified({ requests });
        const answer = await tenant.handle({
          method: 'POST',
          path: '/v1.0/$batch',
          headers: { authorization },
          body,
        });
        expect([200, 400]).toContain(answer.status);
        if (answer.status !== 200) return;
        const { responses } = JSON.parse(answer.body) as { responses: { id: string }[] };
        const asked = (JSON.parse(body) as { requests: { id: string }[] }).requests.map(
          request => request.id,
        );
        expect(responses.map(response => response.id).toSorted()).toEqual(asked.toSorted());
      },
    ),
    { numRuns: 500 },
  );
});

/** Some of what fast-check makes cannot be written as JSON. */
function stringified(value: unknown): string {
  try {
    return JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'bigint' ? String(inner) : inner,
    );
  } catch {
    return '{"requests":[]}';
  }
}
