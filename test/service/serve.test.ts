import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { protocolNumber } from '../../src/protocol/messages.ts';
import { identityProperties } from '../../src/protocol/reference.ts';
import { engineFile, EngineProcess } from '../support/engine-process.ts';
import { startTenant } from '../support/tenant.ts';

test('the engine speaks first: protocol, version and the properties it wants', async () => {
  const engine = new EngineProcess();
  const hello = await engine.next(() => true);
  expect(hello).toMatchObject({
    method: 'hello',
    params: { protocol: protocolNumber, version: '0.1.0', identityProperties },
  });
});

test('an engine whose host is gone before the hello leaves without a word', async () => {
  const child = spawn(process.execPath, [engineFile, 'serve'], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdout.destroy();
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect([code, said]).toEqual([0, '']);
});

test('a user is revoked, proven in the tenant, and the summary comes last', async () => {
  const { tenant, connection, revoked } = await startTenant();
  const engine = new EngineProcess();
  const runId = await engine.begin(connection());
  const user = tenant.users.find(
    u => u.accountEnabled && u.userType === 'Member' && u.department === 'Sales',
  );
  const row = engine.revoke(runId, { text: user?.userPrincipalName ?? '' });
  const summary = await engine.end(runId);
  expect(engine.messages.at(-1)).toMatchObject({ result: { text: summary.text } });
  expect(await row).toMatchObject({
    runId,
    tenantId: tenant.tenantId,
    userId: user?.id,
    displayName: user?.displayName,
    accountEnabled: true,
    outcome: 'Revoked',
    succeeded: true,
    attempts: 1,
  });
  expect(revoked()).toEqual([user?.id]);
  expect(summary).toMatchObject({ users: 1, outcomes: { Revoked: 1 }, stillEnabled: 1, simulated: true });
  expect(summary.text).toContain('SIMULATED: nobody was signed out.');
});

test('an engine whose host is gone leaves nothing behind that shows it alive', async () => {
  const { tenant, connection } = await startTenant();
  const engine = new EngineProcess();
  const runId = await engine.begin(connection());
  await engine.revoke(runId, { text: tenant.users[0]?.id ?? '' });
  const locks = join(process.env['USERSESSION_HOME'] ?? '', 'runs', 'locks');
  const before = readdirSync(locks).length;
  expect(before).toBeGreaterThan(0);
  engine.child.stdin.end();
  await once(engine.child, 'close');
  expect(readdirSync(locks)).toHaveLength(before - 1);
});

test('a byte order mark before the first line is tolerated', async () => {
  const engine = new EngineProcess();
  engine.write('\uFEFF');
  expect((await engine.request('run/end', { runId: 'x' })).error?.data?.code).toBe('RunNotFound');
});

test.each([
  ['no JSON', 'hello?', 'ParseError'],
  ['a JSON text', '"x"', 'InvalidRequest'],
  ['an object that is no message', '{"a":1}', 'InvalidRequest'],
  ['a request without id', '{"jsonrpc":"2.0","method":"run/end","params":{"runId":"x"}}', 'InvalidRequest'],
  ['an unknown method', '{"jsonrpc":"2.0","id":7,"method":"users/delete","params":{}}', 'MethodNotFound'],
  [
    'a method named like a thing of JavaScript',
    '{"jsonrpc":"2.0","id":7,"method":"constructor"}',
    'MethodNotFound',
  ],
  ['wrong parameters', '{"jsonrpc":"2.0","id":7,"method":"run/end","params":{"runId":5}}', 'InvalidParams'],
  [
    'a parameter nobody knows',
    '{"jsonrpc":"2.0","id":7,"method":"run/end","params":{"runId":"x","force":true}}',
    'InvalidParams',
  ],
  [
    'an endpoint over plain http',
    '{"jsonrpc":"2.0","id":7,"method":"tenant/describe","params":{"tenant":{"kind":"host","graphUrl":"http://graph.microsoft.com","token":"t"}}}',
    'EndpointUnusable',
  ],
])('%s is refused with one reply, and the engine goes on', async (_, line, code) => {
  const engine = new EngineProcess();
  engine.write(`${line}\n`);
  const refusal = await engine.next(m => m.error !== undefined);
  expect(refusal.error?.data?.code).toBe(code);
  expect(refusal.error?.message).toMatch(/\w/);
  expect((await engine.request('run/end', { runId: 'x' })).error?.data?.code).toBe('RunNotFound');
});

test('a broken message in a batch line costs the others nothing', async () => {
  const { tenant, connection } = await startTenant();
  const engine = new EngineProcess();
  const runId = await engine.begin(connection());
  const users = tenant.users.filter(u => u.userType === 'Member' && u.accountEnabled).slice(0, 3);
  const requests = users.map((u, i) => ({
    jsonrpc: '2.0',
    id: `u${i}`,
    method: 'user/revoke',
    params: { runId, user: { text: u.id } },
  }));
  engine.write(`${JSON.stringify([requests[0], { nonsense: true }, requests[1], 5, requests[2]])}\n`);
  const rows = await Promise.all(requests.map(r => engine.next(m => m.id === r.id)));
  expect(rows.map(r => r.result.outcome)).toEqual(['Revoked', 'Revoked', 'Revoked']);
  expect(engine.messages.filter(m => m.error)).toHaveLength(2);
});

test('under load the engine answers with arrays on one line', async () => {
  const { tenant, connection } = await startTenant();
  const engine = new EngineProcess();
  const runId = await engine.begin(connection());
  const requests = tenant.users.slice(0, 100).map((u, i) => ({
    jsonrpc: '2.0',
    id: `u${i}`,
    method: 'user/revoke',
    params: { runId, user: { text: u.id } },
  }));
  engine.write(`${JSON.stringify(requests)}\n`);
  await Promise.all(requests.map(r => engine.next(m => m.id === r.id)));
  expect(engine.lines.some(line => line.startsWith('['))).toBe(true);
  expect(engine.messages.filter(m => m.result?.outcome)).toHaveLength(100);
});

test('a display name that looks like a date is guarded on the wire', async () => {
  const { tenant, connection } = await startTenant();
  const engine = new EngineProcess();
  const runId = await engine.begin(connection());
  const user = tenant.users.find(u => /^\d{4}-/.test(u.displayName ?? ''));
  const row = await engine.revoke(runId, { text: user?.id ?? '' });
  expect(row.displayName).toBe(`\u2060${user?.displayName}`);
});

test('the engine leaves within two seconds when its stdin ends, idle', async () => {
  const engine = new EngineProcess();
  await engine.next(() => true);
  expect(await engine.leave()).toBeLessThan(2000);
  expect(await engine.exited).toBe(0);
});

test('the engine leaves within two seconds when its stdin ends in the middle of a run, and says what became of everybody', async () => {
  const { tenant, connection } = await startTenant({ latencyMs: 300, stampDelayMs: 60_000 });
  const engine = new EngineProcess();
  const runId = await engine.begin(connection());
  const ids = tenant.users.slice(0, 200).map(u => u.id);
  const replies = ids.map(text => engine.request('user/revoke', { runId, user: { text } }));
  await engine.next(m => m.method === 'run/progress' || tenant.record.length > 0);
  expect(await engine.leave()).toBeLessThan(2000);
  const rows = (await Promise.all(replies)).map(r => r.result.outcome);
  expect(rows).toHaveLength(200);
  expect(rows).not.toContain('Revoked');
}, 20_000);

test('the engine ignores Ctrl+C, which is for its host to judge', async () => {
  const engine = new EngineProcess();
  await engine.next(() => true);
  engine.child.kill('SIGINT');
  expect((await engine.request('run/end', { runId: 'x' })).error?.data?.code).toBe('RunNotFound');
});

test('a cancelled run sends nothing more and answers everybody', async () => {
  const { tenant, connection, revoked } = await startTenant({ latencyMs: 200 });
  const engine = new EngineProcess();
  const runId = await engine.begin(connection());
  const replies = tenant.users
    .slice(0, 300)
    .map(u => engine.request('user/revoke', { runId, user: { text: u.id } }));
  engine.write(`${JSON.stringify({ jsonrpc: '2.0', method: '$/cancelRequest', params: { runId } })}\n`);
  const summary = await engine.end(runId);
  const outcomes = (await Promise.all(replies)).map(r => r.result.outcome);
  expect(outcomes.filter(o => o === 'Cancelled').length).toBeGreaterThan(100);
  expect(revoked().length).toBeLessThanOrEqual(300 - outcomes.filter(o => o === 'Cancelled').length);
  expect(summary.stopped?.code).toBe('Stopped');
});

test('an expired token is replaced by the host in the middle of a run, and nobody is lost', async () => {
  const { tenant, connection } = await startTenant();
  const engine = new EngineProcess();
  const asked: unknown[] = [];
  engine.onRequest = (method, params) => {
    asked.push([method, (params as { reason: string }).reason]);
    return { token: tenant.issueToken('globalAdministrator') };
  };
  const runId = await engine.begin(connection());
  tenant.expireTokens();
  const rows = await Promise.all(tenant.users.slice(0, 50).map(u => engine.revoke(runId, { text: u.id })));
  expect(rows.map(r => r.outcome)).not.toContain('Cancelled');
  expect(asked).toEqual([['host/token', 'refused']]);
});

test('when no better token is to be had the run stops and says that everybody else was not sent', async () => {
  const { tenant, connection, revoked } = await startTenant();
  const engine = new EngineProcess();
  const runId = await engine.begin(connection());
  tenant.expireTokens();
  const rows = await Promise.all(tenant.users.slice(0, 50).map(u => engine.revoke(runId, { text: u.id })));
  expect(new Set(rows.map(r => r.outcome))).toEqual(new Set(['Cancelled']));
  expect(revoked()).toEqual([]);
  expect(engine.messages.find(m => m.method === 'run/stopped')?.params.stop.code).toBe('NotSignedIn');
  expect((await engine.end(runId)).stopped?.code).toBe('NotSignedIn');
});

test('a throttled call is told as a log line of its run, with the time of the next try', async () => {
  const { tenant, connection } = await startTenant({ faults: { throttle: 1 }, retryAfterSeconds: 1 });
  const engine = new EngineProcess();
  const runId = await engine.begin(connection());
  const row = engine.revoke(runId, { text: tenant.users[0]?.id ?? '' });
  const log = await engine.next(m => m.method === 'run/log');
  tenant.setFaults({});
  expect(log.params).toMatchObject({
    runId,
    level: 'verbose',
    message: expect.stringMatching(/429.* go again in \d/),
  });
  expect(await row).toMatchObject({ outcome: 'Revoked', attempts: 2 });
});
