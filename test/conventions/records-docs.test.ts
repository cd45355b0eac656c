import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { cliOut, root } from '../../build/paths.ts';
import { stateFolder } from '../../src/journal/home.ts';
import type { CommandRun } from '../support/command-line.ts';
import { startTenant, type TestTenant } from '../support/tenant.ts';
import { type PowerShellRun, runPowerShell } from '../module/power-shell.ts';
import { inTenant, rowsOf } from '../module/with-engine.ts';

const page = readFileSync(join(root, 'docs', 'records.md'), 'utf8');

/** The block of a language in a section. */
const block = (heading: string, language: string): string => {
  const section = page.split(/^## /m).find(text => text.startsWith(heading)) ?? '';
  return [...section.matchAll(/```(\w+)\n(.*?)```/gs)].find(m => m[1] === language)?.[2] ?? '';
};

/** A machine on which three leavers are in a file, and what the page says can be typed. */
class Machine {
  readonly t: TestTenant;
  readonly cwd = mkdtempSync(join(tmpdir(), 'us-'));
  readonly home = join(this.cwd, 'home');
  runId = '';
  head = '';

  constructor(t: TestTenant) {
    this.t = t;
    const users = t.tenant.users.filter(u => !u.userPrincipalName.includes('#EXT#')).slice(0, 3);
    writeFileSync(
      join(this.cwd, 'leavers.csv'),
      ['UserPrincipalName', ...users.map(u => u.userPrincipalName)].join('\n'),
    );
  }

  sh(script: string): Promise<CommandRun> {
    const env = {
      ...process.env,
      ...this.t.env('app'),
      USERSESSION_HOME: this.home,
      RUN: this.runId,
      HEAD: this.head,
      PATH: `${dirname(cliOut)}${delimiter}${process.env['PATH']}`,
    };
    const child = spawn('bash', ['--noprofile', '--norc', '-e', '-c', script], { env, cwd: this.cwd });
    const run = { code: null, out: '', err: '' } as CommandRun;
    child.stdout.setEncoding('utf8').on('data', text => (run.out += text));
    child.stderr.setEncoding('utf8').on('data', text => (run.err += text));
    return new Promise(resolve => child.once('close', code => resolve({ ...run, code })));
  }

  powerShell(script: string): Promise<PowerShellRun> {
    const variables = { runId: this.runId, head: this.head };
    const env = { USERSESSION_HOME: this.home };
    return runPowerShell(
      ...inTenant(
        this.t,
        `$null = $ExecutionContext.SessionState.Path.SetLocation('${this.cwd}'); ${script}`,
        { persona: 'app', env, variables },
      ),
    );
  }

  /** Cuts the end off the record, as a crash would have left it: nobody has an outcome in it. */
  breakOff(): void {
    const file = join(this.home, 'runs', `${this.runId}.jsonl`);
    const lines = readFileSync(file, 'utf8').split('\n');
    const first = lines.findIndex(line => line.includes('"type":"outcome"'));
    writeFileSync(file, `${lines.slice(0, first).join('\n')}\n`);
  }

  learn(text: string): void {
    [, this.runId = '', this.head = ''] = /Run (\S+), head of its record (\w+)\./.exec(text) ?? [];
    expect(this.head).toMatch(/^[0-9a-f]{64}$/);
  }
}

test('the commands of PowerShell do what the page says: kept, read, resumed, verified', async () => {
  const m = new Machine(await startTenant());
  const kept = await m.powerShell(block('What is kept', 'powershell'));
  m.learn(kept.information.join());
  expect(readFileSync(join(m.cwd, 'done.csv'), 'utf8').trim().split('\n')).toHaveLength(4);
  const read = await m.powerShell(block('Reading it', 'powershell'));
  expect(read.outputs.map(o => o.properties['Reason']?.value)[0]).toBe('INC-4711');
  expect(readFileSync(join(m.cwd, 'incident.csv'), 'utf8').trim().split('\n')).toHaveLength(4);
  const verified = await m.powerShell(block('Verifying it', 'powershell'));
  expect(verified.outputs.map(o => o.text)).toEqual(['True']);
  m.breakOff();
  const calls = m.t.tenant.record.length;
  const resumed = await m.powerShell(block('Resuming', 'powershell'));
  expect(resumed.whatIf).toHaveLength(3);
  // Three who were left, and everybody once more; the tenant shows what was done before, so nobody is called again.
  expect(rowsOf(resumed.outputs).map(r => r['Outcome'])).toEqual(Array(6).fill('Revoked'));
  expect(m.t.tenant.record).toHaveLength(calls);
  for (const run of [kept, read, verified, resumed]) expect(run.errors).toEqual([]);
});

test('the commands of the command line do the same', async () => {
  const m = new Machine(await startTenant());
  const kept = await m.sh(block('What is kept', 'sh'));
  m.learn(kept.err);
  const read = await m.sh(block('Reading it', 'sh'));
  expect(read.out).toContain('INC-4711');
  expect(readFileSync(join(m.cwd, 'incident.csv'), 'utf8').trim().split('\n')).toHaveLength(4);
  const verified = await m.sh(block('Verifying it', 'sh'));
  expect(verified.out).toContain('the head is the one given');
  m.breakOff();
  const calls = m.t.tenant.record.length;
  const resumed = await m.sh(block('Resuming', 'sh'));
  expect(resumed.out.match(/Revoked/g)).toHaveLength(6);
  expect(m.t.tenant.record).toHaveLength(calls);
  for (const run of [kept, read, verified, resumed]) expect([run.code, run.err]).toEqual([0, run.err]);
});

test('every block of the page is run here', () => {
  const sections = ['What is kept', 'Reading it', 'Resuming', 'Verifying it'];
  const run = sections.flatMap(heading => ['powershell', 'sh'].map(language => block(heading, language)));
  expect(run.every(text => text !== '')).toBe(true);
  expect(page.match(/```\w/g)).toHaveLength(run.length);
});

test('damage is named, a cut and a forgery only by the head that was kept elsewhere', async () => {
  const m = new Machine(await startTenant());
  m.learn((await m.sh(block('What is kept', 'sh'))).err);
  const file = join(m.home, 'runs', `${m.runId}.jsonl`);
  const whole = readFileSync(file, 'utf8');
  writeFileSync(file, whole.replace('INC-4711', 'INC-0815'));
  const damaged = await m.powerShell(
    `$run = Get-UserSessionRun; $run.Intact; $run.Damage[0].Line; try { Resume-UserSessionRun $runId } catch { $_.FullyQualifiedErrorId }`,
  );
  expect(damaged.outputs.map(o => o.text)).toEqual(['False', '2', 'RecordDamaged,Resume-UserSessionRun']);
  writeFileSync(file, whole.split('\n').slice(0, -2).join('\n') + '\n');
  const cut = await m.powerShell(`(Get-UserSessionRun).Intact; ${block('Verifying it', 'powershell')}`);
  expect(cut.outputs.map(o => o.text)).toEqual(['True', 'False']);
  expect((await m.sh('usersession runs verify "$RUN"')).code).toBe(0);
  expect((await m.sh('usersession runs verify "$RUN" --head "$HEAD"')).code).toBe(2);
});

test("the folders are those of the engine, and a file is its owner's alone", async () => {
  expect(page).toContain(
    stateFolder({ XDG_STATE_HOME: '/x', HOME: '/h' }, 'linux').replace('/x', '$XDG_STATE_HOME') + '/runs',
  );
  expect(page).toContain(stateFolder({ HOME: '~' }, 'linux') + '/runs');
  expect(page).toContain(stateFolder({ HOME: '~' }, 'darwin') + '/runs');
  expect(page).toContain(stateFolder({ LOCALAPPDATA: '%LOCALAPPDATA%' }, 'win32') + '\\runs');
  const m = new Machine(await startTenant());
  m.learn((await m.sh(block('What is kept', 'sh'))).err);
  const folder = join(m.home, 'runs');
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
  const token = m.t.tenant.issueToken('app').split('.')[0] ?? '';
  expect(readFileSync(join(folder, `${m.runId}.jsonl`), 'utf8')).not.toContain(token);
});

test('records that were moved away are read there, and -WhatIf and -NoJournal leave none', async () => {
  const m = new Machine(await startTenant());
  m.learn((await m.sh(block('What is kept', 'sh'))).err);
  const away = mkdtempSync(join(tmpdir(), 'us-'));
  copyFileSync(join(m.home, 'runs', `${m.runId}.jsonl`), join(away, `${m.runId}.jsonl`));
  const run = await m.powerShell(`(Get-UserSessionRun $runId -Journal '${away}').Results.Count
    Import-Csv leavers.csv | Revoke-UserSession -WhatIf; $null = Import-Csv leavers.csv | Revoke-UserSession -NoJournal; @(Get-UserSessionRun).Count`);
  expect(run.outputs.map(o => o.text)).toEqual(['3', '1']);
});
