import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { HostMessage } from '../../src/protocol/envelope.ts';
import type { SimulatedTenantOptions, SimulatedUser } from '../../src/simulator/simulated-tenant.ts';
import { usersession } from '../support/command-line.ts';
import { startTenant, type TestTenant } from '../support/tenant.ts';
import {
  plain,
  type PowerShellOptions,
  type PowerShellRun,
  runPowerShell,
  startPowerShell,
} from './power-shell.ts';
import { builtModule, childrenOf, inTenant, rowsOf } from './with-engine.ts';
import { isAlive, runModule } from './with-stub.ts';

const a = 'a0000000-0000-4000-8000-000000000001';
const b = 'b0000000-0000-4000-8000-000000000002';

const paramsOf = <P>(messages: HostMessage[], method: string): P[] =>
  messages.flatMap(message =>
    'method' in message && message.method === method ? [message.params as P] : [],
  );

interface Begin {
  resume?: string;
  reason?: string;
  options?: Record<string, unknown>;
}

const recorded = ['a@x', 'failed@x', 'b@x', 'denied@x'];

test('who is left goes to the engine by number, portion by portion, and what is not said is not sent', async () => {
  const { rows, messages } = await runModule(`Resume-UserSessionRun ${a} -ErrorAction SilentlyContinue`, {
    stub: { recorded, left: [2, 3, 4], portion: 1 },
  });
  expect(rows).toEqual(['Failed failed@x', 'Revoked b@x', 'Denied denied@x']);
  const [begin] = paramsOf<Begin>(messages, 'run/begin');
  expect(begin).toMatchObject({ resume: a, options: { whatIf: false } });
  expect(Object.keys(begin?.options ?? {})).toEqual(['whatIf']);
  expect('reason' in (begin ?? {})).toBe(false);
  expect(paramsOf(messages, 'users/find')).toEqual([
    { runId: a, source: { kind: 'record' } },
    { runId: a, cursor: '1' },
    { runId: a, cursor: '2' },
  ]);
  expect(paramsOf<{ user: unknown }>(messages, 'user/revoke').map(p => p.user)).toEqual([
    { recorded: 2, text: 'failed@x' },
    { recorded: 3, text: 'b@x' },
    { recorded: 4, text: 'denied@x' },
  ]);
});

test('-MaxUsers, -Force, -VerificationTime and -Reason are sent when they are given', async () => {
  const { messages } = await runModule(
    `Resume-UserSessionRun ${a} -MaxUsers 7 -VerificationTime 0 -Reason INC-1; Resume-UserSessionRun ${a} -Force`,
    { stub: { recorded, left: [1] } },
  );
  expect(paramsOf<Begin>(messages, 'run/begin')).toMatchObject([
    { reason: 'INC-1', options: { maxUsers: 7, verificationTime: 0 } },
    { options: { maxUsers: 2147483647 } },
  ]);
});

test('an error tells run and user in an object that can be piped into Revoke-UserSession again', async () => {
  const { messages, outputs } = await runModule(
    `Resume-UserSessionRun ${a} -ErrorVariable failed -ErrorAction SilentlyContinue | ForEach-Object { }
     $failed.TargetObject; $failed.TargetObject | Revoke-UserSession -ErrorAction SilentlyContinue | ForEach-Object { }`,
    { stub: { recorded, left: [2, 3, 4] } },
  );
  expect(outputs.map(plain)).toEqual([
    { RunId: a, Reference: 'failed@x' },
    { RunId: a, Reference: 'denied@x' },
  ]);
  const users = paramsOf<{ user: object }>(messages, 'user/revoke').map(p => p.user);
  expect(users.slice(3)).toMatchObject([
    { properties: { Reference: 'failed@x' } },
    { properties: { Reference: 'denied@x' } },
  ]);
});

test('without a run id it takes the latest that is not running, and says which', async () => {
  const { messages, verbose } = await runModule('Resume-UserSessionRun -Verbose', {
    stub: { recorded, left: [1], runs: [{ state: 'Running' }, { runId: b }] },
  });
  expect(paramsOf<Begin>(messages, 'run/begin')).toMatchObject([{ resume: b }]);
  expect(verbose.join('\n')).toMatch(
    new RegExp(
      `latest run that is not finished is ${b}, begun 2026-11-23 08:00:00Z in Contoso; 1 of 4 users`,
    ),
  );
});

