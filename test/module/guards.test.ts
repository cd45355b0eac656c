import { expect, test } from 'vitest';
import type { SimulatedUser } from '../../src/simulator/simulated-tenant.ts';
import { startTenant } from '../support/tenant.ts';
import { runPowerShell } from './power-shell.ts';
import { inTenant, rowsOf } from './with-engine.ts';

const local = (u: SimulatedUser) => !u.userPrincipalName.includes('#EXT#');
const listOf = (users: readonly SimulatedUser[]) => users.map(u => `'${u.id}'`).join(',');

test.each(['7', '5.1'] as const)(
  '-Filter signs out exactly whom the filter finds, with the JSON of %s',
  async dialect => {
    const t = await startTenant();
    const run = await runPowerShell(
      ...inTenant(t, `Revoke-UserSession -Filter "department eq 'Contractors'"`, { dialect, persona: 'app' }),
    );
    const wanted = t.tenant.users.filter(u => u.department === 'Contractors');
    expect(
      rowsOf(run.outputs)
        .map(r => r['UserId'])
        .sort(),
    ).toEqual(wanted.map(u => u.id).sort());
    expect(
      rowsOf(run.outputs)
        .map(r => r['DisplayName'])
        .sort(),
    ).toEqual(wanted.map(u => u.displayName).sort());
  },
);

test('-Group takes a name, and -Transitive goes through nested groups', async () => {
  const t = await startTenant();
  const count = async (script: string) =>
    rowsOf((await runPowerShell(...inTenant(t, script, { persona: 'app' }))).outputs).length;
  const direct = await count(
    `Revoke-UserSession -Group 'Project Falcon' | Where-Object { $_.Outcome -ne 'NotAUser' }`,
  );
  const all = await count(
    `Revoke-UserSession -GroupId 'Project Falcon' -Transitive | Where-Object { $_.Outcome -ne 'NotAUser' }`,
  );
  expect(all).toBeGreaterThan(direct);
});

test.each([
  [`-Filter ' '`, 'InvalidSource', 'everybody'],
  [`-Filter 'departmnt eq 1'`, 'SourceUnreadable', '400'],
  [`-Group 'No Such Group'`, 'InvalidSource', 'There is no group'],
  [`-Group 'Sales Team'`, 'InvalidSource', 'object id of the one you mean'],
  [`-Me`, 'InvalidSource', 'not signed in as a person'],
  [`'a@contoso.example' -ExcludeGroup 'No Such Group'`, 'ExclusionUnreadable', 'nobody was revoked'],
  [`'a@contoso.example' -ExcludeUser 'typo@contoso.example'`, 'ExclusionUnreadable', 'nobody was revoked'],
])(
  '%s ends in one terminating error that can be caught, and sends nothing',
  async (parameters, code, sentence) => {
    const t = await startTenant();
    const script = `try { Revoke-UserSession ${parameters} } catch { "$($_.FullyQualifiedErrorId): $($_.Exception.Message)" }`;
    const run = await runPowerShell(...inTenant(t, script, { persona: 'app' }));
    expect(run.outputs).toHaveLength(1);
    expect(run.outputs[0]?.text).toMatch(new RegExp(`^${code},Revoke-UserSession: .*${sentence}`));
    expect(t.tenant.requests.some(r => r.path.includes('revoke'))).toBe(false);
  },
);

test('-MaxUsers 10 with a filter that finds more asks before anybody is sent; a no sends nothing', async () => {
  const t = await startTenant();
  const script = `try { Revoke-UserSession -Filter "department eq 'Sales'" -MaxUsers 10 } catch { "$($_.FullyQualifiedErrorId)" }`;
  const run = await runPowerShell(...inTenant(t, script, { confirm: ['no'] }));
  expect(run.prompts).toHaveLength(1);
  expect(run.prompts[0]?.message).toContain(t.tenant.tenantId);
  expect(run.outputs.at(-1)?.text).toBe('TooManyUsers,Revoke-UserSession');
  expect(t.tenant.record).toEqual([]);
});

