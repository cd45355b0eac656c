import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../build/paths.ts';
import { type CommandRun, usersession } from '../support/command-line.ts';
import { startTenant, type TestTenant } from '../support/tenant.ts';
import { type PowerShellRun, runPowerShell } from '../module/power-shell.ts';
import { inTenant, rowsOf } from '../module/with-engine.ts';

const text = readFileSync(join(root, 'docs', 'situations.md'), 'utf8');
const situations = text.split(/^## /m).slice(1);
const blockOf = (number: number) => {
  const section = situations.find(s => s.startsWith(`${number}. `)) ?? '';
  const [, language, code] = /```(\w+)\n(.*?)```/s.exec(section) ?? [];
  return { language, code: code ?? '' };
};

const permissions = [
  'User.RevokeSessions.All',
  'User.Read.All',
  'GroupMember.Read.All',
  'RoleManagement.Read.Directory',
];
const caller = { persona: 'userAdministrator', permissions } as const;

/** Runs the block of a situation as it stands in the document. */
async function play(number: number, t: TestTenant, confirm = ['none']): Promise<PowerShellRun & CommandRun> {
  const { language, code } = blockOf(number);
  if (language === 'sh') {
    const command = await usersession(
      code
        .trim()
        .replace(/^usersession /, '')
        .split(/ +/),
      { env: t.env('app') },
    );
    return { ...command } as PowerShellRun & CommandRun;
  }
  const run = await runPowerShell(...inTenant(t, code, { persona: caller, confirm, format: { width: 120 } }));
  return { ...run } as PowerShellRun & CommandRun;
}

const outcomes = (run: PowerShellRun) => rowsOf(run.outputs).map(r => r['Outcome']);
const idOf = (t: TestTenant, name: string) =>
  t.tenant.users.find(u => u.userPrincipalName === `${name}@contoso.example`)?.id;

test('there are twelve, each with one block that is run here', () => {
  expect(situations).toHaveLength(12);
  expect(situations.map((_, i) => blockOf(i + 1).language).every(l => l === 'powershell' || l === 'sh')).toBe(
    true,
  );
});

test('1: a leaver is revoked, and the summary says that the account is enabled', async () => {
  const t = await startTenant();
  const run = await play(1, t);
  expect(outcomes(run)).toEqual(['Revoked']);
  expect(t.revoked()).toEqual([idOf(t, 'adelev')]);
  expect(run.information.join() + run.text).toContain('still enabled');
});

test('2: a phished user is named first and then revoked with times', async () => {
  const t = await startTenant();
  const run = await play(2, t);
  expect(run.whatIf.join()).toContain('Adele Vance (adelev@contoso.example)');
  expect(run.text).toMatch(/AccessTokensExpireBy\s*:\s*\S/);
  expect(t.revoked()).toEqual([idOf(t, 'adelev')]);
});

test('3: a department is revoked', async () => {
  const t = await startTenant();
  await play(3, t);
  const finance = t.tenant.users.filter(u => u.department === 'Finance');
  expect(finance.length).toBeGreaterThan(0);
  const reached = new Set(
    t.tenant.requests.filter(r => r.path.includes('revoke')).map(r => r.path.split('/').at(-2)),
  );
  expect(reached.size).toBe(finance.length);
});

test('4: 4,000 students go without a question, because the number was said', async () => {
  const t = await startTenant({ users: 2500 });
  const students = t.tenant.users.filter(u => u.department === 'Students');
  expect(students.length).toBeGreaterThan(200);
  const run = await play(4, t);
  expect(outcomes(run)).toHaveLength(students.length);
});

test('5: the break-glass accounts are excluded from everybody', async () => {
  const t = await startTenant();
  const run = await play(5, t);
  const glass = t.tenant.groups.find(g => g.displayName === 'Break Glass')?.memberIds ?? [];
  expect(glass.length).toBeGreaterThan(0);
  for (const id of glass) expect(t.revoked()).not.toContain(id);
  expect(outcomes(run)).toContain('Excluded');
});

test('6: the nightly job over Leavers, with devices and guests, ends with 0', async () => {
  const t = await startTenant();
  const run = await play(6, t);
  expect(run.err).toMatch(/revoked in/);
  expect(run.out).toContain('NotAUser');
  expect(run.out).toContain('NoEffect');
  expect(run.code).toBe(0);
});

test('7: the tenant is named before anything is done', async () => {
  const t = await startTenant();
  const run = await play(7, t);
  expect(run.whatIf.join()).toContain(t.tenant.tenantId);
  expect(run.text).toContain(t.tenant.tenantId);
  expect(t.tenant.record).toEqual([]);
});

test('8: an administrator above is denied with her role and the one it takes, the other is revoked', async () => {
  const t = await startTenant();
  const run = await play(8, t);
  expect(outcomes(run).sort()).toEqual(['Denied', 'Revoked']);
  const denied = rowsOf(run.outputs).find(r => r['Outcome'] === 'Denied');
  expect(denied?.['Detail']).toMatch(/holds .* It takes the role Privileged Authentication Administrator/);
});

test('9: oneself', async () => {
  const t = await startTenant();
  await play(9, t);
  expect(t.revoked()).toEqual([t.tenant.persona('userAdministrator').id]);
});

test('10: a typo is NotFound and costs nobody else anything', async () => {
  const t = await startTenant();
  const run = await play(10, t);
  expect(outcomes(run).sort()).toEqual(['NotFound', 'Revoked']);
  expect(run.errors[0]?.targetObject?.text).toBe('adelle@contoso.example');
});

test('11: a group object is a warning that says what to do', async () => {
  const t = await startTenant();
  const run = await play(11, t);
  expect(outcomes(run)).toEqual(['NotAUser']);
  expect(run.warnings.join() + run.text).toContain('-Transitive');
  expect(t.tenant.record).toEqual([]);
});

test('12: 250 users without a console send nothing and end with 4', async () => {
  const t = await startTenant();
  const run = await play(12, t);
  expect(run.code).toBe(4);
  expect(t.tenant.record).toEqual([]);
});
