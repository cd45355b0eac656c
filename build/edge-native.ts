import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificateStoreParts, root } from './paths.ts';
import { runLogged } from './run-logged.ts';

export const edgePackage = join(root, 'node_modules', 'edge-js');
const headers = join(root, 'node_modules', `node-${process.platform}-${process.arch}`);
const sources = join(certificateStoreParts, 'native');

/** The addon that `buildEdgeNative` leaves. */
export const edgeNative = join(sources, 'build', 'Release', 'edge_coreclr.node');

/** What the addon can't be compiled without and this machine has not, or null. */
export function missingForEdgeNative(): string | null {
  if (!existsSync(join(headers, 'include', 'node', 'node.h'))) return 'the headers of Node 24';
  if (!runs(process.env['CXX'] ?? 'g++')) return 'a C++ compiler (g++)';
  if (!runs('make')) return 'make';
  return runs('python3') ? null : 'Python 3';
}

/**
 * Compiles the part of edge-js that is loaded into Node; its package has none for Linux. node_modules stays as it is:
 * the sources are copied. Its two dozen files include the same large headers, so they are compiled as two.
 */
export async function buildEdgeNative(): Promise<void> {
  rmSync(sources, { recursive: true, force: true });
  mkdirSync(sources, { recursive: true });
  cpSync(join(edgePackage, 'src'), join(sources, 'src'), { recursive: true });
  for (const [name, files] of Object.entries(units)) {
    writeFileSync(
      join(sources, name),
      files.map(file => `#include "src/CoreCLREmbedding/${file}.cpp"\n`).join(''),
    );
  }
  writeFileSync(join(sources, 'binding.gyp'), JSON.stringify({ targets: [target] }));
  const gyp = join(root, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  const options = ['--release', `--nodedir=${headers}`, '-j', 'max'];
  await runLogged(process.execPath, [gyp, 'configure', 'build', ...options], {
    cwd: sources,
    // What npm hands down of its configuration would go before these options, the place of the headers included.
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))),
  });
}

/** As `sources` of the target edge_coreclr in the package's binding.gyp. */
const units = {
  'node.cpp': [
    ...['v8synchronizationcontext', 'callbackhelper', 'edge', 'utils'].map(file => `../common/${file}`),
    ...['coreclrembedding', 'coreclrfunc', 'coreclrnodejsfunc'],
    ...['coreclrfuncinvokecontext', 'coreclrnodejsfuncinvokecontext'],
  ],
  'host.cpp': [
    ...['pal/pal_utils', 'pal/trace', 'pal/pal.unix', 'fxr/fx_ver', 'fxr/fx_muxer'],
    ...['json', 'json_parsing', 'json_serialization'].map(file => `json/casablanca/src/json/${file}`),
    'json/casablanca/src/utilities/asyncrt_utils',
    ...['deps/deps_format', 'deps/deps_entry', 'deps/deps_resolver'],
    ...['host/args', 'host/coreclr', 'host/libhost', 'host/runtime_config'],
  ],
};

const target = {
  target_name: 'edge_coreclr',
  sources: Object.keys(units),
  include_dirs: ['<!(node -e "require(\'nan\')")', 'src/CoreCLREmbedding/json/casablanca/include'],
  defines: ['HAVE_CORECLR', '_NO_ASYNCRTIMP'],
  'cflags_cc!': ['-fno-exceptions', '-O3'],
  // Its warnings are others' business, and what is called once an hour needs no optimizing.
  cflags_cc: ['-std=c++20', '-w', '-O1'],
  ldflags: ['-s'],
};

/** The major version of Node that the addon is for. */
export function nodeMajor(): string {
  const file = join(headers, 'package.json');
  const version: string = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8')).version
    : process.versions.node;
  return version.split('.')[0] ?? '';
}

const runs = (command: string): boolean =>
  spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
