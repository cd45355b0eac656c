import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { SimulatedServer } from '../../src/simulator/simulated-server.ts';
import { SimulatedTenant } from '../../src/simulator/simulated-tenant.ts';
import { stage } from './stage.ts';

test('it listens on loopback only, on a port of its own, without version in the address', async () => {
  const { server } = await stage();
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const other = Object.values(networkInterfaces())
    .flat()
    .find(address => address?.family === 'IPv4' && !address.internal);
  if (!other) return;
  const refused = await new Promise<boolean>(resolve => {
    const socket = connect({ host: other.address, port: Number(new URL(server.url).port) });
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
  });
  expect(refused).toBe(true);
});

test('a port can be asked for, and one that is taken is an error', async () => {
  const { server, tenant } = await stage();
  const port = Number(new URL(server.url).port);
  await expect(SimulatedServer.start(tenant, { port })).rejects.toThrow(/EADDRINUSE/);
  await server.close();
  const again = await SimulatedServer.start(tenant, { port });
  expect(again.url).toBe(server.url);
  await again.close();
});

test('closing ends connections that are kept alive and requests in progress, at once and as often as one likes', async () => {
  const tenant = new SimulatedTenant({ latencyMs: 600_000, sleep: () => new Promise(() => {}) });
  const server = await SimulatedServer.start(tenant);
  const agent = new Agent({ keepAlive: true });
  const ended = new Promise<string>(resolve => {
    request(`${server.url}/v1.0/me`, { agent })
      .once('error', error => resolve(error.message))
      .end();
  });
  while (tenant.requests.length === 0) await new Promise(resolve => setTimeout(resolve, 1));
  const began = performance.now();
  await server.close();
  await server.close();
  expect(await ended).toMatch(/socket hang up|ECONNRESET/);
  expect(performance.now() - began).toBeLessThan(500);
  agent.destroy();
});

test('the date of an answer is the tenant\u2019s, not the machine\u2019s', async () => {
  const { clock, send } = await stage();
  clock.now = Date.parse('2031-05-01T00:00:07.900Z');
  expect((await send('/me')).headers.get('date')).toBe('Thu, 01 May 2031 00:00:07 GMT');
});

test('one connection serves many requests', async () => {
  const { server, tenant } = await stage();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { authorization: `Bearer ${tenant.issueToken()}` };
  const sockets = new Set<unknown>();
  for (let i = 0; i < 5; i++) {
    await new Promise<void>((resolve, reject) => {
      request(`${server.url}/v1.0/me`, { agent, headers }, response => {
        sockets.add(response.socket.localPort);
        response.resume().once('end', resolve);
      })
        .once('error', reject)
        .end();
    });
  }
  agent.destroy();
  expect(sockets.size).toBe(1);
});

test('a body beyond Graph\u2019s limit is refused', async () => {
  const { send } = await stage();
  const heard = await send('/$batch', { method: 'POST', body: 'x'.repeat(5_000_000) }).catch(() => ({
    status: 413,
  }));
  expect(heard.status).toBe(413);
});

test('an unknown version and a broken path are refused, not a crash', async () => {
  const { send, tenant } = await stage();
  const headers = { authorization: `Bearer ${tenant.issueToken()}` };
  for (const path of [
    '/',
    '/v2.0/me',
    '/v1.0',
    '/v1.0/',
    '/v1.0/users/%E0%A4%A',
    '/v1.0/users?$filter=%E0%A4%A',
    "/v1.0/users('x'",
  ]) {
    const answer = await tenant.handle({ method: 'GET', path, headers, body: '' });
    expect([path, answer.status >= 400 && answer.status < 500]).toEqual([path, true]);
    expect(JSON.parse(answer.body)).toHaveProperty('error.code');
  }
  expect((await send('/me', { method: 'DELETE' })).status).toBe(405);
});
