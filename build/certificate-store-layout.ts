import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { edgeNative, edgePackage, nodeMajor } from './edge-native.ts';
import { certificateStoreParts, root } from './paths.ts';
import { renameImport } from './rename-import.ts';

const managed = join(certificateStoreParts, 'managed');

export interface LayOutOptions {
  /** The file name of the executable that will load it, where that is not Node itself: `usersession.exe`. Windows only. */
  executable?: string;
}

/**
 * Lays out what the engine needs for the system's store on a platform (`linux-x64`, `win32-x64`, `darwin-arm64`, ...).
 * `buildCertificateStoreParts` comes first.
 * @throws when a part is missing
 */
export function layOutCertificateStore(platform: string, target: string, options: LayOutOptions = {}): void {
  rmSync(target, { recursive: true, force: true });
  const native = join(target, 'native');
  mkdirSync(native, { recursive: true });
  copyEdge(join(target, 'edge-js'));
  copyFileSync(join(managed, 'CertificateSigner.dll'), join(target, 'CertificateSigner.dll'));
  if (platform.startsWith('win32')) bringWindowsAddon(platform, native, options);
  else {
    const prebuilt = join(prebuiltFolder(platform), nodeMajor(), 'edge_coreclr.node');
    copyFileSync(
      platform.startsWith('linux') ? edgeNative : existing(prebuilt),
      join(native, 'edge_coreclr.node'),
    );
    bringBootstrap(join(target, 'bootstrap'));
  }
  const [os, cpu] = platform.split('-');
  // Inside a checkout whose files are ES modules these are still CommonJS; the rest tells the engine whom they are for.
  const about = { private: true, type: 'commonjs', os: [os], cpu: [cpu], engines: { node: nodeMajor() } };
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(about, null, 2)}\n`);
}

function copyEdge(target: string): void {
  for (const file of ['LICENSE', 'lib/edge.js', 'tools/checkMono.js'])
    cpSync(join(edgePackage, file), join(target, file));
}

/** The addon for the .NET Framework, which every Windows has, and the C++ library that it needs beside it. */
function bringWindowsAddon(platform: string, native: string, { executable }: LayOutOptions): void {
  const folder = prebuiltFolder(platform);
  const addon = readFileSync(existing(join(folder, nodeMajor(), 'edge_nativeclr.node')));
  // It asks Windows for the functions of "node.exe" by that name, and would load a second one.
  const fitting = executable ? renameImport(addon, 'node.exe', executable) : addon;
  writeFileSync(join(native, 'edge_nativeclr.node'), fitting);
  copyFileSync(join(folder, 'vcruntime140.dll'), join(native, 'vcruntime140.dll'));
}

/** EDGE_BOOTSTRAP_DIR: the part of edge-js that is loaded into .NET. */
function bringBootstrap(target: string): void {
  mkdirSync(target, { recursive: true });
  for (const file of ['EdgeJs.dll', 'EdgeJs.deps.json', 'Microsoft.Extensions.DependencyModel.dll'])
    copyFileSync(join(managed, file), join(target, file));
  const config = 'EdgeJs.runtimeconfig.json';
  copyFileSync(join(root, 'build', 'edge-bootstrap', config), join(target, config));
}

const prebuiltFolder = (platform: string): string => {
  const [os = '', cpu = ''] = platform.split('-');
  return join(edgePackage, 'lib', 'native', os, cpu);
};

function existing(file: string): string {
  if (!existsSync(file)) throw new Error(`edge-js has no addon for this platform and Node ${nodeMajor()}`);
  return file;
}
