import { expect, test } from 'vitest';
import type { RevocationResult } from '../../src/protocol/row.ts';
import { usersession } from '../support/command-line.ts';
import { startTenant } from '../support/tenant.ts';

const rowsOf = (out: string): RevocationResult[] => JSON.parse(out);

test('--filter revokes exactly whom the filter finds', async () => {
  const { tenant, env, revoked } = await startTenant();
  const run = await usersession(['revoke', '--filter', "department eq 'Finance'", '--output', 'json'], {
    env: env('app'),
  });
  const finance = tenant.users.filter(u => u.department === 'Finance').map(u => u.id);
  expect(
    rowsOf(run.out)
      .map(r => r.userId)
      .sort(),
  ).toEqual(finance.sort());
  expect(revoked().sort()).toEqual(finance.sort());
  expect(run.code).toBe(0);
});

test('--group takes a name, shows what is no user, and --transitive goes through nested groups', async () => {
  const { env } = await startTenant();
  const direct = await usersession(['revoke', '--group', 'Project Falcon', '--output', 'json'], {
    env: env('app'),
  });
  const all = await usersession(['revoke', '--group', 'Project Falcon', '--transitive', '--output', 'json'], {
    env: env('app'),
  });
  const users = (out: string) => rowsOf(out).filter(r => r.outcome !== 'NotAUser').length;
  expect(users(all.out)).toBeGreaterThan(users(direct.out));
  expect(rowsOf(direct.out).some(r => r.outcome === 'NotAUser')).toBe(true);
});

test('an empty group is nothing to do and no failure: exit code 0, with a sentence', async () => {
  const { env } = await startTenant();
  const run = await usersession(['revoke', '--group', 'Nobody Here', '--output', 'json'], {
    env: env('app'),
  });
  expect(run.code).toBe(0);
  expect(run.out).toBe('[]\n');
  expect(run.err).toContain('There are no users in it');
});

test('--all-users is stopped by the limit before anybody is sent, and --force lets it go', async () => {
  const { tenant, env, revoked } = await startTenant();
  const refused = await usersession(['revoke', '--all-users'], { env: env('app') });
  expect(refused.code).toBe(4);
  expect(refused.err).toContain('More than 200 users');
  expect(tenant.requests.some(r => r.path.includes('revoke'))).toBe(false);
  const forced = await usersession(['revoke', '--all-users', '--force', '--output', 'json'], {
    env: env('app'),
  });
  expect(forced.code).toBe(0);
  expect(new Set(revoked()).size).toBe(tenant.users.length);
});

test('--max-users 10 with a filter that finds more sends nothing', async () => {
  const { tenant, env } = await startTenant();
  const run = await usersession(['revoke', '--filter', "department eq 'Sales'", '--max-users', '10'], {
    env: env(),
  });
  expect(run.code).toBe(4);
  expect(tenant.record).toEqual([]);
});

test('--me signs the caller out, last and alone', async () => {
  const { tenant, env, revoked } = await startTenant();
  const run = await usersession(['revoke', '--me', '--output', 'json'], { env: env('userAdministrator') });
  expect(revoked()).toEqual([tenant.persona('userAdministrator').id]);
  expect(rowsOf(run.out)).toHaveLength(1);
});

test('--exclude-user and --exclude-group leave people alone', async () => {
  const { tenant, env, revoked } = await startTenant();
  const [first] = tenant.users.filter(u => u.department === 'Finance');
  const args = ['--filter', "department eq 'Finance'", '--exclude-user', first?.userPrincipalName ?? ''];
  const run = await usersession(['revoke', ...args, '--exclude-group', 'Break Glass', '--output', 'json'], {
    env: env('app'),
  });
  expect(rowsOf(run.out).find(r => r.userId === first?.id)?.outcome).toBe('Excluded');
  expect(revoked()).not.toContain(first?.id);
  expect(revoked().length).toBeGreaterThan(0);
});

test.each([
  [['--filter', ' '], 1, 'everybody'],
  [['--filter', 'departmnt eq 1'], 1, '400'],
  [['--group', 'No Such Group'], 1, 'There is no group'],
  [['--group', 'Sales Team'], 1, 'object id of the one you mean'],
  [['a@b.c', '--all-users'], 1, 'in one way'],
  [['--filter', "department eq 'Sales'", '--me'], 1, 'in one way'],
  [['a@b.c', '--transitive'], 1, 'goes with --group'],
  [['a@b.c', '--max-users', '0'], 1, 'from 1 up'],
  [['a@b.c', '--exclude-group', 'No Such Group'], 1, "can't be read"],
])('%j sends nothing: exit code %i and a sentence', async (args, code, sentence) => {
  const { tenant, env } = await startTenant();
  const run = await usersession(['revoke', ...args], { env: env('app') });
  expect(run.code).toBe(code);
  expect(run.err).toContain(sentence);
  expect(tenant.record).toEqual([]);
});

test('--me for an app says that there is no person', async () => {
  const { env } = await startTenant();
  const run = await usersession(['revoke', '--me'], { env: env('app') });
  expect(run.code).toBe(1);
  expect(run.err).toContain('not signed in as a person');
});

test('--strict lets a warning fail the command', async () => {
  const { tenant, env } = await startTenant();
  const guest = tenant.users.find(u => u.userPrincipalName.includes('#EXT#'))?.id ?? '';
  expect((await usersession(['revoke', guest], { env: env() })).code).toBe(0);
  expect((await usersession(['revoke', guest, '--strict'], { env: env() })).code).toBe(2);
});

test('a group that is not there leaves no run that would have to be resumed', async () => {
  const { env } = await startTenant();
  const run = await usersession(['revoke', '--group', 'No Such Group'], { env: env('app') });
  expect(run.code).not.toBe(0);
  const runs = await usersession(['runs', 'list', '--output', 'json'], { env: env('app') });
  const [last] = JSON.parse(runs.out).filter((r: { users: number }) => r.users === 0);
  expect(last).toMatchObject({ left: 0 });
  const unfinished = await usersession(['runs', 'list', '--unfinished', '--output', 'json'], {
    env: env('app'),
  });
  expect(JSON.parse(unfinished.out).map((r: { runId: string }) => r.runId)).not.toContain(last.runId);
});
