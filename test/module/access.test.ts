import { expect, test } from 'vitest';
import { contractErrors } from '../support/contract.ts';
import { errorIds, texts, plain, type PowerShellRun } from './power-shell.ts';
import { runModule } from './with-stub.ts';

const screen = (run: PowerShellRun): string =>
  run.events.flatMap(event => (event.stream === 'text' ? [event.text.trimEnd()] : [])).join('\n');

test.each(['7', '5.1'] as const)(
  'Test-UserSessionAccess tells what works and what not, dialect %s',
  async dialect => {
    const run = await runModule(`$access = Test-UserSessionAccess; $access; $access.Checks`, { dialect });
    const [access, ...checks] = run.outputs;
    expect(contractErrors(run.messages)).toEqual([]);
    expect(access!.typeNames[0]).toBe('UserSession.Access');
    const { Checks, ...rest } = plain(access!);
    expect(Checks).toHaveLength(3);
    expect(rest).toEqual({
      TenantId: '11111111-2222-3333-4444-555555555555',
      Name: null,
      Environment: null,
      Account: 'admin@contoso.example',
      ClientId: '99999999-2222-3333-4444-555555555555',
      AuthType: 'Delegated',
      SignIn: 'simulated',
      Permissions: ['User.RevokeSessions.All', 'User.Read.All'],
      Roles: ['User Administrator'],
      Ready: true,
      Accepted: true,
      Detail: null,
      Missing: ['GroupMember.Read.All'],
      ConsentUrl: expect.stringContaining('/adminconsent?client_id=99999999'),
      Commands: [expect.stringMatching(/^Connect-MgGraph -Scopes .*GroupMember\.Read\.All$/)],
    });
    expect(checks.map(check => check.typeNames[0])).toEqual(Array(3).fill('UserSession.AccessCheck'));
    expect(checks.map(plain)[1]).toEqual({
      Feature: 'FindGroups',
      Works: false,
      Required: false,
      Missing: 'GroupMember.Read.All',
      Purpose: 'list the members of groups',
      Detail: '-Group and -ExcludeGroup will not work: consent to GroupMember.Read.All.',
    });
  },
);

test('lists of one or none stay lists, and what is not known stays empty', async () => {
  const run = await runModule(`Test-UserSessionAccess`, {
    stub: {
      access: {
        features: [],
        commands: [],
        ready: false,
        consentUrl: null,
        graph: { accepted: null, detail: '\u20602026-01-02 nobody answered' },
      },
    },
  });
  expect(plain(run.outputs[0]!)).toMatchObject({
    Checks: [],
    Missing: [],
    Commands: [],
    ConsentUrl: null,
    Ready: false,
    Accepted: null,
    Detail: '2026-01-02 nobody answered',
  });
});

test.each([120, 80])('the screen says who, what works, what not and how to get it, %i wide', async width => {
  const run = await runModule(`Test-UserSessionAccess`, {
    format: { width },
    stub: { tenant: { name: 'Contoso\u001b[2J', environment: 'Global' } },
  });
  expect(run.errors).toEqual([]);
  const shown = screen(run);
  for (const line of [
    /^Tenant +: Contoso\?\[2J, 11111111-2222-3333-4444-555555555555, Global$/m,
    /^SignedInAs +: admin@contoso\.example \(Delegated, by simulated\)$/m,
    /^Roles +: User Administrator$/m,
    /^Permissions +: User\.RevokeSessions\.All, User\.Read\.All$/m,
    /^Graph +: accepts the token$/m,
    /^Ready +: yes/m,
    /^Works +: Revoke: sign users out$/m,
    /^WorksNot +: FindGroups \(optional\): -Group and -ExcludeGroup will not work/m,
    /^NotKnown +: ExplainDenial \(optional\): The token does not tell the roles/m,
    /^Missing +: GroupMember\.Read\.All$/m,
    /^ConsentUrl +: https:\/\/login\.microsoftonline\.com\//m,
    /^Commands +: Connect-MgGraph -Scopes /m,
  ])
    expect(shown).toMatch(line);
  expect(Math.max(...shown.split('\n').map(line => line.length))).toBeLessThanOrEqual(width);
});

test('the checks are a table', async () => {
  const run = await runModule(`(Test-UserSessionAccess).Checks`, { format: { width: 120 } });
  const lines = screen(run).split('\n').filter(Boolean);
  expect(lines[0]).toMatch(/^Feature +Works Required Missing +Purpose$/);
  expect(lines).toHaveLength(5);
});

test.each([true, false])('-Quiet says %s when that is so', async ready => {
  const run = await runModule(`Test-UserSessionAccess -Quiet`, { stub: { access: { ready } } });
  expect(run.outputs.map(output => output.value.value)).toEqual([ready]);
});

test('not signed in is False with -Quiet, and one terminating error without', async () => {
  const run = await runModule(
    `Test-UserSessionAccess -Quiet; try { Test-UserSessionAccess } catch { $_.FullyQualifiedErrorId; $_.Exception.Message }`,
    { unconnected: true },
  );
  expect(run.pids).toEqual([]);
  expect(texts(run)).toEqual([
    'False',
    'NotSignedIn,Test-UserSessionAccess',
    expect.stringMatching(
      /Connect-MgGraph -Scopes.*Connect-UserSessionTenant with a certificate.*-Simulated/,
    ),
  ]);
});

test('a sign-in that the tenant refuses is False with -Quiet and leaves no error, and is an error without', async () => {
  const run = await runModule(`Test-UserSessionAccess -Quiet; $Error.Count; Test-UserSessionAccess`, {
    stub: { refuse: { method: 'access/test', code: 'NotSignedIn', message: 'AADSTS700082: expired.' } },
  });
  expect(texts(run)).toEqual(['False', '0']);
  expect(errorIds(run)).toEqual(['NotSignedIn,Test-UserSessionAccess']);
  expect(run.errors[0]!.message).toBe('AADSTS700082: expired.');
});

test('that the engine can not say it is an error with -Quiet, too', async () => {
  const run = await runModule(`Test-UserSessionAccess -Quiet`, {
    stub: { refuse: { method: 'access/test', code: 'EndpointUnusable', message: 'no answer' } },
  });
  expect([texts(run), errorIds(run)]).toEqual([[], ['EndpointUnusable,Test-UserSessionAccess']]);
});

test('what the sign-in may not do is refused as PermissionDenied', async () => {
  const run = await runModule(`'a@x' | Revoke-UserSession`, {
    stub: {
      refuse: { method: 'run/begin', code: 'NotAllowed', message: 'User.RevokeSessions.All is missing.' },
    },
  });
  expect(run.errors).toMatchObject([
    { fullyQualifiedErrorId: 'NotAllowed,Revoke-UserSession', category: 'PermissionDenied' },
  ]);
});
