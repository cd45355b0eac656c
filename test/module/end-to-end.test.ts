import { expect, test } from 'vitest';
import type { SimulatedUser } from '../../src/simulator/simulated-tenant.ts';
import { startTenant } from '../support/tenant.ts';
import { runPowerShell, startPowerShell } from './power-shell.ts';
import { isAlive } from './with-stub.ts';
import { builtModule, childrenOf, inTenant, rowsOf } from './with-engine.ts';

const local = (u: SimulatedUser) => !u.userPrincipalName.includes('#EXT#');

test.each(['7', '5.1'] as const)(
  'Get-MgUser piped into Revoke-UserSession revokes a department, with the JSON of PowerShell %s',
  async dialect => {
    const t = await startTenant();
    const script = `Get-MgUser -Filter "department eq 'Contractors'" -All | Revoke-UserSession`;
    const run = await runPowerShell(...inTenant(t, script, { dialect, persona: 'app' }));
    const people = t.tenant.users.filter(u => u.department === 'Contractors');
    const rows = rowsOf(run.outputs);
    expect(rows.map(r => r['UserId']).sort()).toEqual(people.map(u => u.id).sort());
    // Names that look like dates, formulas or worse stay what they are.
    expect(rows.map(r => r['DisplayName']).sort()).toEqual(people.map(u => u.displayName).sort());
    for (const output of run.outputs) {
      expect(output.properties['DisplayName']?.type).toBe('string');
      const stamp = output.properties['SessionsValidFrom'];
      expect([stamp?.type, stamp?.kind]).toEqual(['datetime', 'Utc']);
    }
    expect(t.revoked().sort()).toEqual(people.map(u => u.id).sort());
    expect(run.errors).toEqual([]);
  },
);

test('the members of a mixed group come out as what they are, and the summary tells it', async () => {
  const t = await startTenant();
  const script = `$g = Get-MgGroup -Filter "displayName eq 'Project Falcon'"; Get-MgGroupMember -GroupId $g.Id -All | Revoke-UserSession`;
  const run = await runPowerShell(...inTenant(t, script, { persona: 'userAdministrator' }));
  const outcomes = new Set(rowsOf(run.outputs).map(r => r['Outcome']));
  expect(outcomes).toEqual(new Set(['Revoked', 'NoEffect', 'NotAUser', 'Denied']));
  expect(run.information.join()).toMatch(/SIMULATED: nobody was signed out\..* still enabled/);
});

test('faults of every kind between PowerShell and the tenant leave one honest row per user', async () => {
  const rate = 0.05;
  const t = await startTenant({
    slowMs: 200,
    retryAfterSeconds: 1,
    faults: {
      throttle: rate,
      serverError: rate,
      unavailable: rate,
      gatewayTimeout: rate,
      slow: rate,
      missingItem: rate,
    },
  });
  const people = t.tenant.users.slice(0, 150);
  const ids = people.map(u => `'${u.id}'`).join(',');
  const run = await runPowerShell(
    ...inTenant(t, `${ids} | Revoke-UserSession`, { persona: 'app', timeoutMs: 170_000 }),
  );
  const rows = rowsOf(run.outputs);
  expect(rows.map(r => r['Reference']).sort()).toEqual(people.map(u => u.id).sort());
  const done = new Set(t.tenant.record.filter(r => r.effective).map(r => r.userId));
  for (const row of rows) if (row['Outcome'] === 'Revoked') expect(done).toContain(row['UserId']);
  expect(rows.filter(r => r['Outcome'] === 'Revoked').length).toBeGreaterThan(
    0.9 * people.filter(local).length,
  );
}, 180_000);

test('-WhatIf names the person and the tenant, a declined -Confirm names them too, and neither sends a write', async () => {
  const t = await startTenant();
  const [user] = t.tenant.users.filter(u => local(u) && u.roles.length === 0);
  const what = await runPowerShell(...inTenant(t, `'${user?.id}' | Revoke-UserSession -WhatIf`));
  expect(what.whatIf.join()).toContain(`${user?.displayName} (${user?.userPrincipalName})`);
  expect(what.whatIf.join()).toContain(t.tenant.tenantId);
  const asked = await runPowerShell(
    ...inTenant(t, `'${user?.id}' | Revoke-UserSession -Confirm`, { confirm: ['no'] }),
  );
  expect(asked.prompts[0]?.message).toContain(user?.userPrincipalName);
  expect([...what.outputs, ...asked.outputs]).toEqual([]);
  expect(t.tenant.requests.some(r => r.path.includes('revoke'))).toBe(false);
});

test('the token of the Graph session is renewed in the middle of a run, and nobody is lost', async () => {
  const t = await startTenant();
  const ids = t.tenant.users
    .filter(local)
    .map(u => u.id)
    .slice(0, 40);
  const fresh = t.tenant.issueToken({ persona: 'app', lifetimeSeconds: 7200 });
  const script = `
    ${ids.map(id => `'${id}'`).join(',')} | ForEach-Object -Begin { $n = 0 } -Process { if (++$n -eq 20) { $env:MG_STANDIN_TOKEN = '${fresh}'; 'expire' | Out-Null; Start-Sleep -Milliseconds 300 }; $_ } | Revoke-UserSession`;
  const running = runPowerShell(...inTenant(t, script, { persona: 'globalAdministrator' }));
  while (t.tenant.record.length === 0) await new Promise(resolve => setTimeout(resolve, 5));
  const run = await running;
  expect(rowsOf(run.outputs)).toHaveLength(40);
  expect(new Set(rowsOf(run.outputs).map(r => r['Outcome']))).toEqual(new Set(['Revoked']));
});

