import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { isAlive, modulePath, runModule, sent, startModule } from './with-stub.ts';

const isGone = async (pid: number, within: number): Promise<boolean> => {
  for (const end = Date.now() + within; Date.now() < end; await sleep(20)) if (!isAlive(pid)) return true;
  return !isAlive(pid);
};

test('NODE_OPTIONS that somebody set for other programs does not get into the engine', async () => {
  const { rows, errors } = await runModule(`'a@x' | Revoke-UserSession`, {
    env: { NODE_OPTIONS: '--require /nowhere/hijack.cjs' },
  });
  expect([rows, errors]).toEqual([['Revoked a@x'], []]);
});

test('an engine that dies leaves a row Unknown for each user without an answer, then one error', async () => {
  const { rows, errors, outputs, messages } = await runModule(
    `try { 1..10 | ForEach-Object { "u$_@x" } | Revoke-UserSession } catch { $global:caught = $_ }
     $caught.TargetObject.Count; $caught.TargetObject[0]`,
    { stub: { dieAt: 4, delay: 3000 } },
  );
  expect(rows).toEqual(Array.from({ length: Number(outputs.at(-2)!.text) }, (_, n) => `Unknown u${n + 1}@x`));
  expect(rows.length).toBeGreaterThanOrEqual(4);
  expect(sent(messages, 'user/revoke').length).toBeLessThanOrEqual(rows.length);
  expect(outputs.at(-1)!.text).toBe('u1@x');
  expect(errors).toEqual([]);
});

test('the error of a dead engine says how many, what it last said and what to do', async () => {
  const { errors, state } = await runModule(`'a@x', 'b@x' | Revoke-UserSession`, {
    stub: { dieAt: 2, delay: 3000 },
  });
  expect(state).not.toBe('Killed');
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatchObject({
    fullyQualifiedErrorId: 'EngineStopped,Revoke-UserSession',
    category: 'ConnectionError',
  });
  expect(errors[0]!.message).toMatch(
    /exit code was 3.*the stub was told to die.*2 users.*Run: Resume-UserSessionRun run-1 --/,
  );
});

test('without a record the same command is all that can be run after the engine died', async () => {
  const { errors, outputs } = await runModule(`'a@x' | Revoke-UserSession -NoJournal`, {
    stub: { dieAt: 1, delay: 3000 },
  });
  expect(errors[0]!.message).toMatch(/same command again/);
  expect([errors[0]!.message, outputs[0]!.properties['Detail']!.value].join()).not.toContain('Resume');
});

test('after an engine died the next command starts a new one', async () => {
  const { rows, pids } = await runModule(
    `try { 'a@x' | Revoke-UserSession } catch { }; $env:USERSESSION_STUB = $env:USERSESSION_STUB -replace '"dieAt":1', '"dieAt":9'; $null = Connect-UserSessionTenant -Simulated; 'b@x' | Revoke-UserSession`,
    { stub: { dieAt: 1 } },
  );
  expect(rows).toEqual(['Unknown a@x', 'Revoked b@x']);
  expect(pids).toHaveLength(2);
});

test('an engine that died between two commands is replaced without a word', async () => {
  const { rows, errors, pids } = await runModule(
    `'a@x' | Revoke-UserSession
     $engine = & (Get-Module UserSession) { $script:Engine.Process }
     $engine.Kill(); $engine.WaitForExit()
     'b@x' | Revoke-UserSession`,
  );
  expect(rows).toEqual(['Revoked a@x', 'Revoked b@x']);
  expect([errors, pids.length]).toEqual([[], 2]);
});

