import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { root } from '../../build/paths.ts';
import { contractErrors } from '../support/contract.ts';
import { errorIds, plain, type PowerShellRun, texts } from './power-shell.ts';
import { runModule } from './with-stub.ts';

const screen = (run: PowerShellRun): string =>
  run.events
    .flatMap(event => (event.stream === 'text' ? [event.text.trimEnd()] : []))
    .join('\n')
    .replace(/^\n+/, '');
const widest = (text: string): number => Math.max(...text.split('\n').map(line => line.length));
const ofType = (run: PowerShellRun, type: string) =>
  run.outputs.filter(output => output.typeNames[0] === `UserSession.${type}`).map(plain);
/** What the module asked with a method. */
const asked = (run: { messages: object[] }, method: string) =>
  run.messages.flatMap(message => {
    const { method: name, params } = message as { method?: string; params?: Record<string, unknown> };
    return name === method ? [params ?? {}] : [];
  });
const berlin = { env: { TZ: 'Europe/Berlin' }, freshProcess: true };
const narrow = { format: { width: 100 } };

test.each(['7', '5.1'] as const)(
  'users of the pipeline are asked for together, and each session is an object, dialect %s',
  async dialect => {
    const run = await runModule(
      `'a@x', @{ Id = '${'1'.repeat(8)}-2222-3333-4444-555555555555' } | Get-UserSignInSession -Hours 48`,
      {
        dialect,
        stub: {
          sessions: [{ detail: '2026-01-02 is no date', lastTokenIssued: '2030-01-02T03:04:05.000Z' }],
        },
      },
    );
    expect(run.errors).toEqual([]);
    expect(contractErrors(run.messages)).toEqual([]);
    const [list, ...others] = asked(run, 'sessions/list');
    expect(others).toEqual([]);
    expect(list).toMatchObject({ hours: 48, users: [{ text: 'a@x' }, { properties: {} }] });
    const sessions = ofType(run, 'SignInSession');
    expect(sessions).toHaveLength(2);
    expect(sessions[0]).toMatchObject({
      UserPrincipalName: 'a@x',
      AppDisplayName: 'Microsoft Teams',
      SignIns: 3,
      Interactive: false,
      AccessUntil: null,
      Rule: 'ContinuousAccess',
      Confidence: 'Known',
      Detail: '2026-01-02 is no date',
    });
    const [first] = run.outputs;
    expect(first?.properties['LastTokenIssued']).toMatchObject({ kind: 'Utc' });
    expect(first?.properties['AccessUntilIfRevoked']).toMatchObject({ kind: 'Utc' });
  },
);

test('a long list comes in portions', async () => {
  const run = await runModule(`1..5 | ForEach-Object { "u$_@x" } | Get-UserSignInSession`, {
    stub: { portion: 2 },
  });
  expect(ofType(run, 'SignInSession').map(s => s['Reference'])).toEqual(
    ['u1', 'u2', 'u3', 'u4', 'u5'].map(name => `${name}@x`),
  );
  expect(asked(run, 'sessions/more')).toEqual([{ cursor: '2' }, { cursor: '4' }]);
});

test('who leads to nobody is one error with what was piped, and costs nobody else anything', async () => {
  const run = await runModule(`'a@x', 'notfound@x', 'b@x' | Get-UserSignInSession`, {
    stub: { warnings: ['The sign-in log can not be read.'] },
  });
  expect(ofType(run, 'SignInSession')).toHaveLength(2);
  expect(errorIds(run)).toEqual(['NotFound,Get-UserSignInSession']);
  expect(run.errors[0]).toMatchObject({ category: 'ObjectNotFound', targetObject: { text: 'notfound@x' } });
  expect(run.warnings).toEqual(['The sign-in log can not be read.']);
});

test('a session names its user to Revoke-UserSession', async () => {
  const run = await runModule(`'a@x' | Get-UserSignInSession | Revoke-UserSession`);
  const [revoked] = asked(run, 'user/revoke');
  expect(revoked?.['user']).toMatchObject({
    properties: { UserId: '00000000-0000-0000-0000-000000000001', UserPrincipalName: 'a@x' },
  });
});

const sessions = [
  {},
  {
    appDisplayName: 'Tailspin CRM',
    resourceDisplayName: null,
    device: 'Windows 10, Edge 120\u001b[2J',
    accessUntilIfRevoked: null,
    rule: 'AppSession' as const,
    confidence: 'Inferred' as const,
  },
  { accessUntilIfRevoked: '2020-01-02T03:19:05.000Z', accessUntil: '2030-01-02T03:19:05.000Z' },
];

