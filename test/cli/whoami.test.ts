import { expect, test } from 'vitest';
import { usersession } from '../support/command-line.ts';
import { signInStage } from '../support/sign-in-stage.ts';
import { onTerminal } from '../support/terminal.ts';
import { startTenant } from '../support/tenant.ts';

const widest = (screen: string) => Math.max(...screen.split(/\r?\n/).map(line => line.length));

test('an app that may everything but what is optional is ready', async () => {
  const stage = await signInStage();
  const run = await usersession(['whoami'], { env: stage.secretEnv });
  expect(run.code).toBe(0);
  for (const line of [
    `Tenant:        SIMULATED ${stage.tenant.tenantId}`,
    `Cloud:         none of Microsoft (${stage.server.url})`,
    `Signed in as:  app ${stage.app.appId} (AppOnly, clientSecret)`,
    'Permissions:   User.RevokeSessions.All, User.Read.All, GroupMember.Read.All',
    'Roles:         (an app needs none)',
    'Graph:         accepts it',
    '  yes  Revoke         end the sign-in sessions of users',
    '   no  ExplainDenial  name the role that a denied user holds and the one it takes (optional)',
    '                      Missing: RoleManagement.Read.Directory. Denied tells all roles that may be missing, not the one.',
    'Ready, except for what is optional and does not work.',
  ])
    expect(run.out.split('\n')).toContain(line);
  // Nobody can consent to anything in a simulated tenant.
  expect(run.out).not.toMatch(/administrator|az ad|Connect-MgGraph/);
});

test('a person is shown with roles, and what is missing makes it not ready', async () => {
  const t = await startTenant();
  const run = await usersession(['whoami'], { env: t.env('reader') });
  expect(run.code).toBe(3);
  expect(run.out).toMatch(/^Signed in as: {2}\S+@contoso\.example \(Delegated, accessToken\)$/m);
  expect(run.out).toMatch(/^ {3}no {2}Revoke {9}end the sign-in sessions of users$/m);
  expect(run.out).toMatch(/Missing: User\.RevokeSessions\.All\. Nobody can be revoked\./);
  expect(run.out.trimEnd().endsWith('Not ready: see above.')).toBe(true);
});

test('a token that Graph refuses, and a Graph that does not answer, are told', async () => {
  const t = await startTenant();
  const env = t.env('app');
  t.tenant.expireTokens();
  const refused = await usersession(['whoami'], { env });
  expect(refused.out).toMatch(/^Graph: +refuses it: .*expired/m);
  expect(refused.code).toBe(3);
  await t.close();
  const silent = await usersession(['whoami'], { env });
  expect(silent.out).toMatch(/^Graph: +no answer: [^]*ECONNREFUSED/m);
});

test.each([80, 120])('on a terminal %i wide no words are broken', async width => {
  const t = await startTenant();
  const command = `stty cols ${width}; exec "$0" whoami`;
  const { cliOut } = await import('../../build/paths.ts');
  const { screen } = await onTerminal(['-c', command, cliOut], { program: '/bin/sh', env: t.env('app') });
  expect(screen).toContain('What works:');
  expect(widest(screen)).toBeLessThanOrEqual(width);
  // Later lines of a text stand under its first.
  if (width === 80) expect(screen).toMatch(/^ {22}reading the user again\r?$/m);
});

test('--output json has the same as an object', async () => {
  const stage = await signInStage();
  const run = await usersession(['whoami', '--output', 'json'], { env: stage.secretEnv });
  expect(JSON.parse(run.out)).toMatchObject({
    tenant: { clientId: stage.app.appId, authType: 'AppOnly', signIn: 'clientSecret' },
    graph: { accepted: true, detail: null },
    ready: true,
    consentUrl: null,
    commands: [],
  });
});
