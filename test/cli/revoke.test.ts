import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, expect, test } from 'vitest';
import { RevocationResult as isRow } from '../../src/protocol/generated/validators.js';
import type { RevocationResult } from '../../src/protocol/row.ts';
import type { SimulatedUser } from '../../src/simulator/simulated-tenant.ts';
import { usersession } from '../support/command-line.ts';
import { lettingAHundredThrough, startTenant } from '../support/tenant.ts';

const folder = mkdtempSync(join(tmpdir(), 'usersession-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const plain = (u: SimulatedUser) =>
  !u.userPrincipalName.includes('#EXT#') && u.roles.length === 0 && u.accountEnabled;

test('a CSV file of leavers: one row each, the summary and the errors beside it, exit code 2 for the one who failed', async () => {
  const { tenant, env, revoked } = await startTenant();
  const users = tenant.users.filter(plain).slice(0, 3);
  const rows = users.map(u => `"${u.displayName?.replace(/"/g, '""')}",${u.userPrincipalName}`);
  const csv = file(
    'leavers.csv',
    `Name,User principal name\n${rows.join('\n')}\nTypo,nobody@contoso.example\n`,
  );
  const run = await usersession(['revoke', '--users-from', csv, '--output', 'json'], { env: env() });
  expect(run.code).toBe(2);
  const result: RevocationResult[] = JSON.parse(run.out);
  expect(result.map(r => r.outcome).sort()).toEqual(['NotFound', 'Revoked', 'Revoked', 'Revoked']);
  expect(revoked().sort()).toEqual(users.map(u => u.id).sort());
  expect(run.err).toContain('error: nobody@contoso.example: NotFound.');
  expect(run.err).toMatch(/3 of 4 revoked in .* s\..* still enabled/);
});

test.each(['json', 'jsonl', 'csv', 'table'])(
  '--output %s gives every user once, on standard output alone',
  async format => {
    const { tenant, env } = await startTenant();
    const users = tenant.users.filter(plain).slice(0, 5);
    const run = await usersession(['revoke', ...users.map(u => u.id), '--output', format], { env: env() });
    expect(run.code).toBe(0);
    if (format === 'table') {
      expect(run.out).toMatch(/^Outcome +User/);
      expect(run.out.split('\n').filter(line => line.startsWith('Revoked'))).toHaveLength(5);
      return;
    }
    const rows: Record<string, unknown>[] =
      format === 'json'
        ? JSON.parse(run.out)
        : format === 'jsonl'
          ? run.out
              .trimEnd()
              .split('\n')
              .map(line => JSON.parse(line))
          : parse(run.out, { columns: true });
    expect(rows.map(r => r['userId']).sort()).toEqual(users.map(u => u.id).sort());
    expect(rows.map(r => String(r['succeeded']))).toEqual(users.map(() => 'true'));
    if (format !== 'csv') for (const row of rows) expect(isRow(row), JSON.stringify(isRow.errors)).toBe(true);
  },
);

test('its own CSV can be read again', async () => {
  const { tenant, env } = await startTenant();
  const users = tenant.users.filter(plain).slice(0, 4);
  const first = await usersession(['revoke', ...users.map(u => u.id), '--output', 'csv'], { env: env() });
  const again = await usersession(['revoke', '--users-from', '-', '--output', 'json'], {
    env: env(),
    input: first.out,
  });
  expect(again.code).toBe(0);
  expect(JSON.parse(again.out)).toHaveLength(4);
});

test('a name that a spreadsheet would run as a formula is defused in CSV', async () => {
  const { tenant, env } = await startTenant();
  const hostile = tenant.users.find(u => u.displayName?.startsWith('='));
  const run = await usersession(['revoke', hostile?.id ?? '', '--output', 'csv'], { env: env() });
  const [row] = parse(run.out, { columns: true }) as Record<string, string>[];
  expect(row?.['displayName']).toBe(`'${hostile?.displayName}`);
});

const id = (u: SimulatedUser | undefined) => u?.id ?? '';
const upn = (u: SimulatedUser | undefined) => u?.userPrincipalName ?? '';
test.each([
  ['one user a line', (a: SimulatedUser, b: SimulatedUser) => `# leavers\n${id(a)}\n\n  ${upn(b)}  \n`],
  ['with the line ends of Windows', (a: SimulatedUser, b: SimulatedUser) => `${id(a)}\r\n${upn(b)}\r\n`],
  ['a JSON array of texts', (a: SimulatedUser, b: SimulatedUser) => JSON.stringify([id(a), upn(b)])],
  [
    'a JSON array of objects',
    (a: SimulatedUser, b: SimulatedUser) => JSON.stringify([{ id: id(a) }, { UPN: upn(b) }], null, 2),
  ],
  [
    'a page of Graph',
    (a: SimulatedUser, b: SimulatedUser) =>
      JSON.stringify({ value: [{ id: id(a) }, { id: id(b) }] }, null, 2),
  ],
  [
    'JSON lines',
    (a: SimulatedUser, b: SimulatedUser) => `{"userId":"${id(a)}"}\n{"userPrincipalName":"${upn(b)}"}\n`,
  ],
  [
    'CSV with semicolons',
    (a: SimulatedUser, b: SimulatedUser) => `Abteilung;Object Id\nx;${id(a)}\ny;${id(b)}\n`,
  ],
  [
    'CSV with tabs',
    (a: SimulatedUser, b: SimulatedUser) => `AccountUpn\tRisk\n${upn(a)}\thigh\n${upn(b)}\tlow\n`,
  ],
  ['CSV of one column', (a: SimulatedUser, b: SimulatedUser) => `UserPrincipalName\n${upn(a)}\n${upn(b)}\n`],
  [
    'with a byte order mark',
    (a: SimulatedUser, b: SimulatedUser) => `\uFEFFUPN,x\n${upn(a)},1\n${upn(b)},2\n`,
  ],
])('a file is understood by its content: %s', async (name, content) => {
  const { tenant, env, revoked } = await startTenant();
  const [a, b] = tenant.users.filter(plain);
  if (!a || !b) throw new Error('no users');
  const run = await usersession(['revoke', '--users-from', file(`${name}.txt`, content(a, b))], {
    env: env(),
  });
  expect(run.err).toMatch(/2 of 2 revoked/);
  expect(run.code).toBe(0);
  expect(revoked().sort()).toEqual([a.id, b.id].sort());
});

test('a file that Windows PowerShell wrote in UTF-16 is understood', async () => {
  const { tenant, env } = await startTenant();
  const [user] = tenant.users.filter(plain);
  const bytes = Buffer.concat([
    Buffer.from([0xff, 0xfe]),
    Buffer.from(`${user?.userPrincipalName}\r\n`, 'utf16le'),
  ]);
  const run = await usersession(['revoke', '--users-from', file('utf16.txt', bytes)], { env: env() });
  expect(run.err).toMatch(/1 of 1 revoked/);
});

test.each([
  ['missing', 'does-not-exist.csv', null, 'There is no file'],
  ['a folder', '.', null, 'is a folder'],
  ['not UTF-8', 'latin1.csv', Buffer.from('UPN,Name\na@b.c,Ren\xe9\n', 'latin1'), 'not UTF-8'],
  ['CSV with an unknown heading', 'heading.csv', 'Person,Team\nadele,x\n', 'No column of'],
  ['a list with an unknown heading', 'people.txt', 'People\na@b.c\n', 'No column of'],
  ['CSV without headings', 'none.csv', 'a@b.c,Adele\nd@b.c,Dan\n', 'no headings'],
  ['broken JSON', 'broken.json', '[{"id": "x"', 'no proper JSON'],
])(
  'a file that is %s: exit code 1, a sentence that says what to do, nothing sent',
  async (_, name, content, sentence) => {
    const { tenant, env } = await startTenant();
    const path = content === null ? join(folder, name) : file(name, content);
    const run = await usersession(['revoke', '--users-from', path], { env: env() });
    expect(run.code).toBe(1);
    expect(run.err).toContain(sentence);
    expect(tenant.record).toEqual([]);
  },
);

test('10,000 lines with 3 bad ones: the bad ones get a row each and cost nobody else the revocation', async () => {
  // 2,499 people, four times each: the quota of 3,000 writes would make the test wait otherwise.
  const { tenant, env, revoked } = await startTenant({ users: 2499 });
  const lines = Array.from({ length: 4 }, () => tenant.users.map(u => u.id)).flat();
  lines.splice(100, 0, 'not a user');
  lines.splice(5000, 0, 'CONTOSO\\adele');
  lines.splice(9000, 0, '@@', tenant.users[0]?.id ?? '');
  const run = await usersession(['revoke', '--users-from', '-', '--force', '--output', 'jsonl'], {
    env: env('app'),
    input: lines.join('\n'),
  });
  const rows: RevocationResult[] = run.out
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));
  expect(rows).toHaveLength(10_000);
  const bad = rows.filter(r => r.outcome === 'InvalidReference').map(r => r.reference);
  expect(bad.sort()).toEqual(['@@', 'CONTOSO\\adele', 'not a user']);
  expect(revoked().sort()).toEqual(tenant.users.map(u => u.id).sort());
  expect(run.code).toBe(2);
});

