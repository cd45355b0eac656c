import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, expect, test } from 'vitest';
import type { ReconciledRun } from '../../src/operations/match-calls.ts';
import type { AuditQuery } from '../../src/operations/audit-query.ts';
import type { RevocationResult } from '../../src/protocol/row.ts';
import { usersession } from '../support/command-line.ts';
import { plainUsers } from '../support/recorded-run.ts';
import { startTenant, type TestTenant } from '../support/tenant.ts';

const home = mkdtempSync(join(tmpdir(), 'usersession-audit-'));
afterAll(() => rmSync(home, { recursive: true }));
const USERSESSION_HOME = home;
const auditor = { persona: 'app', permissions: ['AuditLog.Read.All'] } as const;
const inHome = (t: TestTenant, persona?: Parameters<TestTenant['env']>[0]) => ({
  ...t.env(persona),
  USERSESSION_HOME,
});

/** Revokes some people, and gives the run's id. */
async function revoke(t: TestTenant, ...args: string[]): Promise<string> {
  const run = await usersession(['revoke', ...args, '--output', 'json'], { env: inHome(t) });
  const [row]: RevocationResult[] = JSON.parse(run.out);
  return row?.runId ?? '';
}

test('runs reconcile finds what was revoked: exit code 0, a row each and one line that says so', async () => {
  const t = await startTenant();
  const users = plainUsers(3)(t.tenant);
  const runId = await revoke(t, ...users.map(u => u.id));
  const run = await usersession(['runs', 'reconcile', runId], { env: inHome(t, auditor) });
  expect(run).toMatchObject({ code: 0 });
  expect(run.out.match(/^Found /gm)).toHaveLength(3);
  for (const user of users) expect(run.out).toContain(user.userPrincipalName.slice(0, 48));
  expect(run.err).toContain('SIMULATED. 3 of 3 found in the audit log.');
});

test('a log that lags: exit code 2, NotFoundYet, and what that means', async () => {
  const t = await startTenant({ auditLagMs: 3_600_000 });
  const runId = await revoke(t, plainUsers(1)(t.tenant)[0]?.id ?? '');
  const run = await usersession(['runs', 'reconcile', runId, '--output', 'json'], {
    env: inHome(t, auditor),
  });
  expect(run.code).toBe(2);
  const found: ReconciledRun = JSON.parse(run.out);
  expect(found).toMatchObject({ runId, counts: { NotFoundYet: 1 }, users: [{ verdict: 'NotFoundYet' }] });
  expect(run.err).toContain('1 not found yet: the log lags, ask again later.');
});

test('external users do not fail it, and what the actor did elsewhere is told', async () => {
  const t = await startTenant();
  const guest = t.tenant.users.find(u => u.external)?.id ?? '';
  const [one, two] = plainUsers(2)(t.tenant);
  const runId = await revoke(t, one?.id ?? '', guest);
  t.tenant.revokeElsewhere(two?.id ?? '', { by: 'globalAdministrator' });
  const run = await usersession(['runs', 'reconcile', runId, '--output', 'csv'], { env: inHome(t, auditor) });
  expect(run.code).toBe(0);
  const rows: Record<string, string>[] = parse(run.out, { columns: true });
  expect(rows.map(r => r['verdict']).sort()).toEqual(['Found', 'NotExpected']);
  expect(run.err).toContain('1 not expected there');
  expect(run.err).toMatch(/Elsewhere: 1 of the 2 entries/);
});

test('what a command line can not reconcile: another tenant, no permission, no such run, the tenant of --simulated', async () => {
  const t = await startTenant();
  const runId = await revoke(t, plainUsers(1)(t.tenant)[0]?.id ?? '');
  const other = await startTenant({ seed: 2 });
  const lacking = await usersession(['runs', 'reconcile', runId], { env: inHome(t) });
  expect(lacking.code).toBe(3);
  expect(lacking.err).toContain('b0afded3-3588-46d8-8b3d-9842eff778da');
  const nobody = await usersession(['runs', 'reconcile', runId], { env: { USERSESSION_HOME } });
  expect(nobody.code).toBe(3);
  const elsewhere = await usersession(['runs', 'reconcile', runId], { env: inHome(other, auditor) });
  expect(elsewhere).toMatchObject({ code: 1, out: '' });
  expect(elsewhere.err).toContain('Its audit log is there');
  const none = await usersession(['runs', 'reconcile', '00000000-0000-4000-8000-000000000000'], {
    env: inHome(t, auditor),
  });
  expect(none.code).toBe(1);
  const simulated = await usersession(['runs', 'reconcile', runId, '--simulated'], {
    env: { USERSESSION_HOME },
  });
  expect(simulated.code).toBe(1);
  expect(simulated.err).toContain('usersession simulate');
});

test('runs query prints the run, the three queries and what the SOC should know, without asking anybody', async () => {
  const t = await startTenant();
  const user = plainUsers(1)(t.tenant)[0];
  const runId = await revoke(t, user?.id ?? '', '--reason', 'INC-1 "phish"');
  const before = t.tenant.requests.length;
  const text = await usersession(['runs', 'query', runId], { env: { USERSESSION_HOME } });
  expect(text).toMatchObject({ code: 0, err: '' });
  const json = await usersession(['runs', 'query', runId, '--output', 'json'], { env: { USERSESSION_HOME } });
  const query: AuditQuery = JSON.parse(json.out);
  expect(query).toMatchObject({ runId, users: 1, simulated: true, reason: 'INC-1 "phish"' });
  expect(query.kql[0]).toContain(`Reason = "INC-1 \\"phish\\""`);
  for (const part of [runId, ...query.kql, ...query.graph, ...query.powershell, ...query.notes])
    expect(text.out).toContain(part);
  expect(text.out).toContain(t.tenant.persona('globalAdministrator').userPrincipalName);
  expect(text.out).toContain('raises alerts');
  expect(t.tenant.requests).toHaveLength(before);
});