test('sessions are one table a user, in local time, within 100 columns', async () => {
  const run = await runModule(`'a@x', 'b@x' | Get-UserSignInSession`, { ...narrow, stub: { sessions } });
  const shown = screen(run);
  expect(widest(shown)).toBeLessThanOrEqual(100);
  expect(shown).toMatch(/^ +User: a@x \(Adele Vance\), times UTC[+-][\d:]{5}$/m);
  expect(shown).toMatch(/^App +From +LastToken +Unrevoked +Revoked +Rule$/m);
  expect(shown).toMatch(
    /^Microsoft Teams > +LAPTOP-1, .* \d\d-\d\d [\d:]{5} no end +\d\d-\d\d [\d:]{5} +near real time$/m,
  );
  expect(shown).toMatch(/^Tailspin CRM .*~no end +~no end +app keeps its$/m);
  expect(shown).toMatch(/over +near real time$/m);
  expect(shown).not.toContain('\u001b');
});

test('a session in a list says all, with offsets', async () => {
  const run = await runModule(`'a@x' | Get-UserSignInSession | Format-List`, { ...narrow, ...berlin });
  const shown = screen(run);
  expect(shown).toMatch(/^LastToken +: 2030-01-02 04:04:05 \+01:00, silent$/m);
  expect(shown).toMatch(/^AccessUntil +: no end$/m);
  expect(shown).toMatch(/^AccessUntilIfRevoked +: 2030-01-02 04:19:05 \+01:00$/m);
  expect(widest(shown)).toBeLessThanOrEqual(100);
});

test('policies come alone, or with whom they cover, whatever the number of users', async () => {
  const run = await runModule(
    `(Get-UserSessionPolicy).Covers; $p = 1..150 | ForEach-Object { "u$_@x" } | Get-UserSessionPolicy; $p; @() | Get-UserSessionPolicy`,
  );
  expect(run.errors).toEqual([]);
  expect(contractErrors(run.messages)).toEqual([]);
  const questions = asked(run, 'policy/show').map(({ users }) => (users as unknown[] | undefined)?.length);
  expect(questions).toEqual([undefined, 100, 50]);
  const [policy, ...others] = ofType(run, 'SessionPolicy');
  expect(others).toEqual([]);
  expect(policy).toMatchObject({
    Kind: 'SignInFrequency',
    State: 'Enabled',
    Verdict: 'Faster',
    Advice: null,
  });
  expect(policy?.['Covers']).toHaveLength(150);
});

test('policies are a table within 100 columns, and a list with what to change', async () => {
  const policies = [
    {},
    {
      policyName: 'Long tokens for the warehouse',
      state: 'ReportOnly' as const,
      verdict: 'Slower' as const,
      because: 'A revocation takes 8 h to reach apps without continuous access evaluation.',
      advice: 'Shorten it to one hour.',
    },
  ];
  const table = screen(await runModule(`Get-UserSessionPolicy`, { ...narrow, stub: { policies } }));
  expect(widest(table)).toBeLessThanOrEqual(100);
  expect(table).toMatch(/^Verdict +Policy +Setting +Because$/m);
  expect(table).toMatch(/^ +\(report-only\)/m);
  const list = screen(
    await runModule(`Get-UserSessionPolicy a@x | Format-List`, { ...narrow, stub: { policies } }),
  );
  expect(list).toMatch(/^Covers +: yes: a@x$/m);
  expect(list).toMatch(/^Advice +: Shorten it to one hour\.$/m);
});

test('a watch emits sign-ins as they are seen and verdicts at the end, and knows when users were revoked', async () => {
  const run = await runModule(`'a@x' | Revoke-UserSession | Watch-UserSignIn -Minutes 5 -Count 2`, {
    stub: { warnings: ['The log is late.'], delay: 300 },
  });
  expect(contractErrors(run.messages)).toEqual([]);
  expect(asked(run, 'signIns/watch')).toMatchObject([
    { minutes: 5, count: 2, users: [{ revokedAt: expect.stringMatching(/^2030-01-02T03:04:05\.0+Z$/) }] },
  ]);
  expect(run.outputs.map(output => output.typeNames[0])).toEqual([
    'UserSession.WatchedSignIn',
    'UserSession.WatchVerdict',
  ]);
  expect(ofType(run, 'WatchVerdict')).toMatchObject([{ Verdict: 'CameBack', SignIns: 1, Failures: 0 }]);
  expect(run.warnings).toEqual(['The log is late.', expect.stringMatching(/came back/)]);
});

test('a watch on the screen: sign-ins in a table of 100 columns, verdicts as text below', async () => {
  const run = await runModule(`Watch-UserSignIn a@x`, {
    ...narrow,
    stub: {
      signIns: [
        { meaning: 'Late', sameCountry: null },
        { succeeded: false, failure: '50126: Invalid password.' },
      ],
    },
  });
  const shown = screen(run);
  expect(widest(shown)).toBeLessThanOrEqual(100);
  expect(shown).toMatch(/^At +User +Meaning +App +Remarks$/m);
  expect(shown).toMatch(/^\d\d-\d\d [\d:]{8} [+-][\d:]{5} a@x +Late +Outlook +new session, no MFA,$/m);
  expect(shown).toMatch(/50126: Invalid password/);
  expect(shown).toMatch(/^a@x: CameBack \(2 signed in, 0 failed\)\nReset the password/m);
});

