import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { HostMessage } from '../../src/protocol/envelope.ts';
import { plain, type PowerShellObject } from './power-shell.ts';
import { type ModuleOptions, runModule, type StubRun } from './with-stub.ts';

const a = 'a0000000-0000-4000-8000-000000000001';
const b = 'b0000000-0000-4000-8000-000000000002';

const newFolder = () => mkdtempSync(join(tmpdir(), 'usersession-'));

/** Nothing that only reads records needs a sign-in. */
const signedOut = (script: string, options: ModuleOptions = {}): Promise<StubRun> =>
  runModule(script, { ...options, unconnected: true });

const paramsOf = (messages: HostMessage[], method: string): unknown[] =>
  messages.flatMap(message => ('method' in message && message.method === method ? [message.params] : []));

const results = (object: PowerShellObject | undefined): unknown => plain(object!)['Results'];

test('the runs on record come as typed objects, times in UTC, and without their rows', async () => {
  const damage = [{ line: 3, what: 'the line before this one was changed' }];
  const { outputs, errors, messages } = await signedOut(
    'Get-UserSessionRun; (Get-UserSessionRun)[1].Damage',
    {
      stub: {
        runs: [
          { left: 2, users: 7, outcomes: { Revoked: 5, Open: 2 }, resumes: 1, account: null },
          { runId: b, damage },
        ],
      },
    },
  );
  expect(errors).toEqual([]);
  const [first, second, where] = outputs;
  expect(first?.typeNames[0]).toBe('UserSession.Run');
  expect(plain(first!)).toMatchObject({
    RunId: a,
    State: 'Unfinished',
    StartedAt: '2026-11-23T08:00:00.0000000Z',
    LastAt: '2026-11-23T08:00:09.0000000Z',
    TenantName: 'Contoso',
    Simulated: false,
    Account: null,
    Operator: 'ann@jump1',
    Reason: 'INC-4711',
    Users: 7,
    Left: 2,
    Resumes: 1,
    Head: 'ab'.repeat(32),
    Intact: true,
    Damage: [],
    Results: null,
  });
  expect([first?.properties['StartedAt']?.kind, first?.properties['Users']?.of]).toEqual(['Utc', 'Int32']);
  expect(plain(second!)).toMatchObject({ RunId: b, Intact: false });
  expect(plain(where!)).toEqual({ Line: 3, What: 'the line before this one was changed' });
  expect(paramsOf(messages, 'runs/list')[0]).toEqual({ unfinished: false });
});

test.each(['7', '5.1'] as const)(
  'names and reasons that look like dates stay what they are, with the JSON of PowerShell %s',
  async dialect => {
    const text = '\u20602026-11-23T08:00:00Z';
    const { outputs } = await signedOut(
      `Get-UserSessionRun; (Get-UserSessionRun).Outcomes.Revoked; (Get-UserSessionRun ${a}).Results.Reference`,
      {
        dialect,
        stub: {
          runs: [{ reason: text, tenantName: text, account: text, operator: text, outcomes: { Revoked: 4 } }],
          recorded: [`${text}@x`],
        },
      },
    );
    const date = '2026-11-23T08:00:00Z';
    expect(plain(outputs[0]!)).toMatchObject({
      Reason: date,
      TenantName: date,
      Account: date,
      Operator: date,
      StartedAt: '2026-11-23T08:00:00.0000000Z',
    });
    expect(outputs.slice(1).map(o => o.text)).toEqual(['4', `${date}@x`]);
  },
);

test('one run has its rows, however many portions they come in, as the objects of Revoke-UserSession', async () => {
  const recorded = Array.from({ length: 7 }, (_, n) => `u${n}@x`);
  const { outputs, messages } = await signedOut(`$run = Get-UserSessionRun ${a}; $run; $run.Results`, {
    stub: { recorded, portion: 3 },
  });
  const [run, ...rows] = outputs;
  expect(results(run)).toHaveLength(7);
  expect(rows.map(row => plain(row)['Reference'])).toEqual(recorded);
  for (const row of rows) expect(row.typeNames[0]).toBe('UserSession.RevocationResult');
  expect(paramsOf(messages, 'runs/show')).toEqual([
    { runId: a },
    { runId: a, cursor: '3' },
    { runId: a, cursor: '6' },
  ]);
});

test.each([
  ['without rows', [], []],
  ['with one row', ['u@x'], ['u@x']],
])('the results of a run %s are a list all the same', async (_, recorded, expected) => {
  const { outputs } = await signedOut(
    `$run = Get-UserSessionRun ${a}; $run.Results -is [array]; foreach ($row in $run.Results) { $row.Reference }`,
    { stub: { recorded } },
  );
  expect(outputs.map(o => o.text)).toEqual(['True', ...expected]);
});