test('in a pipe the question comes before the first one too many, and the rows say what was done', async () => {
  const t = await startTenant();
  const people = t.tenant.users.filter(local).slice(0, 15);
  const script = `try { ${listOf(people)} | Revoke-UserSession -MaxUsers 10 } catch { "$($_.FullyQualifiedErrorId)" }`;
  const run = await runPowerShell(...inTenant(t, script, { persona: 'app', confirm: ['no'] }));
  expect(run.prompts).toHaveLength(1);
  expect(t.tenant.record.length).toBeLessThanOrEqual(10);
  const rows = rowsOf(run.outputs);
  expect(rows.filter(r => r['Outcome'] === 'Revoked').length).toBe(t.tenant.record.length);
  expect(run.outputs.at(-1)?.text).toBe('TooManyUsers,Revoke-UserSession');
});

test('250 users where nobody can be asked: an error instead of a question, and never number 201', async () => {
  const t = await startTenant();
  const script = `try { ${listOf(t.tenant.users.slice(0, 250))} | Revoke-UserSession } catch { "$($_.FullyQualifiedErrorId)" }`;
  const run = await runPowerShell(...inTenant(t, script, { persona: 'app', confirm: ['none'] }));
  expect(run.outputs.at(-1)?.text).toBe('TooManyUsers,Revoke-UserSession');
  expect(new Set(t.tenant.record.map(r => r.userId)).size).toBeLessThanOrEqual(200);
});

test.each(['-Force', '-MaxUsers 250'])('%s answers the question beforehand', async answer => {
  const t = await startTenant();
  const run = await runPowerShell(
    ...inTenant(t, `${listOf(t.tenant.users.slice(0, 250))} | Revoke-UserSession ${answer}`, {
      persona: 'app',
      confirm: ['none'],
    }),
  );
  expect(rowsOf(run.outputs)).toHaveLength(250);
  expect(run.prompts).toEqual([]);
});

test('-AllUsers asks with the name of the tenant; a no sends nothing, -Force goes without a question', async () => {
  const t = await startTenant();
  const asked = await runPowerShell(
    ...inTenant(t, 'Revoke-UserSession -AllUsers -MaxUsers 5000', { persona: 'app', confirm: ['no'] }),
  );
  expect(asked.prompts[0]?.message).toContain(t.tenant.tenantId);
  expect(asked.outputs).toEqual([]);
  expect(t.tenant.requests.some(r => r.path.includes('revoke'))).toBe(false);
  const forced = await runPowerShell(
    ...inTenant(t, 'Revoke-UserSession -AllUsers -Force', { persona: 'app', confirm: ['none'] }),
  );
  expect(rowsOf(forced.outputs)).toHaveLength(t.tenant.users.length);
});

test('-ExcludeGroup and -ExcludeUser leave people alone in every form', async () => {
  const t = await startTenant();
  const people = t.tenant.users.filter(u => u.department === 'Finance' && local(u));
  const [named, ...others] = people;
  const script = `$keep = Get-MgUser -UserId '${named?.id}'; ${listOf(people)} | Revoke-UserSession -ExcludeUser $keep -ExcludeGroup 'Break Glass'`;
  const run = await runPowerShell(...inTenant(t, script, { persona: 'app' }));
  expect(rowsOf(run.outputs).find(r => r['UserId'] === named?.id)?.['Outcome']).toBe('Excluded');
  expect(t.revoked()).not.toContain(named?.id);
  expect(t.revoked().length).toBeGreaterThan(others.length / 2);
});

test('USERSESSION_EXCLUDE_GROUP binds the module', async () => {
  const t = await startTenant();
  const script = `Revoke-UserSession -Group 'Break Glass'`;
  const run = await runPowerShell(
    ...inTenant(t, script, {
      persona: 'app',
      freshProcess: true,
      env: { USERSESSION_EXCLUDE_GROUP: 'Break Glass' },
    }),
  );
  expect(new Set(rowsOf(run.outputs).map(r => r['Outcome']))).toEqual(new Set(['Excluded']));
  expect(t.tenant.record).toEqual([]);
});