test('--what-if names everybody with the tenant and sends nothing', async () => {
  const { tenant, env } = await startTenant();
  const [user] = tenant.users.filter(plain);
  const run = await usersession(['revoke', user?.id ?? '', 'nobody@contoso.example', '--what-if'], {
    env: env(),
  });
  expect(run.code).toBe(0);
  expect(run.out).toContain(
    `What if: Revoke all sign-in sessions of ${user?.displayName} (${user?.userPrincipalName})`,
  );
  expect(run.out).toContain(tenant.tenantId);
  expect(run.out).toContain('would end as NotFound');
  expect(tenant.requests.filter(r => r.path.includes('revoke'))).toEqual([]);
});

test('more than 200 users without anybody to ask: nothing is sent, exit code 4; --force lets them through', async () => {
  const { tenant, env, revoked } = await startTenant();
  const input = tenant.users
    .slice(0, 201)
    .map(u => u.id)
    .join('\n');
  const refused = await usersession(['revoke', '--users-from', '-'], { env: env('app'), input });
  expect(refused.code).toBe(4);
  expect(refused.err).toContain('More than 200 users');
  expect(revoked()).toEqual([]);
  const forced = await usersession(['revoke', '--users-from', '-', '--force'], { env: env('app'), input });
  expect(forced.code).toBe(0);
  expect(new Set(revoked()).size).toBe(201);
});

