import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { out, root } from './paths.ts';

/** What a package is made for, spelled as in the names of Node's own packages. */
export type Platform = 'linux-x64' | 'win-x64';

/** The platform that executables can be run on here; null where no package is made for it. */
export const ownPlatform: Platform | null =
  ({ 'linux-x64': 'linux-x64', 'win32-x64': 'win-x64' } as Record<string, Platform>)[
    `${process.platform}-${process.arch}`
  ] ?? null;

/** Where packages of Node that can't be installed on this platform are kept once they have been fetched. */
export const fetchedNodes = join(out, 'fetched-nodes');

const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const lockfile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));

/** The Node of the packages. */
export const nodeVersion = (platform: Platform): string =>
  packageJson.optionalDependencies[`node-${platform}`];

/** The file inside Node's package that is Node. */
export const nodeBinary = (platform: Platform): string =>
  join('bin', platform === 'win-x64' ? 'node.exe' : 'node');

/**
 * The folder of Node's package for a platform: installed on its own platform, elsewhere fetched by npm into `cache` and
 * taken only when it is what the lockfile says.
 * @throws Error with one line when it can't be had
 */
export function nodePackage(platform: Platform, cache: string = fetchedNodes): string {
  const name = `node-${platform}`;
  const installed = join(root, 'node_modules', name);
  if (existsSync(join(installed, nodeBinary(platform)))) return installed;
  const version = nodeVersion(platform);
  const folder = join(cache, `${name}-${version}`);
  if (!existsSync(folder))
    fetchPackage(`${name}@${version}`, lockfile.packages[`node_modules/${name}`].integrity, folder);
  return folder;
}

function fetchPackage(what: string, integrity: string, folder: string): void {
  const work = `${folder}.part`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const npm = run('npm', ['pack', what, '--pack-destination', work, '--json', '--loglevel=error']);
  if (npm.status !== 0) throw new Error(`npm could not fetch ${what}: ${reasonOf(npm)}`);
  const archive = join(work, JSON.parse(npm.stdout)[0].filename);
  const hash = createHash('sha512').update(readFileSync(archive)).digest('base64');
  if (`sha512-${hash}` !== integrity)
    throw new Error(`${what} is not what package-lock.json says: do not use it`);
  // Windows has a tar of its own since 2018.
  const tar = run('tar', ['-xzf', archive, '-C', work]);
  if (tar.status !== 0) throw new Error(`${what} could not be unpacked: ${reasonOf(tar)}`);
  renameSync(join(work, 'package'), folder);
  rmSync(work, { recursive: true });
}

const run = (command: string, args: string[]) =>
  spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32' && command === 'npm',
  });

function reasonOf(done: ReturnType<typeof run>): string {
  const lines = (done.error?.message ?? done.stderr).split('\n').filter(line => line.trim() !== '');
  const said =
    lines.find(line => !/^npm (error|ERR!) (code|A complete log)/.test(line)) ?? 'it did not say why';
  return said.replace(/^npm (error|ERR!) /, '').trim();
}
