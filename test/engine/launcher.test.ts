import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cliOut, engineFiles, moduleOut, out } from '../../build/paths.ts';

/** A folder of its own, gone when the test ends. */
function someFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), name));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function told(command: string, args: string[], options: { cwd?: string; path?: string } = {}): string {
  const { cwd, path } = options;
  const env = { ...process.env, ...(path && { PATH: `${path}:/usr/bin:/bin` }) };
  const { stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  return stdout + stderr;
}

test.runIf(process.platform !== 'win32')('the launcher finds its engine however it is called', () => {
  const links = someFolder('usersession-links-');
  symlinkSync(cliOut, join(links, 'usersession'));
  symlinkSync('usersession', join(links, 'again'));
  const ways: [string, string[], { cwd?: string; path?: string }?][] = [
    [cliOut, ['--version']],
    ['./usersession', ['--version'], { cwd: out }],
    ['out/usersession', ['--version'], { cwd: dirname(out) }],
    ['sh', ['usersession', '--version'], { cwd: out }],
    ['usersession', ['--version'], { path: out }],
    [join(links, 'usersession'), ['--version']],
    ['./again', ['--version'], { cwd: links }],
    ['usersession', ['--version'], { path: links, cwd: '/' }],
  ];
  for (const [command, args, options] of ways)
    expect([command, told(command, args, options)]).toEqual([command, '0.1.0\n']);
});

test.runIf(process.platform !== 'win32')(
  'it goes with its folder, and hands arguments on as they are',
  () => {
    const folder = join(someFolder('usersession-moved-'), 'Grüße  an\nalle');
    const engine = join(folder, 'UserSession', 'engine');
    mkdirSync(engine, { recursive: true });
    copyFileSync(cliOut, join(folder, 'usersession'));
    for (const file of [...engineFiles, 'node']) cpSync(join(moduleOut, 'engine', file), join(engine, file));
    expect(told(join(folder, 'usersession'), ['--version'])).toBe('0.1.0\n');
    expect(told(join(folder, 'usersession'), ['re*voke', `it's "a" $HOME`])).toContain(
      "unknown command 're*voke'",
    );
  },
);