test('USERSESSION_EXCLUDE_GROUP set after the engine was started binds the next command', async () => {
  const t = await startTenant();
  const script = `$null = Get-UserSessionTenant; $env:USERSESSION_EXCLUDE_GROUP = 'Break Glass'; Revoke-UserSession -Group 'Break Glass'`;
  const run = await runPowerShell(...inTenant(t, script, { persona: 'app', freshProcess: true }));
  expect(new Set(rowsOf(run.outputs).map(r => r['Outcome']))).toEqual(new Set(['Excluded']));
  expect(t.tenant.record).toEqual([]);
});

test('your own account is left alone, goes last with -IncludeSelf, and alone with -Me', async () => {
  const t = await startTenant();
  const self = t.tenant.persona('globalAdministrator');
  const others = t.tenant.users.filter(u => local(u) && u.id !== self.id).slice(0, 5);
  const everybody = listOf([self, ...others]);
  const spared = await runPowerShell(...inTenant(t, `${everybody} | Revoke-UserSession`));
  expect(rowsOf(spared.outputs).find(r => r['UserId'] === self.id)?.['Outcome']).toBe('Excluded');
  expect(t.revoked()).not.toContain(self.id);
  const alone = await runPowerShell(...inTenant(t, `'${self.userPrincipalName}' | Revoke-UserSession`));
  expect(alone.warnings.join()).toContain('-Me');
  await runPowerShell(...inTenant(t, `${everybody} | Revoke-UserSession -IncludeSelf`));
  expect(t.revoked().at(-1)).toBe(self.id);
});

test('-Me signs the signed-in person out', async () => {
  const t = await startTenant();
  await runPowerShell(...inTenant(t, 'Revoke-UserSession -Me', { persona: 'userAdministrator' }));
  expect(t.revoked()).toEqual([t.tenant.persona('userAdministrator').id]);
});

test('exactly 100 objects from Graph raise the question whether -All was forgotten', async () => {
  const t = await startTenant();
  const run = await runPowerShell(...inTenant(t, 'Get-MgUser | Revoke-UserSession', { persona: 'app' }));
  expect(rowsOf(run.outputs)).toHaveLength(100);
  expect(run.warnings.join()).toContain('-All');
});

test('a context that changes between two runs takes the next run to the other tenant, and nobody of one is looked for in the other', async () => {
  const first = await startTenant({ seed: 1 });
  const second = await startTenant({ seed: 2 });
  const [a] = first.tenant.users.filter(local);
  const [b] = second.tenant.users.filter(local);
  const script = `
    '${a?.id}' | Revoke-UserSession
    Add-MgEnvironment -Name Second -GraphEndpoint '${second.url}' -AzureADEndpoint 'https://login.example'
    Connect-MgGraph -Environment Second -AccessToken (ConvertTo-SecureString '${second.connection('app').token}' -AsPlainText -Force) | Out-Null
    '${b?.id}' | Revoke-UserSession`;
  const run = await runPowerShell(...inTenant(first, script, { persona: 'app' }));
  expect(rowsOf(run.outputs).map(r => [r['TenantId'], r['Outcome']])).toEqual([
    [first.tenant.tenantId, 'Revoked'],
    [second.tenant.tenantId, 'Revoked'],
  ]);
  expect(first.revoked()).toEqual([a?.id]);
  expect(second.revoked()).toEqual([b?.id]);
  expect(second.tenant.requests.some(r => r.path.includes(a?.id ?? ''))).toBe(false);
});

test('a name that turns the reading direction or moves the cursor is shown harmlessly', async () => {
  const t = await startTenant();

  const hostile = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
  const bidi = t.tenant.users.find(u => hostile.test(u.displayName ?? ''));
  const run = await runPowerShell(
    ...inTenant(t, `Revoke-UserSession '${bidi?.id}'`, { persona: 'app', format: { width: 120 } }),
  );
  expect(run.text).toContain(bidi?.userPrincipalName.slice(0, 8));
  expect(run.text.replaceAll('\n', '')).not.toMatch(hostile);
  expect(rowsOf(run.outputs)[0]?.['DisplayName']).toBe(bidi?.displayName);
});
