import { expect, test } from 'vitest';
import { type FaultKind, SimulatedTenant } from '../../src/simulator/simulated-tenant.ts';
import { ordinary, revokeItem, type Stage, stage, startOfTime } from './stage.ts';

const revokeOne = (on: Stage): ReturnType<Stage['send']> =>
  on.send(`/users/${ordinary(on.tenant).id}/revokeSignInSessions`, { method: 'POST' });

test('throttling comes with Retry-After as integer, decimal and date', async () => {
  const on = await stage({ faults: { throttle: 1 } });
  const forms = new Set<string>();
  for (let i = 0; i < 40; i++) {
    const heard = await revokeOne(on);
    expect(heard.status).toBe(429);
    const value = heard.headers.get('retry-after') ?? '';
    forms.add(
      /^\d+$/.test(value)
        ? 'integer'
        : /^\d+\.\d+$/.test(value)
          ? 'decimal'
          : Number.isNaN(Date.parse(value))
            ? value
            : 'date',
    );
  }
  expect([...forms].sort()).toEqual(['date', 'decimal', 'integer']);
  expect(on.tenant.record).toEqual([]);
});

test('errors of the server are 500 or 502, unavailability 503 with or without Retry-After; nothing is done', async () => {
  const on = await stage({ faults: { serverError: 1 } });
  const statuses = new Set<number>();
  for (let i = 0; i < 30; i++) statuses.add((await revokeOne(on)).status);
  expect([...statuses].sort()).toEqual([500, 502]);
  on.tenant.setFaults({ unavailable: 1 });
  const retryAfter = new Set<boolean>();
  for (let i = 0; i < 30; i++) {
    const heard = await revokeOne(on);
    expect(heard.status).toBe(503);
    retryAfter.add(heard.headers.has('retry-after'));
  }
  expect(retryAfter.size).toBe(2);
  expect(on.tenant.record).toEqual([]);
});

test('a gateway that times out says nothing, and in half of the cases the write was done', async () => {
  const on = await stage({ faults: { gatewayTimeout: 1 } });
  for (let i = 0; i < 60; i++) {
    const heard = await revokeOne(on);
    expect(heard.status).toBe(504);
    expect(heard.body.error).toMatchObject({ code: 'UnknownError', message: '' });
  }
  expect(on.tenant.record.length).toBeGreaterThan(15);
  expect(on.tenant.record.length).toBeLessThan(45);
});

test('a reset connection did nothing, a lost answer did', async () => {
  const on = await stage({ faults: { reset: 1 } });
  await expect(revokeOne(on)).rejects.toThrow('fetch failed');
  expect(on.tenant.record).toHaveLength(0);
  on.tenant.setFaults({ lostAnswer: 1 });
  await expect(revokeOne(on)).rejects.toThrow('fetch failed');
  expect(on.tenant.record).toHaveLength(1);
  expect(on.tenant.requests.map(request => request.status)).toEqual([0, 0]);
  on.tenant.setFaults({});
  expect((await revokeOne(on)).status).toBe(200);
});

test('a truncated answer is no JSON, or ends with the connection; the write was done', async () => {
  const on = await stage({ faults: { truncated: 1 } });
  const seen = new Set<string>();
  for (let i = 0; i < 20; i++) {
    const outcome = await revokeOne(on).then(
      heard => {
        expect(heard.status).toBe(200);
        expect(() => JSON.parse(heard.text)).toThrow();
        return 'half a body';
      },
      () => 'connection ended',
    );
    seen.add(outcome);
  }
  expect([...seen].sort()).toEqual(['connection ended', 'half a body']);
  expect(on.tenant.record).toHaveLength(20);
});

test('a captive portal answers 200 with a page, and nothing is done', async () => {
  const on = await stage({ faults: { html: 1 } });
  const heard = await revokeOne(on);
  expect(heard.status).toBe(200);
  expect(heard.headers.get('content-type')).toContain('text/html');
  expect(heard.text).toContain('<html>');
  expect(on.tenant.record).toEqual([]);
});

test('slow is late before or after the work', async () => {
  const on = await stage({ faults: { slow: 1 }, slowMs: 7000 });
  for (let i = 0; i < 10; i++) expect((await revokeOne(on)).status).toBe(200);
  expect(on.clock.slept).toEqual(Array.from({ length: 10 }, () => 7000));
  const waited = on.tenant.record.map(entry => (entry.at - startOfTime) % 7000);
  expect(new Set(waited)).toEqual(new Set([0]));
});

test('a batch reply may lack one item although all were done', async () => {
  const on = await stage({ faults: { missingItem: 1 } });
  const items = [0, 1, 2].map(index => revokeItem(String(index), ordinary(on.tenant, index).id));
  const heard = await on.batch(items);
  expect(heard.status).toBe(200);
  expect(heard.body.responses).toHaveLength(2);
  expect(on.tenant.record).toHaveLength(3);
  expect((await revokeOne(on)).status).toBe(200);
});

test('items fail one by one, and the batch as a whole with the same probability', async () => {
  const on = await stage({ faults: { unavailable: 0.3 } });
  let outer = 0;
  let inner = 0;
  for (let i = 0; i < 40; i++) {
    const heard = await on.batch(
      Array.from({ length: 10 }, (_, index) => revokeItem(String(index), ordinary(on.tenant, index).id)),
    );
    if (heard.status === 503) outer++;
    inner += heard.body.responses?.filter(response => response.status === 503).length ?? 0;
  }
  expect(outer).toBeGreaterThan(4);
  expect(outer).toBeLessThan(22);
  const done = (40 - outer) * 10;
  expect(Math.abs(inner / done - 0.3)).toBeLessThan(0.1);
  expect(on.tenant.record).toHaveLength(done - inner);
});

test('the same seed brings the same faults to the same requests', async () => {
  const faults: Partial<Record<FaultKind, number>> = {
    throttle: 0.1,
    serverError: 0.1,
    unavailable: 0.1,
    gatewayTimeout: 0.1,
    reset: 0.1,
    lostAnswer: 0.1,
    truncated: 0.1,
    html: 0.1,
  };
  const run = async (seed: number): Promise<unknown[]> => {
    const tenant = new SimulatedTenant({ seed, faults, now: () => startOfTime });
    const authorization = `Bearer ${tenant.issueToken()}`;
    const answers: unknown[] = [];
    for (let i = 0; i < 100; i++) {
      const { kind, status, body } = await tenant.handle({
        method: 'GET',
        path: '/v1.0/me',
        headers: { authorization },
        body: '',
      });
      answers.push([kind, status, body]);
    }
    return answers;
  };
  const first = await run(5);
  expect(await run(5)).toEqual(first);
  expect(await run(6)).not.toEqual(first);
});