test.each([
  ['no run is left', {}, 'No run on record is left to be finished.', 'Resume-UserSessionRun'],
  ['nobody is left', { recorded }, `Nothing is left to do in the run ${a}.`, `Resume-UserSessionRun ${a}`],
])('when %s a warning says so, and it is no error', async (_, stub, warning, script) => {
  const run = await runModule(script, { stub });
  expect([run.outputs, run.errors, run.warnings]).toEqual([[], [], [warning]]);
});

test('-All gives everybody back, each once, and asks about nobody who is settled', async () => {
  const stub = { recorded, left: [3], portion: 3 };
  const all = await runModule(`Resume-UserSessionRun ${a} -All -ErrorAction SilentlyContinue`, { stub });
  expect(all.rows.map(row => row.split(' ')[1]).sort()).toEqual([...recorded].sort());
  const asked = await runModule(`Resume-UserSessionRun ${a} -All -Confirm -ErrorAction SilentlyContinue`, {
    stub,
    confirm: ['no'],
  });
  expect(asked.prompts).toHaveLength(1);
  expect(asked.prompts[0]?.message).toContain('b@x');
  expect(asked.rows.map(row => row.split(' ')[1])).toEqual(['a@x', 'failed@x', 'denied@x']);
});

test('-WhatIf names the run and each person left, also with -All, and sends nobody', async () => {
  const { whatIf, outputs, messages } = await runModule('Resume-UserSessionRun -All -WhatIf', {
    stub: { recorded, left: [2, 3], runs: [{ runId: b }, {}] },
  });
  expect(whatIf).toHaveLength(2);
  for (const [n, name] of ['failed@x', 'b@x'].entries()) {
    expect(whatIf[n]).toContain(`Adele Vance (${name})`);
    expect(whatIf[n]).toContain(`resuming run ${b}`);
  }
  expect(outputs).toEqual([]);
  expect(paramsOf(messages, 'user/revoke')).toEqual([]);
  // More than allowed is a question for those who send.
  expect(paramsOf<Begin>(messages, 'run/begin')).toMatchObject([
    { options: { whatIf: true, maxUsers: 2147483647 } },
  ]);
});

test.each([
  ['runs', 'Get-UserSessionRun | Resume-UserSessionRun'],
  [
    'the rows of runs',
    `'${a}', '${b}' | Get-UserSessionRun | ForEach-Object Results | Resume-UserSessionRun`,
  ],
])('%s that are piped in are resumed one after the other, each once', async (_, script) => {
  const { messages, errors } = await runModule(script, {
    stub: { recorded: ['a@x', 'b@x'], left: [1, 2], runs: [{}, { runId: b }] },
  });
  expect(errors).toEqual([]);
  expect(paramsOf<Begin>(messages, 'run/begin').map(p => p.resume)).toEqual([a, b]);
  expect(paramsOf(messages, 'user/revoke')).toHaveLength(4);
});

test('an engine that dies while a run is resumed says to resume it again', async () => {
  const { errors, rows } = await runModule(`Resume-UserSessionRun ${a}`, {
    stub: { recorded, left: [1, 3], dieAt: 2, delay: 3000 },
  });
  expect(rows).toEqual(['Unknown a@x', 'Unknown b@x']);
  expect(errors).toMatchObject([{ fullyQualifiedErrorId: 'EngineStopped,Resume-UserSessionRun' }]);
  expect(errors[0]?.message).toContain(`Run: Resume-UserSessionRun ${a} --`);
});

/** A run of more than forty takes some seconds, so it has a middle. */
const aFewAtATime: SimulatedTenantOptions = {
  writeQuota: { limit: 40, windowSeconds: 4, model: 'sliding' },
};

const local = (u: SimulatedUser) => !u.userPrincipalName.includes('#EXT#');
const newHome = () => mkdtempSync(join(tmpdir(), 'us-'));

/** Somebody's machine: their tenant, and their records. */
class Desk {
  readonly t: TestTenant;
  readonly home = newHome();
  readonly ids: string[];

  constructor(t: TestTenant, users = 100) {
    this.t = t;
    this.ids = t.tenant.users
      .filter(local)
      .map(u => u.id)
      .slice(0, users);
  }

  /** Text that puts everybody into the pipe. */
  get everybody(): string {
    return this.ids.map(id => `'${id}'`).join(',');
  }

  at(script: string, options: PowerShellOptions = {}): [script: string, options: PowerShellOptions] {
    const env = { USERSESSION_HOME: this.home, ...options.env };
    return inTenant(this.t, script, { timeoutMs: 120_000, ...options, persona: 'app', env });
  }

  run(script: string, options: PowerShellOptions = {}): Promise<PowerShellRun> {
    return runPowerShell(...this.at(script, options));
  }