test('Ctrl+C ends a watch, and the verdicts are told on the screen', async () => {
  const run = await runModule(`Watch-UserSignIn a@x`, {
    stub: { watchesOn: true },
    stopAfter: { outputs: 1 },
  });
  expect(asked(run, '$/cancelRequest')).toHaveLength(1);
  const told = run.events.flatMap(event => (event.stream === 'host' ? [event.text] : []));
  expect(told.join('\n')).toContain('a@x: CameBack. Reset the password');
});

test('a watch that a command downstream breaks is cancelled, and the next one sees its own alone', async () => {
  const run = await runModule(
    `Watch-UserSignIn a@x | Select-Object -First 1 | ForEach-Object { 'one' }; Get-UserSignInSession b@x | ForEach-Object { $_.Reference }`,
    { stub: { watchesOn: true } },
  );
  expect(texts(run)).toEqual(['one', 'b@x']);
  expect(asked(run, '$/cancelRequest')).toHaveLength(1);
});

test('-Explain gives the estimate, in a table of its own', async () => {
  const row = {
    accessUntil: '2030-01-02T03:19:05.000Z',
    because: '2 h by default.',
    confidence: 'Inferred' as const,
  };
  const run = await runModule(`'a@x' | Revoke-UserSession -Explain`, { ...narrow, stub: { row } });
  expect(asked(run, 'run/begin')).toMatchObject([{ options: { explain: true } }]);
  expect(run.outputs[0]?.typeNames).toEqual(expect.arrayContaining(['UserSession.RevocationResult']));
  expect(plain(run.outputs[0]!)).toMatchObject({
    Outcome: 'Revoked',
    Because: '2 h by default.',
    Confidence: 'Inferred',
  });
  expect(screen(run)).toMatch(/^Revoked +a@x +~\d\d-\d\d [\d:]{5} [+-][\d:]{5} 2 h by default\.$/m);
  const without = await runModule(`'a@x' | Revoke-UserSession`);
  expect(plain(without.outputs[0]!)).toMatchObject({ AccessUntil: null, Because: null, Confidence: null });
  expect(without.outputs[0]?.typeNames[0]).toBe('UserSession.RevocationResult');
});

test.each(['Get-UserSignInSession a@x', 'Get-UserSessionPolicy', 'Watch-UserSignIn a@x'])(
  'not signed in is one terminating error that says what to do: %s',
  async script => {
    const run = await runModule(`try { ${script} } catch { $_.FullyQualifiedErrorId }`, {
      unconnected: true,
    });
    expect(texts(run)).toEqual([`NotSignedIn,${script.split(' ')[0]}`]);
  },
);

test.each([
  ['Get-UserSignInSession a@x', 'sessions/list'],
  ['Get-UserSessionPolicy a@x', 'policy/show'],
  ['Watch-UserSignIn a@x', 'signIns/watch'],
])('what the engine refuses is one terminating error: %s', async (script, method) => {
  const run = await runModule(`try { ${script} } catch { $_.FullyQualifiedErrorId; $_.Exception.Message }`, {
    stub: { refuse: { method, code: 'NotSignedIn', message: 'Graph refuses your sign-in.' } },
  });
  expect(texts(run)).toEqual([`NotSignedIn,${script.split(' ')[0]}`, 'Graph refuses your sign-in.']);
});

/** What the examples name. */
const stage = `
  $id = 'group'
  function Get-MgUser { 'a@x', 'b@x' }
  function Get-MgGroupMember { [pscustomobject]@{ Id = '11111111-2222-3333-4444-555555555555' } }
`;

test.each(['Get-UserSignInSession', 'Get-UserSessionPolicy', 'Watch-UserSignIn'])(
  'every example in the help of %s works',
  async command => {
    const help = readFileSync(join(root, 'module', 'public', `${command}.ps1`), 'utf8');
    const examples = [...help.matchAll(/\.EXAMPLE\n((?: {4}\S.*\n)+)/g)].map(match => match[1]!);
    expect(examples.length).toBeGreaterThanOrEqual(5);
    const cwd = mkdtempSync(join(tmpdir(), 'us-examples-'));
    onTestFinished(() => rmSync(cwd, { recursive: true }));
    writeFileSync(join(cwd, 'leavers.csv'), 'UserPrincipalName\na@x\nb@x\n');
    for (const example of examples) {
      const run = await runModule(`${stage}\n${example}`, { cwd, format: { width: 100 } });
      expect(run.errors, example).toEqual([]);
      expect(contractErrors(run.messages), example).toEqual([]);
    }
  },
  120_000,
);
