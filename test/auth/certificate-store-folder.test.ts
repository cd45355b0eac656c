import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { layOutCertificateStore } from '../../build/certificate-store-layout.ts';
import { missingForEdgeNative } from '../../build/edge-native.ts';
import { certificateStoreOut, moduleOut } from '../../build/paths.ts';
import { importedFiles } from '../../build/rename-import.ts';
import { keepSignalHandlers } from '../../src/auth/signal-handlers.ts';
import { probe } from './probe.ts';

const scratch = mkdtempSync(join(tmpdir(), 'usersession-layout-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const filesOf = (folder: string): string[] =>
  globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

/** As the folder of this machine, but said to be for somebody else. */
function madeFor(name: string, change: object): string {
  const folder = join(scratch, name);
  cpSync(certificateStoreOut, folder, { recursive: true });
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...about, ...change }));
  return folder;
}

test('the built module has the folder beside its engine', () => {
  expect(filesOf(join(moduleOut, 'engine', 'certificate-store'))).toEqual(filesOf(certificateStoreOut));
});

test('a folder for another Node or another platform is refused before it is loaded', async () => {
  const wanted = [{ subjectName: 'Anybody' }];
  const node = await probe({ folder: madeFor('node', { engines: { node: '22' } }), wanted });
  expect(node.answers).toMatchObject([
    { code: 'OtherNode', message: expect.stringContaining('needs Node 22') },
  ]);
  const platform = await probe({ folder: madeFor('os', { os: ['win32'] }), wanted });
  expect(platform.answers).toMatchObject([
    { code: 'OtherPlatform', message: expect.stringContaining('is for win32-x64') },
  ]);
});

test('an addon that can not be loaded is one clear error, and the process lives on', async () => {
  const folder = madeFor('broken', {});
  writeFileSync(join(folder, 'native', 'edge_coreclr.node'), 'not an addon');
  const run = await probe({ folder, wanted: [{ subjectName: 'Anybody' }] });
  expect(run).toMatchObject({ code: 0, err: '', answers: [{ code: 'LoadFailed' }] });
});

test('the folder for Windows is for the .NET Framework, and loads into an executable of any name', () => {
  const plain = join(scratch, 'windows');
  layOutCertificateStore('win32-x64', plain);
  expect(filesOf(plain)).toEqual([
    'CertificateSigner.dll',
    'edge-js/LICENSE',
    'edge-js/lib/edge.js',
    'edge-js/tools/checkMono.js',
    'native/edge_nativeclr.node',
    'native/vcruntime140.dll',
    'package.json',
  ]);
  const addon = (folder: string) => readFileSync(join(folder, 'native', 'edge_nativeclr.node'));
  const before = importedFiles(addon(plain));
  expect(before).toContain('node.exe');
  const renamed = join(scratch, 'windows-sea');
  layOutCertificateStore('win32-x64', renamed, { executable: 'usersession.exe' });
  const after = importedFiles(addon(renamed));
  expect(after).toEqual(before.map(name => (name === 'node.exe' ? 'usersession.exe' : name)));
  expect(addon(renamed).length).toBe(addon(plain).length);
  // Everything else that Windows wants beside the addon is there or part of every Windows.
  const brought = /^(usersession\.exe|vcruntime140\.dll|kernel32\.dll|mscoree\.dll|api-ms-win-crt-.*)$/i;
  for (const name of after) expect(name).toMatch(brought);
});

test('the folder for macOS has the addon that comes with edge-js', () => {
  const folder = join(scratch, 'mac');
  layOutCertificateStore('darwin-arm64', folder);
  expect(filesOf(folder)).toEqual(filesOf(certificateStoreOut));
});

test('a missing compiler is named', () => {
  const before = process.env['CXX'];
  process.env['CXX'] = '/nowhere/g++';
  try {
    expect(missingForEdgeNative()).toBe('a C++ compiler (g++)');
  } finally {
    if (before === undefined) delete process.env['CXX'];
    else process.env['CXX'] = before;
  }
});

test('whoever listened to a signal asks the system for it again, in the same order', () => {
  const heard: string[] = [];
  const listeners = [() => heard.push('first'), () => heard.push('second')];
  const asked: unknown[] = [];
  const notice = (name: unknown) => asked.push(name);
  const before = process.listeners('SIGTERM');
  process.removeAllListeners('SIGTERM');
  try {
    for (const listener of listeners) process.on('SIGTERM', listener);
    process.on('newListener', notice);
    expect(keepSignalHandlers(() => 'done')).toBe('done');
    expect(process.listeners('SIGTERM')).toEqual(listeners);
    expect(asked).toEqual(expect.arrayContaining(['SIGTERM', 'SIGINT', 'SIGQUIT']));
    process.emit('SIGTERM');
    expect(heard).toEqual(['first', 'second']);
  } finally {
    process.off('newListener', notice);
    process.removeAllListeners('SIGTERM');
    for (const listener of before) process.on('SIGTERM', listener);
  }
});
