import { createHash } from 'node:crypto';
import { copyFileSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { buildCertificateStoreParts } from './certificate-store.ts';
import { layOutCertificateStore } from './certificate-store-layout.ts';
import { version } from './version.ts';
import { buildExecutable, executableName, type ExecutableFolders } from './executable.ts';
import { nodePackage, type Platform } from './node-package.ts';
import { out, root } from './paths.ts';
import { writeZip, type ZipEntry } from './zip-file.ts';

export const platforms: readonly Platform[] = ['linux-x64', 'win-x64'];
/** What people get: the zips, install.ps1, SHA256SUMS. */
export const packagesOut = join(out, 'packages');

export const zipName = (platform: Platform): string => `UserSession-${version}-${platform}.zip`;

export interface Packages {
  /** The zips that were made, by full path. */
  zips: string[];
  /** What a package lacks that it could have, a line each. */
  remarks: string[];
  /** Why a package was not made, a line each. */
  failures: string[];
}

export interface PackageFolders extends ExecutableFolders {
  /** Emptied, then filled with what people get. */
  target?: string;
}

/** Makes a package for each platform; one that can't be made does not keep the others from it. */
export async function makePackages(folders: PackageFolders = {}): Promise<Packages> {
  const target = folders.target ?? packagesOut;
  const made: Packages = { zips: [], remarks: [], failures: [] };
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const platform of platforms) {
    const zip = join(target, zipName(platform));
    try {
      await writeZip(zip, await entriesFor(platform, folders, made.remarks));
      made.zips.push(zip);
    } catch (error) {
      rmSync(zip, { force: true });
      made.failures.push(`No package for ${platform}: ${(error as Error).message}`);
    }
  }
  const installer = join(target, 'install.ps1');
  copyFileSync(join(root, 'build', 'package', 'install.ps1'), installer);
  writeFileSync(join(target, 'SHA256SUMS'), [...made.zips, installer].map(sumLine).join(''));
  return made;
}

/**
 * Everything lies in UserSession/VERSION, which is the layout of a modules folder: a zip that somebody unpacks there by
 * hand is installed, beside the versions that are there already, and litters nothing.
 */
async function entriesFor(
  platform: Platform,
  { executables = join(out, 'executables'), nodes }: PackageFolders,
  remarks: string[],
): Promise<ZipEntry[]> {
  const executable = await buildExecutable(platform, { executables, nodes });
  const entries: ZipEntry[] = [
    ...filesOf(join(root, 'module'), ''),
    { name: `engine/${executableName(platform)}`, file: executable, executable: true },
    { name: 'INSTALL.txt', file: join(root, 'build', 'package', 'INSTALL.txt') },
    { name: 'LICENSE.txt', file: join(root, 'LICENSE') },
    { name: 'licenses/edge-js.txt', file: join(root, 'node_modules', 'edge-js', 'LICENSE') },
    // Node's package for Windows comes without it.
    { name: 'licenses/node.txt', file: join(nodePackage('linux-x64', nodes), 'LICENSE') },
  ];
  const store = await certificateStore(platform, executables);
  if (typeof store === 'string') entries.push(...filesOf(store, 'engine/certificate-store/'));
  else remarks.push(`${platform}: without the system's certificate store: ${store.missing}.`);
  return entries.map(entry => ({ ...entry, name: `UserSession/${version}/${entry.name}` }));
}

/** The parts that sign with a key of the operating system's certificate store; a text says why there are none. */
async function certificateStore(platform: Platform, folder: string): Promise<string | { missing: string }> {
  const os = { 'linux-x64': 'linux-x64', 'win-x64': 'win32-x64' }[platform];
  if (os === 'linux-x64' && process.platform !== 'linux') return { missing: 'it is built on Linux only' };
  const missing = await buildCertificateStoreParts(os);
  if (missing) return { missing: `${missing} is missing here` };
  const target = join(folder, platform, 'certificate-store');
  layOutCertificateStore(os, target, { executable: executableName(platform) });
  return target;
}

function filesOf(folder: string, prefix: string): ZipEntry[] {
  return globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => {
      const file = join(entry.parentPath, entry.name);
      return { name: prefix + file.slice(folder.length + 1).replaceAll(sep, '/'), file };
    });
}

/** As `sha256sum` writes and checks it. */
const sumLine = (file: string): string =>
  `${createHash('sha256').update(readFileSync(file)).digest('hex')}  ${basename(file)}\n`;
