import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { PolicyShowResult } from '../../src/protocol/policy.ts';
import type { SignInSession } from '../../src/protocol/session.ts';
import { usersession } from '../support/command-line.ts';
import { revokingPermissions } from '../support/simulated-reading.ts';
import { onTerminal } from '../support/terminal.ts';
import { startTenant, type TestTenant } from '../support/tenant.ts';

const adele = 'adelev@contoso.example';
const envOf = (t: TestTenant) => ({
  ...t.env({ persona: 'globalAdministrator', permissions: revokingPermissions }),
  TZ: 'Europe/Berlin',
});
const widest = (screen: string) => Math.max(...screen.split(/\r?\n/).map(line => line.length));
const rowsOf = <Row>(text: string): Row[] => JSON.parse(text) as Row[];

/** On a terminal of 100 columns. */
async function onScreen(args: string, env: Record<string, string>): Promise<string> {
  const { cliOut } = await import('../../build/paths.ts');
  const command = `stty cols 100; exec "$0" ${args}`;
  return (await onTerminal(['-c', command, cliOut], { program: '/bin/sh', env })).screen.replaceAll('\r', '');
}

test('sessions are told in UTC as JSON, JSON lines and CSV, and who leads to nobody is exit code 2', async () => {
  const t = await startTenant();
  const json = await usersession(['sessions', adele, 'nobody@contoso.example', '--output', 'json'], {
    env: envOf(t),
  });
  expect(json.code).toBe(2);
  expect(json.err).toMatch(/^error: nobody@contoso\.example: NotFound\./m);
  const sessions = rowsOf<SignInSession>(json.out);
  expect(sessions.length).toBeGreaterThan(1);
  for (const session of sessions) {
    expect(session.userPrincipalName).toBe(adele);
    expect(session.lastTokenIssued).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  }
  const lines = await usersession(['sessions', adele, '--output', 'jsonl'], { env: envOf(t) });
  expect(lines.code).toBe(0);
  expect(lines.out.trimEnd().split('\n')).toHaveLength(sessions.length);
  const csv = await usersession(['sessions', '--users-from', '-', '--output', 'csv'], {
    env: envOf(t),
    input: `UserPrincipalName\n${adele}\n`,
  });
  const [headings, ...rows] = csv.out.trimEnd().split('\n');
  expect(headings?.split(',').sort()).toEqual(Object.keys(sessions[0]!).sort());
  expect(rows).toHaveLength(sessions.length);
});

test('sessions are a table of 100 columns in local time, with the reasons below', async () => {
  const t = await startTenant();
  const screen = await onScreen(`sessions ${adele}`, envOf(t));
  expect(widest(screen)).toBeLessThanOrEqual(100);
  expect(screen).toMatch(/^adelev@contoso\.example \(Adele Vance\)$/m);
  expect(screen).toMatch(/^App +From +Last token +Unrevoked +Revoked +Rule$/m);
  expect(screen).toMatch(/^near real time \(CAE\): App and resource speak/m);
  expect(screen).toMatch(/^Times are local, UTC\+0[12]:00\./m);
});

test('without licence or permission there is a warning and a bound all the same; --strict makes that exit code 2', async () => {
  const t = await startTenant({ signIns: { premium: false } });
  const run = await usersession(['sessions', adele, '--output', 'json'], { env: envOf(t) });
  expect(run.code).toBe(0);
  expect(run.err).toMatch(/^warning: .*(licen|P1)/im);
  expect(rowsOf<SignInSession>(run.out)).toMatchObject([
    {
      userPrincipalName: adele,
      appId: null,
      confidence: 'Inferred',
      accessUntilIfRevoked: expect.any(String),
    },
  ]);
  const strict = await usersession(['sessions', adele, '--strict'], { env: t.env() });
  expect(strict.code).toBe(2);
  expect(strict.err).toContain('AuditLog.Read.All');
});