  async firstCalls(): Promise<void> {
    while (this.t.tenant.record.length === 0) await new Promise(resolve => setTimeout(resolve, 5));
  }

  get runIds(): string[] {
    return readdirSync(join(this.home, 'runs')).map(name => name.replace('.jsonl', ''));
  }

  /** Whoever was handed in has one row, proven, and the tenant's own record agrees. */
  expectAllRevoked(rows: Record<string, unknown>[]): void {
    const handed = new Set(
      readFileSync(join(this.home, 'runs', `${this.runIds[0]}.jsonl`), 'utf8')
        .split('\n')
        .filter(line => line.includes('"type":"named"'))
        .map(line => (JSON.parse(line) as { reference: { text: string } }).reference.text),
    );
    expect(handed.size).toBeGreaterThan(0);
    expect(rows.map(r => r['Reference']).sort()).toEqual([...handed].sort());
    expect(new Set(rows.map(r => r['Outcome']))).toEqual(new Set(['Revoked']));
    const done = new Set(this.t.tenant.record.filter(r => r.effective).map(r => r.userId));
    for (const row of rows) expect(done).toContain(row['UserId']);
    // Nobody was signed out who had been handed in by nobody.
    for (const id of done) expect(handed).toContain(id);
  }
}

test('a killed engine: the same session resumes the run, and everybody has one row that the tenant agrees with', async () => {
  const desk = new Desk(await startTenant({ latencyMs: 400 }));
  const running = startPowerShell(
    ...desk.at(
      `
      try { ${desk.everybody} | Revoke-UserSession } catch { $death = $_ }
      "death $($death.FullyQualifiedErrorId) $($death.Exception.Message)"
      Resume-UserSessionRun | ForEach-Object { }
      (Get-UserSessionRun).State
      Resume-UserSessionRun (Get-UserSessionRun).RunId -All`,
    ),
  );
  await desk.firstCalls();
  process.kill(childrenOf(running.pid)[0] ?? 0, 'SIGKILL');
  const run = await running.finished;
  expect(run.errors).toEqual([]);
  const texts = run.outputs.filter(o => o.typeNames[0] === 'System.String').map(o => o.text);
  const [runId = ''] = desk.runIds;
  expect(texts[0]).toMatch(new RegExp(`^death EngineStopped,.*Run: Resume-UserSessionRun ${runId} --`));
  expect(texts[1]).toBe('Finished');
  const at = run.outputs.findIndex(o => o.text === 'Finished');
  const unknown = rowsOf(run.outputs.slice(0, at)).filter(r => r['Outcome'] === 'Unknown');
  expect(unknown.length).toBeGreaterThan(0);
  for (const row of unknown) expect(row['Detail']).toContain(`Resume-UserSessionRun ${runId}`);
  desk.expectAllRevoked(rowsOf(run.outputs.slice(at)));
}, 180_000);

test.each(['7', '5.1'] as const)(
  'a killed engine: a fresh session resumes what another one left, with the JSON of PowerShell %s',
  async dialect => {
    const desk = new Desk(await startTenant({ latencyMs: 400 }));
    const running = startPowerShell(
      ...desk.at(`try { ${desk.everybody} | Revoke-UserSession } catch { }`, { dialect }),
    );
    await desk.firstCalls();
    process.kill(childrenOf(running.pid)[0] ?? 0, 'SIGKILL');
    await running.finished;
    const before = await desk.run('Get-UserSessionRun', { dialect });
    expect(before.outputs.map(o => plain(o)['State'])).toEqual(['BrokenOff']);
    const run = await desk.run('Resume-UserSessionRun -All', { dialect, freshProcess: true });
    expect(run.errors).toEqual([]);
    desk.expectAllRevoked(rowsOf(run.outputs));
  },
  180_000,
);

test('a killed PowerShell: a fresh one resumes the run without the command that piped the users', async () => {
  const desk = new Desk(await startTenant({ latencyMs: 400, ...aFewAtATime }));
  const running = startPowerShell(...desk.at(`${desk.everybody} | Revoke-UserSession`));
  await desk.firstCalls();
  const [engine = 0] = childrenOf(running.pid);
  running.kill('SIGKILL');
  while (isAlive(engine)) await new Promise(resolve => setTimeout(resolve, 20));
  const run = await desk.run('Resume-UserSessionRun -All', { freshProcess: true });
  expect(run.errors).toEqual([]);
  desk.expectAllRevoked(rowsOf(run.outputs));
  const again = await desk.run('Resume-UserSessionRun');
  expect([again.outputs, again.warnings]).toEqual([[], ['No run on record is left to be finished.']]);
}, 180_000);

