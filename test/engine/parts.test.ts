import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { bundleEngine } from '../../build/engine.ts';
import { engineFiles, engineOut, portableEngineOut } from '../../build/paths.ts';
import { startTenant } from '../support/tenant.ts';
import { BuiltEngine } from './built-engine.ts';

/** Tells on standard error of each part that was compiled whether its compiled code was taken. */
const tellTaken = `
const vm = process.getBuiltinModule('node:vm');
vm.Script = class extends vm.Script {
  constructor(text, options) {
    super(text, options);
    process._rawDebug(JSON.stringify({ part: options.filename, taken: this.cachedDataRejected === false }));
  }
};`;

const takenIn = (err: string) =>
  err
    .split('\n')
    .filter(line => line.startsWith('{"part"'))
    .map(line => JSON.parse(line) as { part: string; taken: boolean });

/** What a revocation on a tenant comes to. */
async function revoked(engine: BuiltEngine, options: Parameters<BuiltEngine['run']>[1] = {}) {
  const { tenant, env, revoked } = await startTenant();
  const user = tenant.users.find(u => u.userType === 'Member' && u.roles.length === 0);
  const child = spawn(process.execPath, [...(options.flags ?? []), engine.file, 'revoke', user?.id ?? ''], {
    env: { ...process.env, ...env('app'), ...options.env },
  });
  const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  return { code, err, done: revoked().length === 1 && revoked()[0] === user?.id };
}

test('each part that every start and every run takes comes with compiled code, and this Node takes it', () => {
  const engine = new BuiltEngine();
  const { err, code } = engine.run(['revoke', 'nobody@contoso.example', '--simulated', '--no-journal'], {
    script: tellTaken,
  });
  expect(code).toBe(2);
  const taken = takenIn(err);
  expect(taken.map(({ part }) => part)).toEqual(
    expect.arrayContaining(['start', 'program', 'run', 'revoke'].map(part => `usersession/${part}.js`)),
  );
  expect(taken.filter(part => !part.taken)).toEqual([]);
});

const kinds: [string, (code: Buffer, length: number) => void][] = [
  ['one bit of the first copy has turned', (code, length) => void (code[length >> 1]! ^= 1)],
  ['one bit of the second copy has turned', (code, length) => void (code[length + 40]! ^= 128)],
  ['the second copy is of something else', (code, length) => void code.fill('x', length)],
  ['there are zeros in their place', code => void code.fill(0)],
];
test.each(kinds)('compiled code that is damaged is left alone: %s', async (_, damage) => {
  const engine = new BuiltEngine();
  const { parts } = engine.index;
  engine.damage(bytes => {
    for (const { at, text: size, code } of parts)
      if (code > 0) damage(bytes.subarray(at + size, at + size + 2 * code), code);
  });
  const version = engine.run(['--version'], { script: tellTaken });
  expect(version).toMatchObject({ code: 0, out: '0.1.0\n' });
  expect(takenIn(version.err).filter(part => part.taken)).toEqual([]);
  expect(await revoked(engine)).toMatchObject({ code: 0, done: true });
});

test('a Node with other flags compiles for itself, and says nothing of it', async () => {
  const engine = new BuiltEngine();
  const { err } = engine.run(['--version'], { script: tellTaken, flags: ['--jitless'] });
  expect(takenIn(err).filter(part => part.taken)).toEqual([]);
  const run = await revoked(engine, { flags: ['--jitless'] });
  expect(run).toMatchObject({ code: 0, done: true });
  expect(run.err).toMatch(/^SIMULATED: nobody was signed out\. 1 of 1 revoked[^\n]*\n$/);
});

test('it works in any folder, writes nothing there, and keeps nothing for the next time', async () => {
  const engine = new BuiltEngine();
  const before = readdirSync(engine.folder);
  const scratch = mkdtempSync(join(tmpdir(), 'usersession-scratch-'));
  onTestFinished(() => rmSync(scratch, { recursive: true, force: true }));
  expect(await revoked(engine, { env: { TMPDIR: scratch } })).toMatchObject({ code: 0, done: true });
  expect(readdirSync(engine.folder)).toEqual(before);
  expect(readdirSync(scratch)).toEqual([]);
});

test.each([
  ['cut off', (parts: Buffer) => parts.subarray(0, 5000), /is cut off\. Install UserSession again\./],
  ['empty', () => Buffer.alloc(0), /is cut off\. Install UserSession again\./],
  [
    'of another build',
    (parts: Buffer) => Buffer.concat([Buffer.from('0'.repeat(32)), parts.subarray(32)]),
    /usersession\.parts belongs to another .*usersession\.cjs\. Install UserSession again\./,
  ],
])('a file of parts that is %s is named', (_, change, words) => {
  const engine = new BuiltEngine();
  engine.damage(change);
  const { code, err } = engine.run(['--version']);
  expect(code).toBe(1);
  expect(err).toMatch(words);
});

test('an engine that is replaced while it runs goes on with what it began with', async () => {
  const engine = new BuiltEngine();
  const child = spawn(process.execPath, [engine.file, 'serve']);
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (line: string) => lines.push(line));
  await once(child.stdout, 'data');
  rmSync(engine.partsFile);
  writeFileSync(engine.partsFile, 'another version');
  // The simulated tenant is in parts that have not been read yet.
  child.stdin.write(
    '{"jsonrpc":"2.0","id":1,"method":"run/begin","params":{"tenant":{"kind":"simulated"},"options":{}}}\n',
  );
  await once(child.stdout, 'data');
  expect(lines[1]).toContain('"runId"');
});

/** The libraries of Node that are loaded when it ends. */
const tellLibraries = `process.on('exit', () => process._rawDebug('LIBRARIES ' + process.moduleLoadList.join(' ')));`;
const librariesIn = (err: string) => /^LIBRARIES (.*)$/m.exec(err)?.[1]?.split(' ') ?? [];

test('the version is told without any library that takes time to be loaded', () => {
  const { out, err } = new BuiltEngine().run(['--version'], { script: tellLibraries });
  expect(out).toBe('0.1.0\n');
  const loaded = librariesIn(err);
  expect(loaded.length).toBeGreaterThan(50);
  for (const library of ['crypto', 'net', 'http', 'child_process', 'stream', 'fs/promises'])
    expect(loaded).not.toContain(library);
});

test("a run does without Node's fetch, which takes longer to be loaded than all the rest", () => {
  const engine = new BuiltEngine();
  const { err } = engine.run(['revoke', 'nobody@contoso.example', '--simulated'], { script: tellLibraries });
  const loaded = librariesIn(err);
  expect(loaded).toContain('http');
  expect(loaded.filter(library => /undici/.test(library))).toEqual([]);
});

test('the same sources make the same engine, byte for byte, compiled code included', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'usersession-again-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const again = { own: join(folder, 'own'), portable: join(folder, 'portable') };
  await bundleEngine(again);
  for (const file of engineFiles) {
    expect(readFileSync(join(again.own, file)).equals(readFileSync(join(engineOut, file)))).toBe(true);
    expect(readFileSync(join(again.portable, file)).equals(readFileSync(join(portableEngineOut, file)))).toBe(
      true,
    );
  }
});