test('policies are told alone and with whom they cover', async () => {
  const t = await startTenant();
  const alone = await usersession(['policy', '--output', 'json'], { env: envOf(t) });
  expect(alone.code).toBe(0);
  const policies = rowsOf<PolicyShowResult['policies'][number]>(alone.out);
  expect(new Set(policies.map(p => p.state))).toEqual(new Set(['Enabled', 'Disabled', 'ReportOnly']));
  expect(policies.every(p => p.covers === null)).toBe(true);
  const covering = await usersession(['policy', adele, '--output', 'json'], { env: envOf(t) });
  expect(rowsOf<{ covers: unknown }>(covering.out)[0]?.covers).toMatchObject([{ userPrincipalName: adele }]);
  const csv = await usersession(['policy', adele, '--output', 'csv'], { env: envOf(t) });
  expect(csv.out.split('\n')[0]?.split(',').sort()).toEqual(Object.keys(policies[0]!).sort());
  const screen = await onScreen(`policy ${adele}`, envOf(t));
  expect(widest(screen)).toBeLessThanOrEqual(100);
  for (const heading of [/^Verdict +Policy +Setting +Because$/m, /^Covers:$/m, /^To change:$/m])
    expect(screen).toMatch(heading);
});

/** Somebody is revoked, and somebody gets in with the password afterwards. */
async function comeBack(t: TestTenant): Promise<void> {
  const user = t.tenant.users.find(u => u.userPrincipalName === adele)!;
  const [session] = t.tenant.sessions.of(user.id);
  await usersession(['revoke', adele, '--no-journal'], { env: envOf(t) });
  // The log tells whole seconds, and what is of the revocation's own second counts as before it.
  await pause(1100);
  t.tenant.sessions.signInAgain(session!);
}

test('a watch tells who came back, with exit code 2', async () => {
  const t = await startTenant();
  await comeBack(t);
  const run = await usersession(['watch', adele, '--count', '1', '--output', 'jsonl'], { env: envOf(t) });
  const lines = run.out
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>);
  expect(lines.at(-1)).toMatchObject({ userPrincipalName: adele, verdict: 'CameBack' });
  expect(lines.slice(0, -1)).toContainEqual(
    expect.objectContaining({ meaning: 'CameBack', succeeded: true }),
  );
  expect(run.err).toMatch(/^adelev@contoso\.example: CameBack\. /m);
  expect(run.code).toBe(2);
  const screen = await onScreen(`watch ${adele} --count 1`, envOf(t));
  expect(widest(screen.split('\n').slice(1).join('\n'))).toBeLessThanOrEqual(100);
  expect(screen).toMatch(/^At +User +Meaning +App +Remarks$/m);
  expect(screen).toMatch(/^\d\d-\d\d \d\d:\d\d:\d\d \+0[12]:00 adelev@contoso\.example +CameBack/m);
  expect(screen).toMatch(/^adelev@contoso\.example CameBack/m);
});

test('Ctrl+C ends a watch with its verdicts; nobody came back is 0', async () => {
  const t = await startTenant();
  const user = t.tenant.users.find(u => u.userPrincipalName === adele)!;
  await usersession(['revoke', adele, '--no-journal'], { env: envOf(t) });
  const looked = () => t.tenant.requests.some(r => r.path.includes('signIns') && r.status === 200);
  const run = await usersession(['watch', adele, '--output', 'json'], {
    env: envOf(t),
    during: child =>
      void (async () => {
        while (!looked()) await pause(20);
        await pause(300);
        child.kill('SIGINT');
      })(),
  });
  expect(JSON.parse(run.out)).toMatchObject({ verdicts: [{ userId: user.id, verdict: 'Silent' }] });
  expect(run.code).toBe(0);
});

test('revoke --explain says in each row until when access lasts', async () => {
  const t = await startTenant();
  const run = await usersession(['revoke', adele, '--explain', '--no-journal', '--output', 'json'], {
    env: envOf(t),
  });
  expect(run.code).toBe(0);
  expect(rowsOf(run.out)).toMatchObject([
    { outcome: 'Revoked', because: expect.stringMatching(/\.$/), confidence: expect.any(String) },
  ]);
});

test.each([['sessions'], ['watch'], ['sessions', adele, '--hours', '0']])(
  'wrong use is exit code 1: %s %s %s',
  async (...args) => {
    const run = await usersession([...args, '--simulated']);
    expect(run.code).toBe(1);
    expect(run.err).toMatch(/^error: /m);
  },
);

test('a sign-in that Graph refuses is exit code 3', async () => {
  const t = await startTenant();
  const env = envOf(t);
  t.tenant.expireTokens();
  for (const command of [['sessions', adele], ['policy'], ['watch', adele]]) {
    const run = await usersession(command, { env });
    expect(run.code, command.join(' ')).toBe(3);
  }
});