/** A command line of its own in one session, as at a prompt: `Start-Line` makes one, `$ps` revokes everybody. */
const prompt = (desk: Desk) => `
  $session = [runspacefactory]::CreateRunspace($Host, [runspace]::DefaultRunspace.InitialSessionState); $session.Open()
  function Start-Line($text) { $ps = [powershell]::Create(); $ps.Runspace = $session; $null = $ps.AddScript($text); $ps }
  $null = (Start-Line "Import-Module '${builtModule}'").Invoke()
  $ps = Start-Line "${desk.everybody} | Revoke-UserSession -Reason stopped"
  $asked = $ps.BeginInvoke()`;

test('Ctrl+C, and the next line of the same session resumes the run', async () => {
  const desk = new Desk(await startTenant({ latencyMs: 400, ...aFewAtATime }));
  const running = desk.run(`${prompt(desk)}
    while (-not [System.IO.File]::Exists("$env:USERSESSION_HOME/stop")) { [System.Threading.Thread]::Sleep(10) }
    $ps.Stop()
    (Start-Line '(Get-UserSessionRun).State').Invoke()
    (Start-Line 'Resume-UserSessionRun').Invoke() | ForEach-Object { }
    (Start-Line '(Get-UserSessionRun (Get-UserSessionRun).RunId).Results').Invoke()
    $session.Dispose()`);
  await desk.firstCalls();
  writeFileSync(join(desk.home, 'stop'), '');
  const run = await running;
  expect(run.errors).toEqual([]);
  expect(run.outputs[0]?.text).toBe('Unfinished');
  desk.expectAllRevoked(rowsOf(run.outputs));
}, 180_000);

test('Select-Object -First stops a run; the next line finds it stopped and resumes it', async () => {
  const desk = new Desk(await startTenant({ latencyMs: 200, ...aFewAtATime }), 60);
  const run = await desk.run(`
    $null = ${desk.everybody} | Revoke-UserSession | Select-Object -First 1
    (Get-UserSessionRun).State
    $null = Resume-UserSessionRun -WarningAction SilentlyContinue
    (Get-UserSessionRun (Get-UserSessionRun).RunId).Results`);
  expect(run.errors).toEqual([]);
  expect(run.outputs[0]?.text).toMatch(/^(Unf|F)inished$/);
  desk.expectAllRevoked(rowsOf(run.outputs));
}, 180_000);

test('a group that the machine protects by now is left alone when a run is resumed', async () => {
  const desk = new Desk(await startTenant());
  const glass = desk.t.tenant.groups.find(g => g.displayName === 'Break Glass')?.memberIds ?? [];
  const permissions = ['User.RevokeSessions.All', 'User.Read.All', 'GroupMember.Read.All'];
  const [script, options] = desk.at(
    `${glass.map(id => `'${id}'`).join(',')} | Revoke-UserSession -ErrorAction SilentlyContinue
     $env:USERSESSION_EXCLUDE_GROUP = 'Break Glass'
     Resume-UserSessionRun`,
  );
  const { token } = desk.t.connection({ persona: 'userAdministrator', permissions });
  const run = await runPowerShell(script, { ...options, env: { ...options.env, MG_STANDIN_TOKEN: token } });
  expect(run.errors).toEqual([]);
  const half = glass.length;
  expect(half).toBeGreaterThan(0);
  expect(rowsOf(run.outputs).map(r => r['Outcome'])).toEqual([
    ...Array(half).fill('Denied'),
    ...Array(half).fill('Excluded'),
  ]);
});

test('what failed is tried again, and who is not to be helped has an error each time', async () => {
  const desk = new Desk(await startTenant(), 1);
  const t = desk.t;
  const admin = t.tenant.persona('globalAdministrator');
  const [script, options] = desk.at(
    `'${desk.ids[0]}', '${admin.id}', 'nobody@contoso.example' | Revoke-UserSession -ErrorAction SilentlyContinue | ForEach-Object { }
     Resume-UserSessionRun -ErrorVariable failed -ErrorAction SilentlyContinue; $failed.TargetObject.Reference`,
  );
  const token = t.connection({ persona: 'userAdministrator' }).token;
  const run = await runPowerShell(script, { ...options, env: { ...options.env, MG_STANDIN_TOKEN: token } });
  const [row] = rowsOf(run.outputs);
  // NotFound is final: only who was denied is left.
  expect([row?.['Outcome'], row?.['UserId'], rowsOf(run.outputs).length]).toEqual(['Denied', admin.id, 1]);
  expect(run.outputs.at(-1)?.text).toBe(admin.id);
});

