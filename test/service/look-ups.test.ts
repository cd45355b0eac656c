import { expect, test } from 'vitest';
import type { SignInSession } from '../../src/protocol/session.ts';
import { EngineProcess } from '../support/engine-process.ts';
import { startTenant } from '../support/tenant.ts';

const permissions = ['User.Read.All', 'GroupMember.Read.All', 'AuditLog.Read.All', 'Policy.Read.All'];
const caller = { persona: 'globalAdministrator', permissions } as const;

test('sessions of many users come in portions, each once', async () => {
  const t = await startTenant();
  const people = t.tenant.users.slice(0, 60);
  t.tenant.sessions.populate(people, { perUser: 12 });
  const engine = new EngineProcess();
  const tenant = t.connection(caller);
  const users = people.map(({ id }) => ({ text: id }));
  const found: SignInSession[] = [];
  let { result } = await engine.request('sessions/list', { tenant, users });
  found.push(...result.sessions);
  while (result.cursor) {
    expect(result.sessions).toHaveLength(500);
    ({ result } = await engine.request('sessions/more', { cursor: result.cursor }));
    found.push(...result.sessions);
  }
  expect(found.length).toBeGreaterThan(500);
  expect(new Set(found.map(s => s.userId)).size).toBe(people.length);
  const again = await engine.request('sessions/more', { cursor: 'none' });
  expect(again.error?.data?.code).toBe('InvalidParams');
});

test('a text that looks like a date comes guarded, and a time does not', async () => {
  const t = await startTenant();
  const user = t.tenant.users.find(u => /^\d{4}-/.test(u.displayName ?? ''))!;
  t.tenant.sessions.populate([user]);
  const engine = new EngineProcess();
  const { result } = await engine.request('sessions/list', {
    tenant: t.connection(caller),
    users: [{ text: user.id }],
  });
  expect(result.sessions[0].displayName).toBe(`\u2060${user.displayName}`);
  expect(result.sessions[0].lastTokenIssued).toMatch(/^\d{4}-/);
});

test('a watch that is cancelled is answered with its verdicts, and the engine goes on', async () => {
  const t = await startTenant();
  const engine = new EngineProcess();
  const tenant = t.connection(caller);
  const users = [{ user: { text: 'adelev@contoso.example' } }, { user: { text: 'nobody@contoso.example' } }];
  const watching = engine.request('signIns/watch', { tenant, watchId: 'w1', users });
  engine.write(`${JSON.stringify({ jsonrpc: '2.0', method: '$/cancelRequest', params: { id: 1 } })}\n`);
  const { result } = await watching;
  expect(result.verdicts.map((v: { reference: string }) => v.reference)).toEqual([
    'adelev@contoso.example',
    'nobody@contoso.example',
  ]);
  const policies = await engine.request('policy/show', { tenant, users: [] });
  expect(policies.result.policies.length).toBeGreaterThan(0);
});

test('the end of stdin ends a watch with the engine', async () => {
  const t = await startTenant();
  const engine = new EngineProcess();
  const users = [{ user: { text: 'adelev@contoso.example' } }];
  void engine.request('signIns/watch', { tenant: t.connection(caller), watchId: 'w1', users });
  engine.child.stdin.end();
  expect(await engine.exited).toBe(0);
});
