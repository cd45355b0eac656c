import { expect, test } from 'vitest';
import { plain } from './power-shell.ts';
import { runModule, sent } from './with-stub.ts';

test('a row has the properties that its help names, in that order, and times as UTC', async () => {
  const { outputs } = await runModule(`'adele@x' | Revoke-UserSession`);
  expect(outputs[0]!.typeNames[0]).toBe('UserSession.RevocationResult');
  expect(Object.entries(plain(outputs[0]!))).toEqual(
    Object.entries({
      RunId: 'run-1',
      TenantId: '11111111-2222-3333-4444-555555555555',
      Reference: 'adele@x',
      UserId: '00000000-0000-0000-0000-000000000001',
      UserPrincipalName: 'adele@x',
      DisplayName: 'Adele Vance',
      AccountEnabled: true,
      Outcome: 'Revoked',
      Succeeded: true,
      RevokedAt: '2030-01-02T03:04:05.0000000Z',
      SessionsValidFrom: '2030-01-02T03:04:05.0000000Z',
      AccessTokensExpireBy: '2030-01-02T04:34:05.0000000Z',
      Attempts: 1,
      RequestId: null,
      Detail: null,
      AccessUntil: null,
      Because: null,
      Confidence: null,
    }),
  );
});

test.each(['7', '5.1'] as const)(
  'texts that look like dates stay texts and dates are dates with the JSON of %s',
  async dialect => {
    const row = {
      displayName: '\u20602024-05-06T07:08:09Z',
      reference: '\u2060\u2060really',
      detail: '\u2060/Date(0)/',
      requestId: 'plain',
    };
    const { outputs } = await runModule(`'a@x' | Revoke-UserSession`, { dialect, stub: { row } });
    expect(outputs[0]!.properties).toMatchObject({
      DisplayName: { type: 'string', value: '2024-05-06T07:08:09Z' },
      Reference: { type: 'string', value: '\u2060really' },
      Detail: { type: 'string', value: '/Date(0)/' },
      RequestId: { type: 'string', value: 'plain' },
      RevokedAt: { type: 'datetime', kind: 'Utc', value: '2030-01-02T03:04:05.0000000Z' },
      SessionsValidFrom: { type: 'datetime', kind: 'Utc' },
      AccessTokensExpireBy: { type: 'datetime', kind: 'Utc' },
      Attempts: { of: 'Int32' },
    });
  },
);

test.each([
  ['notfound@x', 'NotFound', 'ObjectNotFound'],
  ['denied@x', 'Denied', 'PermissionDenied'],
  ['failed@x', 'Failed', 'NotSpecified'],
  ['unknown@x', 'Unknown', 'InvalidResult'],
])('%s is a row and one error that the caller can use', async (user, outcome, category) => {
  const { rows, errors, warnings, state } = await runModule(`'${user}', 'a@x' | Revoke-UserSession`);
  expect(rows).toEqual([`${outcome} ${user}`, 'Revoked a@x']);
  expect(errors).toMatchObject([
    {
      fullyQualifiedErrorId: `${outcome},Revoke-UserSession`,
      category,
      message: `${user}: because it is ${outcome}`,
      targetObject: { text: user },
      terminating: false,
    },
  ]);
  expect(warnings).toEqual([]);
  expect(state).toBe('Completed');
});

test.each(['Unverified', 'NoEffect'])('%s is a row and one warning', async outcome => {
  const user = `${outcome.toLowerCase()}@x`;
  const { rows, errors, warnings } = await runModule(`'${user}' | Revoke-UserSession`);
  expect(rows).toEqual([`${outcome} ${user}`]);
  expect(warnings).toEqual([`${user}: because it is ${outcome}`]);
  expect(errors).toEqual([]);
});

test.each(['Excluded', 'NotAUser'])('%s is a row and nothing else', async outcome => {
  const { rows, errors, warnings } = await runModule(`'${outcome.toLowerCase()}@x' | Revoke-UserSession`);
  expect(rows).toHaveLength(1);
  expect([errors, warnings]).toEqual([[], []]);
});