test.each(['7', '5.1'] as const)(
  'hostile reasons and names stand in the record and come back as they were, with the JSON of PowerShell %s',
  async dialect => {
    const desk = new Desk(await startTenant());
    const people = desk.t.tenant.users.filter(u => u.department === 'Contractors');
    const reasons = [
      '2026-11-23T08:00:00Z',
      '/Date(0)/',
      '\u2060x',
      `"'$(throw)\\ =cmd|' \u202e\u001b[2J`,
      'Zo\u00eb \u738b \ud83d\ude42',
    ];
    const run = await desk.run(
      `foreach ($reason in $reasons) { $null = '${desk.ids[0]}' | Revoke-UserSession -Reason $reason }
       $null = Get-MgUser -Filter "department eq 'Contractors'" -All | Revoke-UserSession -Reason last
       $runs = Get-UserSessionRun; [array]::Reverse($runs); $runs.Reason
       (Get-UserSessionRun $runs[-1].RunId).Results`,
      { dialect, variables: { reasons } },
    );
    expect(run.errors).toEqual([]);
    const rows = rowsOf(run.outputs);
    expect(run.outputs.slice(0, reasons.length + 1).map(o => o.value.value)).toEqual([...reasons, 'last']);
    expect(rows.map(r => r['DisplayName']).sort()).toEqual(people.map(u => u.displayName).sort());
    for (const output of run.outputs.slice(reasons.length + 1)) {
      expect(output.properties['SessionsValidFrom']).toMatchObject({ type: 'datetime', kind: 'Utc' });
    }
  },
);

test('the command line sees and finishes what PowerShell began, with the same record', async () => {
  const desk = new Desk(await startTenant(), 2);
  const run = await desk.run(
    `'${desk.ids[0]}' | Revoke-UserSession -Reason INC-4711; (Get-UserSessionRun).Head`,
  );
  const [runId = ''] = desk.runIds;
  const env = { ...desk.t.env('app'), USERSESSION_HOME: desk.home };
  const verified = await usersession(['runs', 'verify', runId, '--head', run.outputs.at(-1)?.text ?? ''], {
    env,
  });
  expect([verified.code, run.information.join()]).toEqual([0, expect.stringContaining(`head of its record`)]);
  expect(run.information.join()).toContain(run.outputs.at(-1)?.text);
  const listed = await usersession(['runs', 'list', '--output', 'json'], { env });
  expect(JSON.parse(listed.out)).toMatchObject([{ runId, reason: 'INC-4711', state: 'Finished' }]);
});

test('a record that can not be written ends the command before anybody is sent, and -NoJournal goes without', async () => {
  const desk = new Desk(await startTenant(), 1);
  const run = await desk.run(
    `try { '${desk.ids[0]}' | Revoke-UserSession -Journal /dev/null/x } catch { "$($_.FullyQualifiedErrorId) $($_.CategoryInfo.Category)" }
     '${desk.ids[0]}' | Revoke-UserSession -NoJournal; @(Get-UserSessionRun).Count`,
  );
  expect(run.outputs[0]?.text).toBe('RecordUnavailable,Revoke-UserSession OpenError');
  expect(rowsOf(run.outputs).map(r => r['Outcome'])).toEqual(['Revoked']);
  expect(desk.t.revoked()).toHaveLength(1);
  expect(run.outputs.at(-1)?.text).toBe('0');
});

test('another tenant, a run that nobody knows and a path are refused by name', async () => {
  const desk = new Desk(await startTenant({ seed: 2 }), 1);
  const script = `
    $null = Connect-UserSessionTenant -Simulated; $null = (Get-UserSessionTenant).SampleUsers[0] | Revoke-UserSession; Disconnect-UserSessionTenant
    $id = (Get-UserSessionRun).RunId
    foreach ($run in $id, '${a}', '../../etc/passwd') { try { Resume-UserSessionRun $run } catch { "$($_.FullyQualifiedErrorId) $($_.TargetObject -eq $run)" } }
    try { Get-UserSessionRun '${a}' } catch { "$($_.FullyQualifiedErrorId) $($_.TargetObject)" }`;
  const run = await desk.run(script);
  expect(run.outputs.map(o => o.text)).toEqual([
    'OtherTenant,Resume-UserSessionRun True',
    'RecordNotFound,Resume-UserSessionRun True',
    'RecordNotFound,Resume-UserSessionRun True',
    `RecordNotFound,Get-UserSessionRun ${a}`,
  ]);
});