test('a sign-in that Graph refuses ends in one terminating error that says so, after a row for everybody', async () => {
  const t = await startTenant();
  const [script, options] = inTenant(
    t,
    `Get-MgContext | Out-Null; try { 'a@contoso.example', '${t.tenant.users[0]?.id}' | Revoke-UserSession } catch { "caught $($_.FullyQualifiedErrorId)" }`,
  );
  t.tenant.expireTokens();
  const run = await runPowerShell(script, options);
  expect(run.outputs.at(-1)?.text).toMatch(/^caught NotSignedIn/);
  expect(rowsOf(run.outputs).map(r => r['Outcome'])).toEqual(['Cancelled', 'Cancelled']);
  expect(t.tenant.record).toEqual([]);
});

test('a tenant that goes away in the middle leaves a row for everybody', async () => {
  const t = await startTenant({ latencyMs: 100 });
  const ids = t.tenant.users
    .filter(local)
    .map(u => u.id)
    .slice(0, 60);
  const running = runPowerShell(
    ...inTenant(t, `${ids.map(id => `'${id}'`).join(',')} | Revoke-UserSession -VerificationTime 2`, {
      timeoutMs: 170_000,
    }),
  );
  while (t.tenant.record.length === 0) await new Promise(resolve => setTimeout(resolve, 5));
  await t.close();
  const rows = rowsOf((await running).outputs);
  expect(rows.map(r => r['Reference']).sort()).toEqual(ids.sort());
  const done = new Set(t.tenant.record.map(r => r.userId));
  for (const row of rows) if (row['Outcome'] === 'Revoked') expect(done).toContain(row['UserId']);
}, 180_000);

test('a killed engine: no row is missing, one error that can be caught, and the next command works again', async () => {
  const t = await startTenant({ latencyMs: 400 });
  const ids = t.tenant.users
    .filter(local)
    .map(u => u.id)
    .slice(0, 100);
  const script = `
    try { ${ids.map(id => `'${id}'`).join(',')} | Revoke-UserSession } catch { "caught $($_.FullyQualifiedErrorId) $($_.TargetObject.Count)" }
    '${ids[0]}' | Revoke-UserSession`;
  const running = startPowerShell(...inTenant(t, script));
  while (t.tenant.record.length === 0) await new Promise(resolve => setTimeout(resolve, 5));
  const [engine] = childrenOf(running.pid);
  process.kill(engine ?? 0, 'SIGKILL');
  const run = await running.finished;
  const rows = rowsOf(run.outputs);
  const before = rows.slice(0, -1);
  const told = new Map(before.map(r => [r['Reference'], r['Outcome']]));
  expect(told.size).toBe(before.length);
  expect(before.some(r => r['Outcome'] === 'Unknown')).toBe(true);
  // Whoever had not been handed over when it died has no row; whoever the tenant saw has one.
  for (const { userId } of t.tenant.record) expect(told.has(userId), userId).toBe(true);
  const unknown = before.filter(r => r['Outcome'] === 'Unknown').length;
  expect(run.outputs.map(o => o.text)).toContainEqual(
    expect.stringMatching(`^caught EngineStopped,Revoke-UserSession ${unknown}$`),
  );
  expect(rows.at(-1)?.['Outcome']).toBe('Revoked');
}, 90_000);

test('PowerShell killed with SIGKILL takes the engine along within two seconds', async () => {
  const t = await startTenant({ latencyMs: 300 });
  const ids = t.tenant.users.map(u => `'${u.id}'`).join(',');
  const running = startPowerShell(...inTenant(t, `${ids} | Revoke-UserSession`));
  while (t.tenant.record.length === 0) await new Promise(resolve => setTimeout(resolve, 5));
  const [engine = 0] = childrenOf(running.pid);
  running.kill('SIGKILL');
  const start = performance.now();
  while (isAlive(engine)) {
    expect(performance.now() - start).toBeLessThan(2000);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
});

test('rehearsal without a tenant: connect, revoke a sample user, disconnect', async () => {
  const run = await runPowerShell(`
    Import-Module '${builtModule}'
    $tenant = Connect-UserSessionTenant -Simulated
    $tenant.SampleUsers | Revoke-UserSession -ErrorAction SilentlyContinue
    Disconnect-UserSessionTenant
    try { 'a@contoso.example' | Revoke-UserSession } catch { "caught $($_.FullyQualifiedErrorId)" }`);
  const rows = rowsOf(run.outputs);
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.every(r => String(r['Detail']).includes('SIMULATED'))).toBe(true);
  expect(run.outputs.at(-1)?.text).toMatch(/^caught NotSignedIn/);
});