test.each([
  [['revoke'], 'Nobody was named'],
  [['revoke', 'a@b.c', '--output', 'xml'], 'Allowed choices are table, json, jsonl, csv'],
  [['revoke', 'a@b.c', '--verification-time', 'soon'], 'seconds from 0 to 3600'],
  [['revoke', 'a@b.c', '--wipe'], "unknown option '--wipe'"],
  [['revok'], "unknown command 'revok'"],
])('%j is wrong use: exit code 1 and a sentence', async (args, sentence) => {
  const run = await usersession(args, { env: { USERSESSION_ACCESS_TOKEN: 'x' } });
  expect(run.code).toBe(1);
  expect(run.err).toContain(sentence);
  expect(run.out).toBe('');
});

test('an empty file is nothing to do: exit code 1', async () => {
  const { env } = await startTenant();
  const run = await usersession(['revoke', '--users-from', '-'], { env: env(), input: '\n' });
  expect(run.code).toBe(1);
  expect(run.err).toContain('No users were handed in.');
  expect(run.err).toMatch(/^error: .* names nobody: it is empty, or has headings and no rows\.$/m);
});

test('without a token: exit code 3 and how to sign in', async () => {
  const run = await usersession(['revoke', 'a@b.c']);
  expect(run.code).toBe(3);
  expect(run.err).toContain('USERSESSION_ACCESS_TOKEN');
});