test('the TargetObject of an error is what was piped, so that it can be piped again', async () => {
  const { rows } = await runModule(`
    [pscustomobject]@{ Upn = 'notfound@x'; Extra = 'kept' } | Revoke-UserSession -ErrorAction SilentlyContinue -ErrorVariable failed | Out-Null
    $failed.TargetObject.Extra
    $failed.TargetObject | Revoke-UserSession -ErrorAction SilentlyContinue`);
  expect(rows).toEqual(['NotFound notfound@x']);
});

test('-VerificationTime and -SkipVerification reach the engine, and 15 s are the default', async () => {
  const { messages } = await runModule(`
    'a@x' | Revoke-UserSession
    'a@x' | Revoke-UserSession -VerificationTime 60
    'a@x' | Revoke-UserSession -SkipVerification`);
  const options = messages.flatMap(message =>
    'method' in message && message.method === 'run/begin' ? [message.params.options] : [],
  );
  expect(options).toEqual([
    { verificationTime: 15, skipVerification: false, includeSelf: false, maxUsers: 200, whatIf: false },
    { verificationTime: 60, skipVerification: false, includeSelf: false, maxUsers: 200, whatIf: false },
    { verificationTime: 15, skipVerification: true, includeSelf: false, maxUsers: 200, whatIf: false },
  ]);
});

test('-SkipVerification warns once, not once a user', async () => {
  const { rows, warnings } = await runModule(
    `'unverified1@x', 'unverified2@x', 'noeffect@x' | Revoke-UserSession -SkipVerification`,
  );
  expect(rows).toHaveLength(3);
  expect(warnings).toEqual([
    expect.stringContaining('-SkipVerification'),
    'noeffect@x: because it is NoEffect',
  ]);
});

test('a verification time that makes no sense is refused before anything happens', async () => {
  const { errors, messages } = await runModule(`'a@x' | Revoke-UserSession -VerificationTime -1`);
  expect(errors[0]!.fullyQualifiedErrorId).toContain('ParameterArgumentValidationError');
  expect(sent(messages, 'user/revoke')).toEqual([]);
});

test('the summary is shown as Write-Host shows, and never comes out of the pipeline', async () => {
  const { outputs, events } = await runModule(`'a@x', 'notfound@x' | Revoke-UserSession -ErrorAction Ignore`);
  expect(outputs).toHaveLength(2);
  expect(events.filter(event => event.stream === 'information')).toMatchObject([
    { text: '1 of 2 revoked.', tags: ['PSHOST'] },
  ]);
});

test('progress is shown and taken away at the end', async () => {
  const { progress } = await runModule(`'a@x', 'b@x' | Revoke-UserSession`, { stub: { progress: true } });
  expect(progress[0]).toMatchObject({
    recordType: 'Processing',
    secondsRemaining: 7,
    activity: expect.stringContaining('11111111-2222-3333-4444-555555555555'),
  });
  expect(progress.at(-1)).toMatchObject({ recordType: 'Completed', activityId: progress[0]!.activityId });
});

test('what the engine logs is verbose text or a warning', async () => {
  const logLines = [
    { level: 'verbose' as const, message: 'for the curious' },
    { level: 'warning' as const, message: 'for everybody' },
  ];
  const { verbose, warnings } = await runModule(`'a@x' | Revoke-UserSession -Verbose`, {
    stub: { logLines },
  });
  expect(verbose).toContain('for the curious');
  expect(warnings).toEqual(['for everybody']);
});

test('-WhatIf names the persons and the tenant, sends nothing and emits nothing', async () => {
  const { whatIf, outputs, information, messages } = await runModule(
    `'adele@x', 'alex@x' | Revoke-UserSession -WhatIf`,
  );
  const tenant = 'in simulated tenant 11111111-2222-3333-4444-555555555555';
  expect(whatIf).toEqual(
    ['adele@x', 'alex@x'].map(
      user =>
        `What if: Performing the operation "Revoke all sign-in sessions" on target "Adele Vance (${user}) ${tenant}".`,
    ),
  );
  expect(sent(messages, 'user/describe')).toHaveLength(2);
  expect(sent(messages, 'user/revoke')).toEqual([]);
  expect([outputs, information]).toEqual([[], []]);
});

