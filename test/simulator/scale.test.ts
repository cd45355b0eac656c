import { expect, test } from 'vitest';
import { SimulatedTenant } from '../../src/simulator/simulated-tenant.ts';
import { revokeItem } from './stage.ts';

test(
  'twenty thousand people and a hundred thousand batch items are no trouble',
  { timeout: 60_000 },
  async () => {
    let now = Date.parse('2026-11-23T10:00:00Z');
    const tenant = new SimulatedTenant({ users: 20_000, now: () => now });
    const headers = {
      authorization: `Bearer ${tenant.issueToken({ persona: 'app', lifetimeSeconds: 100_000 })}`,
    };
    const members = tenant.users.filter(user => !user.external);
    const began = performance.now();
    let done = 0;
    for (let start = 0; done < 100_000; start = (start + 20) % (members.length - 20)) {
      const requests = members
        .slice(start, start + 20)
        .map((user, index) => revokeItem(String(index), user.id));
      const { body } = await tenant.handle({
        method: 'POST',
        path: '/v1.0/$batch',
        headers,
        body: JSON.stringify({ requests }),
      });
      done += 20;
      if (start === 0) expect(body).toContain('"status":200');
      now += 1000;
    }
    expect(tenant.record.length).toBe(100_000);
    // Generous: some seconds on a busy machine, a few minutes if a request walked through everybody.
    expect(performance.now() - began).toBeLessThan(40_000);
  },
);

test(
  'twenty thousand look-ups by address and a walk through all pages are no trouble',
  { timeout: 60_000 },
  async () => {
    const tenant = new SimulatedTenant({ users: 20_000, resourceUnits: { limit: 1e9, windowSeconds: 1 } });
    const headers = { authorization: `Bearer ${tenant.issueToken('app')}` };
    const get = async (path: string): Promise<{ value: unknown[]; '@odata.nextLink'?: string }> =>
      JSON.parse((await tenant.handle({ method: 'GET', path, headers, body: '' })).body) as {
        value: unknown[];
        '@odata.nextLink'?: string;
      };
    const began = performance.now();
    for (const user of tenant.users) {
      const address = encodeURIComponent(user.mail ?? user.userPrincipalName);
      await get(
        `/v1.0/users?$filter=mail eq '${address}' or proxyAddresses/any(p:p eq 'smtp:${address}')&$select=id`,
      );
    }
    let seen = 0;
    let path = "/v1.0/users?$filter=startsWith(displayName,'a')&$top=999&$select=id,displayName";
    while (path !== '') {
      const page = await get(path);
      seen += page.value.length;
      path = page['@odata.nextLink']?.replace('https://graph.microsoft.com', '') ?? '';
    }
    expect(seen).toBe(tenant.users.filter(user => /^a/i.test(user.displayName)).length);
    expect(performance.now() - began).toBeLessThan(40_000);
  },
);
