import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { cliOut } from '../../build/paths.ts';
import { readUserFile } from '../../src/cli/user-file.ts';
import { usersession } from '../support/command-line.ts';
import { startTenant } from '../support/tenant.ts';

const folder = mkdtempSync(join(tmpdir(), 'us-limits-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const fileOf = (content: string | Buffer): string => {
  const file = join(folder, `${++files}.txt`);
  writeFileSync(file, content);
  return file;
};

const id = '00000000-0000-4000-8000-000000000001';
const mega = 1024 * 1024;

async function refusalOf(content: string | Buffer): Promise<string> {
  const t = await startTenant();
  const run = await usersession(['revoke', '--users-from', fileOf(content)], { env: t.env() });
  expect([run.code, t.tenant.record]).toEqual([1, []]);
  expect(run.err).not.toMatch(/\n\s+at /);
  expect(run.err.length).toBeLessThan(3000);
  return run.err;
}

test.each<[string, string | Buffer, RegExp]>([
  [
    'without a line break in many megabytes',
    'a'.repeat(20 * mega),
    /^error: Line 1 of .* is longer than 1048576 characters: this is no list of users\.\n$/,
  ],
  [
    'with a cell of many megabytes',
    `Id,Note\n${id},"${'a'.repeat(20 * mega)}"\n`,
    /is no proper CSV: .*exceed/,
  ],
  ['with a quote that never ends', `Id,Note\n${id},"${'a,b\n'.repeat(mega)}`, /is no proper CSV/],
  ['of NUL characters', Buffer.alloc(100_000), /is no text: it has NUL characters/],
  [
    'of UTF-16 without a byte order mark',
    Buffer.from('adelev@contoso.example\n', 'utf16le'),
    /NUL characters.*-Encoding utf8/,
  ],
  [
    'of half characters in UTF-16',
    Buffer.from([0xff, 0xfe, 0x61, 0x00, 0x00, 0xd8, 0x61, 0x00]),
    /is not UTF-8/,
  ],
  ['of random bytes', Buffer.from(Array.from({ length: 5000 }, (_, n) => (n * 7919) % 256)), /is not UTF-8/],
  [
    'with thousands of columns of which none names a user',
    `${Array.from({ length: 5000 }, (_, n) => `c${n}`).join(',')}\n`,
    /has "c0".* and \d+ more\. Name one/,
  ],
  ['of brackets alone', '['.repeat(5 * mega), /is no proper JSON/],
])('a file %s is refused in a sentence, and nobody is revoked', async (_, content, words) => {
  expect(await refusalOf(content)).toMatch(words);
});

test('thousands of columns are no hindrance where one names the user', async () => {
  const t = await startTenant();
  const [user] = t.tenant.users;
  const columns = 20_000;
  const csv = `${'x,'.repeat(columns)}Id\n${','.repeat(columns)}${user?.id}\n`;
  const run = await usersession(['revoke', '--users-from', fileOf(csv)], { env: t.env('app') });
  expect([run.code, t.revoked()]).toEqual([0, [user?.id]]);
});

test('users behind more blank lines than the beginning of a file is long are found', async () => {
  const t = await startTenant();
  const [user] = t.tenant.users;
  const run = await usersession(['revoke', '--users-from', fileOf(`${'\r\n'.repeat(200_000)}${user?.id}`)], {
    env: t.env('app'),
  });
  expect([run.code, t.revoked()]).toEqual([0, [user?.id]]);
});

test('input that never ends, and never has a line break, ends the command', async () => {
  const t = await startTenant();
  const child = spawn(cliOut, ['revoke', '--users-from', '-'], { env: { ...process.env, ...t.env() } });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', text => (err += text));
  child.stdin.on('error', () => {});
  const pour = (): void => {
    while (child.exitCode === null && child.stdin.writable)
      if (!child.stdin.write('a'.repeat(65_536))) return void child.stdin.once('drain', pour);
  };
  pour();
  const code = await new Promise(resolve => child.on('close', resolve));
  expect(code).toBe(1);
  expect(err).toContain('longer than 1048576 characters');
});

test('JSON in one piece that is larger than memory should hold is refused before it is parsed', async () => {
  const piece = `{"Id":"${id}","Note":"${'x'.repeat(mega)}"},`;
  const endless = Readable.from(
    (function* () {
      yield '[';
      for (let n = 0; n < 400; n++) yield piece;
    })(),
  );
  await expect(readUserFile('-', endless).next()).rejects.toThrow(/JSON of more than 256 MiB in one piece/);
});

test('one line of many megabytes in pieces is read in a moment', async () => {
  const array = JSON.stringify(Array.from({ length: 400_000 }, () => ({ Id: id })));
  const pieces = Readable.from(array.match(/[^]{1,1000}/g) ?? []);
  const start = performance.now();
  let count = 0;
  for await (const references of readUserFile('-', pieces))
    count += references.filter(reference => 'properties' in reference).length;
  expect(count).toBe(400_000);
  expect(performance.now() - start).toBeLessThan(10_000);
});

test.each<[string, string]>([
  ['/dev/zero', 'larger than 1 MiB'],
  ['a large file', 'larger than 1 MiB'],
  ['a folder', 'folder'],
])('%s is no certificate, and is not read to its end', async (what, words) => {
  const path = what === '/dev/zero' ? what : what === 'a folder' ? folder : fileOf(Buffer.alloc(3 * mega));
  const args = ['whoami', '--certificate-path', path, '--tenant-id', 'contoso.example', '--client-id', id];
  const run = await usersession(args);
  expect(run.code).toBe(3);
  expect(run.err).toContain(words);
});