test('-Confirm asks for each person by name; who is declined is not sent and has no row', async () => {
  const { prompts, rows, messages } = await runModule(`'a@x', 'b@x', 'c@x' | Revoke-UserSession -Confirm`, {
    confirm: ['yes', 'no', 'yes'],
  });
  expect(prompts.map(prompt => /target "(.*?) in /.exec(prompt.message ?? '')?.[1])).toEqual([
    'Adele Vance (a@x)',
    'Adele Vance (b@x)',
    'Adele Vance (c@x)',
  ]);
  expect(sent(messages, 'user/revoke')).toEqual([{ text: 'a@x' }, { text: 'c@x' }]);
  expect(rows).toEqual(['Revoked a@x', 'Revoked c@x']);
});

test('yes to all asks once and no to all sends nobody', async () => {
  const yes = await runModule(`'a@x', 'b@x' | Revoke-UserSession -Confirm`, { confirm: ['yesToAll'] });
  expect([yes.prompts.length, yes.rows.length]).toEqual([1, 2]);
  const no = await runModule(`'a@x', 'b@x' | Revoke-UserSession -Confirm`, { confirm: ['noToAll'] });
  expect([no.prompts.length, no.rows.length]).toEqual([1, 0]);
});

test('a lowered $ConfirmPreference asks, and -Confirm:$false does not', async () => {
  const script = (parameter: string) =>
    `& { $global:ConfirmPreference = 'Medium'; 'a@x' | Revoke-UserSession ${parameter}; $global:ConfirmPreference = 'High' }`;
  const asked = await runModule(script(''), { confirm: ['no'] });
  expect([asked.prompts.length, asked.rows.length]).toEqual([1, 0]);
  const not = await runModule(script('-Confirm:$false'), { confirm: ['no'] });
  expect([not.prompts.length, not.rows.length]).toEqual([0, 1]);
});

test('where nobody can be asked -Confirm is an error that can be caught, also below Get-MgUser', async () => {
  const { outputs, messages } = await runModule(
    `try { 'a@x' | Revoke-UserSession -Confirm } catch { $_.FullyQualifiedErrorId }`,
    { confirm: ['none'] },
  );
  expect(outputs.map(output => output.text)).toEqual(['ConfirmationFailed,Revoke-UserSession']);
  expect(sent(messages, 'user/revoke')).toEqual([]);
});

test('a person who could not be looked up is still named, with the reason', async () => {
  const { whatIf } = await runModule(`'a@x' | Revoke-UserSession -WhatIf`, {
    stub: { refuse: { method: 'user/describe', code: 'InternalError', message: 'not today' } },
  });
  expect(whatIf[0]).toContain('a@x (not looked up: not today)');
});

test('a refused user is a row Failed and an error, and costs nobody else anything', async () => {
  const { rows, errors } = await runModule(`'a@x', 'b@x' | Revoke-UserSession`, {
    stub: { refuse: { method: 'user/revoke', code: 'InvalidParams', message: 'no such thing' } },
  });
  expect(rows).toEqual(['Failed a@x', 'Failed b@x']);
  expect(errors.map(error => error.fullyQualifiedErrorId)).toEqual([
    'Failed,Revoke-UserSession',
    'Failed,Revoke-UserSession',
  ]);
  expect(errors[0]!.message).toContain('no such thing');
});

test('a strict caller with preferences of its own changes nothing in here', async () => {
  const { rows, errors } = await runModule(
    `Set-StrictMode -Version Latest
     $PSDefaultParameterValues = @{ 'ConvertTo-Json:Depth' = 1; '*:Verbose' = $false }
     'a@x', 'b@x' | Revoke-UserSession`,
  );
  expect(rows).toHaveLength(2);
  expect(errors).toEqual([]);
});

test('the table shows what a person must see', async () => {
  const { text } = await runModule(`'adele@x' | Revoke-UserSession`, { format: { width: 140 } });
  const lines = text.split('\n').map(line => line.trim());
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^Outcome +User +DisplayName +Enabled +SessionsValidFrom +Detail$/),
      expect.stringMatching(/^Revoked +adele@x +Adele Vance +True +2030-01-02 03:04:05Z$/),
      '1 of 1 revoked.',
    ]),
  );
});
