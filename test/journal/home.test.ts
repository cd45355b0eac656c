import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makePrivateFolder, StateFolderError, stateFolder } from '../../src/journal/home.ts';

const folder = mkdtempSync(join(tmpdir(), 'usersession-home-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['linux', { USERSESSION_HOME: '/srv/us', HOME: '/home/a', XDG_STATE_HOME: '/x' }, '/srv/us'],
  ['linux', { HOME: '/home/a', XDG_STATE_HOME: '/x' }, '/x/usersession'],
  ['linux', { HOME: '/home/a', XDG_STATE_HOME: 'relative' }, '/home/a/.local/state/usersession'],
  ['linux', { HOME: '/home/a' }, '/home/a/.local/state/usersession'],
  ['linux', {}, `${homedir()}/.local/state/usersession`],
  ['darwin', { HOME: '/Users/a' }, '/Users/a/Library/Application Support/UserSession'],
  ['win32', { USERSESSION_HOME: 'D:\\us', LOCALAPPDATA: 'C:\\x' }, 'D:\\us'],
  ['win32', { LOCALAPPDATA: 'C:\\Users\\a\\AppData\\Local' }, 'C:\\Users\\a\\AppData\\Local\\UserSession'],
  ['win32', { ProgramData: 'E:\\ProgramData' }, 'E:\\ProgramData\\UserSession'],
  ['win32', {}, 'C:\\ProgramData\\UserSession'],
] as const)('on %s with %j the state is in %s', (platform, env, expected) => {
  expect(stateFolder(env, platform)).toBe(expected);
});

test('a relative USERSESSION_HOME is refused: every place would have another one', () => {
  expect(() => stateFolder({ USERSESSION_HOME: 'state' }, 'linux')).toThrow(StateFolderError);
  expect(() => stateFolder({ USERSESSION_HOME: 'state' }, 'linux')).toThrow('no absolute path');
});

test('a folder is made for its owner alone, and made again without harm', () => {
  const path = join(folder, 'a', 'b');
  makePrivateFolder(path);
  makePrivateFolder(path);
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700);
});

test('a folder that can not be made is named, with what to do', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => makePrivateFolder(join(folder, 'file', 'x'))).toThrow(
    /^The folder .*file.x can't be used \(.*\)\. Set USERSESSION_HOME/,
  );
});