test.each([
  ['a parameter', `Get-UserSessionRun -RunId ${a}; Get-UserSessionRun ${b}`],
  ['piped text', `'${a}', '${b}', '${a}' | Get-UserSessionRun`],
  ['piped runs', 'Get-UserSessionRun | Get-UserSessionRun'],
  ['piped rows', `'${a}', '${b}' | Get-UserSessionRun | ForEach-Object Results | Get-UserSessionRun`],
  ['piped GUIDs', `[guid]'${a}', [guid]'${b}' | Get-UserSessionRun`],
])('runs are named by %s, and each comes out once', async (_, script) => {
  const stub = { runs: [{}, { runId: b }], recorded: ['x@x', 'y@x'] };
  const { outputs, errors } = await signedOut(script, { stub });
  expect(errors).toEqual([]);
  expect(outputs.map(o => plain(o)['RunId'])).toEqual([a, b]);
  for (const output of outputs) expect(results(output)).toHaveLength(2);
});

test('-Unfinished asks for those that are left, and an empty pipe for nothing', async () => {
  const stub = { runs: [{ left: 0 }, { runId: b, left: 1 }] };
  const run = await signedOut('Get-UserSessionRun -Unfinished; @() | Get-UserSessionRun', { stub });
  expect(run.outputs.map(o => plain(o)['RunId'])).toEqual([b]);
  expect(paramsOf(run.messages, 'runs/list')).toEqual([{ unfinished: true }]);
});

test('a relative -Journal is meant from the location of PowerShell', async () => {
  const folder = newFolder();
  const { messages } = await runModule(
    `$null = $ExecutionContext.SessionState.Path.SetLocation('${folder}'); $null = Get-UserSessionRun -Journal x; $null = Get-UserSessionRun ${a} -Journal ./y
     $null = 'u@x' | Revoke-UserSession -Journal z; $null = Resume-UserSessionRun ${a} -Journal z`,
    { stub: { recorded: ['u@x'], left: [1] } },
  );
  const asked = [...paramsOf(messages, 'runs/list'), ...paramsOf(messages, 'runs/show')];
  const begun = paramsOf(messages, 'run/begin');
  expect([...asked, ...begun].map(params => (params as { journal?: string }).journal)).toEqual(
    ['x', 'y', 'z', 'z'].map(name => join(folder, name)),
  );
});

test('-Reason and -NoJournal reach the engine, and without them it is told neither', async () => {
  const { messages } = await runModule(
    `'a@x' | Revoke-UserSession; 'a@x' | Revoke-UserSession -Reason "INC-4711: 'x'" -NoJournal; 'a@x' | Revoke-UserSession -Reason ''`,
  );
  const begun = paramsOf(messages, 'run/begin') as { reason?: string; journal?: string | false }[];
  expect(begun.map(({ reason, journal }) => ({ reason, journal }))).toEqual([
    {},
    { reason: "INC-4711: 'x'", journal: false },
    {},
  ]);
});

test('a reason of more than 500 characters, and a folder together with none, are refused before anything is begun', async () => {
  const { errors, messages } = await runModule(
    `try { 'a@x' | Revoke-UserSession -Reason ('r' * 501) } catch { "caught $($_.FullyQualifiedErrorId)" }
     'a@x' | Revoke-UserSession -Journal x -NoJournal`,
  );
  expect(errors).toMatchObject([
    { fullyQualifiedErrorId: 'JournalNotChosen,Revoke-UserSession', category: 'InvalidArgument' },
  ]);
  expect(paramsOf(messages, 'run/begin')).toEqual([]);
});

test.each([
  ['RecordUnavailable', 'run/begin', 'OpenError', `'a@x' | Revoke-UserSession`],
  ['RecordNotFound', 'runs/show', 'ObjectNotFound', `Get-UserSessionRun ${a}`],
  ['RecordDamaged', 'runs/show', 'InvalidData', `Get-UserSessionRun ${a}`],
  ['RunBusy', 'run/begin', 'ResourceBusy', `Resume-UserSessionRun ${a}`],
  ['OtherTenant', 'run/begin', 'InvalidOperation', `Resume-UserSessionRun ${a}`],
])(
  '%s ends the command with the category and the words that are right',
  async (code, method, category, script) => {
    const message = 'There is a reason, and this to be done.';
    const { errors, rows } = await runModule(script, { stub: { refuse: { method, code, message } } });
    const command = /\w+-\w+/.exec(script)?.[0];
    expect(rows).toEqual([]);
    expect(errors).toMatchObject([{ fullyQualifiedErrorId: `${code},${command}`, category, message }]);
    if (script.includes(a)) expect(errors[0]?.targetObject?.text).toBe(a);
  },
);