test.each([
  ['a line that is no JSON', { rubbishAt: 2 }, /can't be understood/],
  ['a message that it could not read', { deafenAt: 2 }, /could not read a message: The line is no JSON/],
])('after %s nothing of the engine is trusted: rows Unknown and one error', async (_, stub, message) => {
  const { rows, errors, pids } = await runModule(`'a@x', 'b@x' | Revoke-UserSession`, {
    stub: { ...stub, delay: 3000 },
  });
  expect(rows).toEqual(['Unknown a@x', 'Unknown b@x']);
  expect(errors).toHaveLength(1);
  expect(errors[0]!.fullyQualifiedErrorId).toBe('EngineStopped,Revoke-UserSession');
  expect(errors[0]!.message).toMatch(message);
  expect(await isGone(pids[0]!, 2000)).toBe(true);
});

test('an engine that reads nothing does not keep a stop from working', async () => {
  const { events, state } = await runModule(
    `$long = 'x' * 2000; 1..2000 | ForEach-Object { "$long$_@x" } | Revoke-UserSession`,
    { stub: { deaf: true }, stopAfter: { ms: 4000 } },
  );
  expect(state).toBe('Stopped');
  expect((events.find(event => event.stream === 'stopped') as { took: number }).took).toBeLessThan(1500);
});

test('an engine that says a lot on stderr is not held up by it', async () => {
  const { rows } = await runModule(`'a@x', 'b@x' | Revoke-UserSession`, { stub: { stderrBytes: 1_000_000 } });
  expect(rows).toHaveLength(2);
});

test('an engine of another protocol is refused with a sentence that says what to reinstall', async () => {
  const { errors, rows } = await runModule(`'a@x' | Revoke-UserSession`, {
    stub: { protocol: 99 },
    unconnected: true,
  });
  expect(rows).toEqual([]);
  expect(errors).toMatchObject([{ fullyQualifiedErrorId: 'EngineProtocolMismatch,Revoke-UserSession' }]);
  expect(errors[0]!.message).toMatch(
    /speaks protocol 99, this module speaks 2.*Install the module UserSession again/,
  );
});

test.each([
  [
    'says something else first',
    { firstLine: '{"jsonrpc":"2.0","method":"moin"}' },
    /did not say hello first/,
  ],
  ['says rubbish first', { firstLine: 'Welcome!' }, /can't be understood/],
  ['ends at the start', { startWords: 'SyntaxError: too old' }, /exit code was 1.*SyntaxError: too old/],
])('a program that %s is a start that failed, with the reason', async (_, stub, message) => {
  const { errors } = await runModule(`Connect-UserSessionTenant -Simulated`, { stub, unconnected: true });
  expect(errors).toHaveLength(1);
  expect(errors[0]!.fullyQualifiedErrorId).toBe('EngineStartFailed,Connect-UserSessionTenant');
  expect(errors[0]!.message).toMatch(message);
});

test('an engine that is not there is EngineNotFound and says where it was looked for', async () => {
  const named = await runModule(`Connect-UserSessionTenant -Simulated`, {
    env: { USERSESSION_ENGINE: '/nowhere/engine.cjs' },
    unconnected: true,
  });
  expect(named.errors).toMatchObject([
    {
      fullyQualifiedErrorId: 'EngineNotFound,Connect-UserSessionTenant',
      message: expect.stringContaining("USERSESSION_ENGINE points at '/nowhere/engine.cjs'"),
    },
  ]);
  const missing = await runModule(`Connect-UserSessionTenant -Simulated`, {
    env: { USERSESSION_ENGINE: null },
    unconnected: true,
  });
  expect(missing.errors[0]!.message).toMatch(
    /engine of the module UserSession is missing.*Install the module again/,
  );
});

test('a script engine without node in the PATH says that it needs Node.js', async () => {
  const { errors } = await runModule(`Connect-UserSessionTenant -Simulated`, {
    env: { PATH: mkdtempSync(join(tmpdir(), 'usersession-')) },
    unconnected: true,
  });
  expect(errors).toMatchObject([{ fullyQualifiedErrorId: 'EngineNotFound,Connect-UserSessionTenant' }]);
  expect(errors[0]!.message).toMatch(/needs Node.js 22 or later/);
});

test('a file that can not be executed is EngineStartFailed', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'usersession-')), 'engine');
  writeFileSync(file, 'no program', { mode: 0o600 });
  const { errors } = await runModule(`Connect-UserSessionTenant -Simulated`, {
    env: { USERSESSION_ENGINE: file },
    unconnected: true,
  });
  expect(errors).toMatchObject([{ fullyQualifiedErrorId: 'EngineStartFailed,Connect-UserSessionTenant' }]);
});

test('a folder with spaces and quotes in its name is no trouble', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'usersession-')), `it's "a" folder`);
  symlinkSync(join(import.meta.dirname, 'fixtures'), folder);
  const { rows } = await runModule(`'a@x' | Revoke-UserSession`, {
    env: { USERSESSION_ENGINE: join(folder, 'stub-engine.mjs') },
  });
  expect(rows).toEqual(['Revoked a@x']);
});

test('names in every script arrive as they are, both ways', async () => {
  const name = 'Zoë 王秀英 🙂';
  const { outputs } = await runModule(`'${name}' | Revoke-UserSession`, {
    stub: { row: { displayName: name } },
  });
  expect(outputs[0]!.properties).toMatchObject({ Reference: { value: name }, DisplayName: { value: name } });
});

test.each([
  ['', {}],
  [' that stays when its stdin ends', { immortal: true }],
])('removing the module ends an engine%s within two seconds', async (_, stub) => {
  const { outputs, pids } = await runModule(
    `$engine = & (Get-Module UserSession) { $script:Engine.Process }
       $clock = [System.Diagnostics.Stopwatch]::StartNew(); Remove-Module UserSession; $clock.ElapsedMilliseconds; $engine.WaitForExit(1000)`,
    { stub },
  );
  expect(Number(outputs[0]!.text)).toBeLessThan(2500);
  expect(outputs[1]!.text).toBe('True');
  expect(await isGone(pids[0]!, 1000)).toBe(true);
});

test('when PowerShell is killed its engine ends within two seconds', async () => {
  const running = startModule(`'a@x' | Revoke-UserSession; Start-Sleep -Seconds 60`, {});
  for await (const event of running) if (event.stream === 'output') running.kill('SIGKILL');
  const [pid] = running.pids();
  expect(pid).toBeGreaterThan(0);
  expect(await isGone(pid!, 2000)).toBe(true);
});

test('importing the module starts nothing and shows nothing', async () => {
  const { events, pids } = await runModule(`Get-Command -Module UserSession | ForEach-Object Name`, {
    unconnected: true,
  });
  expect(pids).toEqual([]);
  expect(events.filter(event => !['output', 'done'].includes(event.stream))).toEqual([]);
  expect(modulePath).toContain('module');
});