test('with a token that Graph refuses: exit code 3, a row each, nothing sent', async () => {
  const { tenant, env } = await startTenant();
  const expired = env();
  tenant.expireTokens();
  const run = await usersession(['revoke', ...tenant.users.slice(0, 3).map(u => u.id), '--output', 'json'], {
    env: expired,
  });
  expect(run.code).toBe(3);
  expect((JSON.parse(run.out) as RevocationResult[]).map(r => r.outcome)).toEqual([
    'Cancelled',
    'Cancelled',
    'Cancelled',
  ]);
  expect(run.err).toContain('Sign in again');
});

test('a token with a line break in it is neither sent nor shown', async () => {
  const { tenant, env } = await startTenant();
  const secret = `${env()['USERSESSION_ACCESS_TOKEN']}\nsecond-line`;
  const run = await usersession(['revoke', tenant.users[0]?.id ?? ''], {
    env: { ...env(), USERSESSION_ACCESS_TOKEN: secret },
  });
  expect(run.code).toBe(3);
  expect(run.out + run.err).not.toContain(secret.slice(0, 40));
  expect(run.out + run.err).not.toContain('second-line');
  expect(tenant.requests).toEqual([]);
});

test('quotes in the middle of a name, and a name that begins with #, are rows like others', async () => {
  const { tenant, env, revoked } = await startTenant();
  const [a, b] = tenant.users.filter(plain);
  const csv = file(
    'quotes.csv',
    `#TYPE Selected\nDisplayName,ObjectId\nJo "Boss" X,${a?.id}\n#1 Sales Bot,${b?.id}\n`,
  );
  const run = await usersession(['revoke', '--users-from', csv], { env: env() });
  expect(run.code).toBe(0);
  expect(revoked().sort()).toEqual([a?.id, b?.id].sort());
});

test('--what-if in JSON is JSON', async () => {
  const { tenant, env } = await startTenant();
  const [user] = tenant.users.filter(plain);
  const run = await usersession(['revoke', user?.id ?? '', '--what-if', '--output', 'json'], { env: env() });
  expect(JSON.parse(run.out)).toMatchObject([
    { userId: user?.id, userPrincipalName: user?.userPrincipalName },
  ]);
  expect(tenant.record).toEqual([]);
});

test('a token is not sent over plain http', async () => {
  const run = await usersession(['revoke', 'a@b.c', '--graph-url', 'http://graph.microsoft.com'], {
    env: { USERSESSION_ACCESS_TOKEN: 'x' },
  });
  expect(run.code).toBe(1);
  expect(run.err).toContain('https');
});

test('guests alone are a warning, not a failure', async () => {
  const { tenant, env } = await startTenant();
  const guest = tenant.users.find(u => u.userPrincipalName.includes('#EXT#'));
  const run = await usersession(['revoke', guest?.userPrincipalName ?? ''], { env: env() });
  expect(run.code).toBe(0);
  expect(run.err).toContain('warning:');
  expect(run.err).toContain('NoEffect');
});

test('--simulated needs no sign-in and says that nobody was signed out', async () => {
  const run = await usersession(['revoke', 'nobody@contoso.example', '--simulated']);
  expect(run.code).toBe(2);
  expect(run.err).toContain('SIMULATED: nobody was signed out.');
});

test('Ctrl+C: what has been sent is settled, the rest is Cancelled, exit code 130', async () => {
  const { tenant, env } = await startTenant({ latencyMs: 500, ...lettingAHundredThrough });
  const users = tenant.users.filter(plain).slice(0, 190);
  const run = await usersession(['revoke', '--users-from', '-', '--output', 'json'], {
    env: env(),
    input: users.map(u => u.id).join('\n'),
    during: child => {
      const timer = setInterval(() => {
        if (tenant.record.length === 0) return;
        clearInterval(timer);
        child.kill('SIGINT');
      }, 5);
    },
  });
  expect(run.code).toBe(130);
  const rows: RevocationResult[] = JSON.parse(run.out);
  expect(rows).toHaveLength(190);
  const sent = new Set(tenant.record.map(r => r.userId));
  expect(sent.size).toBeLessThan(190);
  for (const row of rows) expect(row.outcome === 'Cancelled').toBe(!sent.has(row.userId ?? ''));
});