const hostile = {
  reason: 'INC\u001b[2J\u202egpj',
  tenantName: 'Con\ntoso',
  account: 'a\u0007dmin@contoso.example',
};

test.each([
  [120, /^b0000000-\S{27} 2026-11-23 08:00 DAMAGED {7}1200 {6}3 Contoso +admin@contoso\.\S+ INC-4711$/m],
  [80, /^b0000000-\S{27} 2026-11-23 08:00 DAMAGED {7}1200 {6}3$/m],
])('the list fits a console of %i columns and tells what is damaged', async (width, line) => {
  const damage = [{ line: 3, what: 'x' }];
  const { text } = await signedOut('Get-UserSessionRun', {
    format: { width },
    stub: { runs: [{}, { runId: b, users: 1200, left: 3, damage }] },
  });
  expect(text).toMatch(line);
  for (const each of text.split('\n')) expect(each.length).toBeLessThanOrEqual(width);
});

test('what people wrote moves no cursor, in the list and in full', async () => {
  const { text } = await signedOut('Get-UserSessionRun; Get-UserSessionRun | Format-List', {
    format: { width: 200 },
    stub: {
      runs: [{ ...hostile, outcomes: { Revoked: 4, Denied: 1 }, damage: [{ line: 3, what: 'moved' }] }],
    },
  });
  expect(text).toContain('INC?[2J?gpj');
  expect(text).toContain('Con?toso / 1111');
  expect(text).toMatch(/Outcomes +: 4 Revoked, 1 Denied/);
  expect(text).toMatch(/Damage +: line 3: moved/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  expect(text).not.toMatch(/[\u001b\u0007\u202e]/);
});

test('a run, a tenant and an access report that are piped by mistake revoke nobody named in them', async () => {
  const { messages } = await runModule(
    `Get-UserSessionRun | Revoke-UserSession; Get-UserSessionTenant | Revoke-UserSession`,
    { stub: { runs: [{}] } },
  );
  const users = paramsOf(messages, 'user/revoke').map(params => (params as { user: unknown }).user);
  expect(users).toMatchObject([{ type: 'UserSession.Run' }, { type: 'UserSession.Tenant' }]);
});

/** What the Tab key offers at the end of a line. */
const completed = async (line: string, env: ModuleOptions['env']): Promise<string[]> => {
  const script = `[System.Management.Automation.CommandCompletion]::CompleteInput('${line}', ${line.length}, $null).CompletionMatches | ForEach-Object { "$($_.CompletionText) $($_.ToolTip)" }`;
  const { outputs, errors, pids } = await signedOut(script, { env });
  // Nothing is started for it.
  expect([errors, pids]).toEqual([[], []]);
  return outputs.map(o => o.text);
};

const filled = (folder: string): string => {
  mkdirSync(folder, { recursive: true });
  for (const [name, minute] of [
    [a, 1],
    [b, 2],
  ] as const) {
    const file = join(folder, `${name}.jsonl`);
    writeFileSync(file, '');
    utimesSync(file, 0, Date.UTC(2026, 10, 23, 8, minute) / 1000);
  }
  writeFileSync(join(folder, 'notes.jsonl'), '');
  return folder;
};

const offered = [`${b} last written 2026-11-23 08:02:00Z`, `${a} last written 2026-11-23 08:01:00Z`];

test('the Tab key offers the run ids on record, the latest first', async () => {
  const home = newFolder();
  filled(join(home, 'runs'));
  const env = { USERSESSION_HOME: home };
  expect(await completed('Get-UserSessionRun -RunId ', env)).toEqual(offered);
  expect(await completed('Resume-UserSessionRun -RunId ', env)).toEqual(offered);
  expect(await completed('Resume-UserSessionRun -RunId a00', env)).toEqual(offered.slice(1));
  expect(await completed('Get-UserSessionRun -RunId zz', env)).toEqual([]);
});

test('the Tab key looks where the records are: -Journal, and the folders of the platform', async () => {
  const home = newFolder();
  const journal = filled(join(home, 'elsewhere'));
  const none = { USERSESSION_HOME: null, XDG_STATE_HOME: null };
  expect(
    await completed(`Get-UserSessionRun -Journal ${journal} -RunId `, { USERSESSION_HOME: join(home, 'no') }),
  ).toEqual(offered);
  filled(join(home, '.local', 'state', 'usersession', 'runs'));
  expect(await completed('Get-UserSessionRun -RunId ', { ...none, HOME: home })).toEqual(offered);
  const state = newFolder();
  filled(join(state, 'usersession', 'runs'));
  const env = { ...none, HOME: newFolder(), XDG_STATE_HOME: state };
  expect(await completed('Get-UserSessionRun -RunId ', env)).toEqual(offered);
});
