import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { lazyParts } from './lazy-parts.ts';
import { nodeOptions } from './node-options.ts';
import { certificateStoreOut, cliOut, moduleOut, out, root } from './paths.ts';

export const version: string = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;

const options: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  define: {
    'process.env["USERSESSION_VERSION"]': JSON.stringify(version),
    // What opens a browser asks where it is; CommonJS has other words for that.
    'import.meta.url': 'bundleUrl',
  },
  // Colours for a log that nobody sees, wanted from beside the bundle, where nothing is ours.
  alias: { 'supports-color': 'node:tty' },
  banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  // In a text that becomes code later there is no import().
  supported: { 'dynamic-import': false },
  legalComments: 'none',
  logLevel: 'error',
};

/** Bundles the engine into one CommonJS file (a single executable takes no ES module as main). */
export async function bundleEngine(): Promise<void> {
  await build({
    ...options,
    entryPoints: [join(root, 'src', 'main.ts')],
    outfile: join(out, 'engine', 'usersession.cjs'),
    plugins: [lazyParts(options)],
  });
}

/** Puts module and engine together: importable, and still so when the folder is copied elsewhere. */
export function assembleModule(): void {
  const engine = join(moduleOut, 'engine');
  rmSync(moduleOut, { recursive: true, force: true });
  cpSync(join(root, 'module'), moduleOut, { recursive: true });
  mkdirSync(engine, { recursive: true });
  copyFileSync(join(out, 'engine', 'usersession.cjs'), join(engine, 'usersession.cjs'));
  if (existsSync(certificateStoreOut)) {
    cpSync(certificateStoreOut, join(engine, 'certificate-store'), { recursive: true });
  }
  bringNode(engine);
  writeLauncher();
}

/** A hard link costs nothing and survives the copy of the folder; across file systems it has to be a copy. */
function bringNode(engine: string): void {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const target = join(engine, name);
  try {
    linkSync(process.execPath, target);
  } catch {
    copyFileSync(process.execPath, target);
  }
  if (!existsSync(target)) throw new Error(`could not bring ${name} into ${engine}`);
}

function writeLauncher(): void {
  const options = nodeOptions.join(' ');
  const text =
    process.platform === 'win32'
      ? `@"%~dp0UserSession\\engine\\node.exe" ${options} "%~dp0UserSession\\engine\\usersession.cjs" %*\r\n`
      : `#!/bin/sh\nhere=$(CDPATH= cd -- "$(dirname -- "$(readlink -f -- "$0")")" && pwd)\nexec "$here/UserSession/engine/node" ${options} "$here/UserSession/engine/usersession.cjs" "$@"\n`;
  writeFileSync(cliOut, text, { mode: 0o755 });
}
