import { copyFileSync, cpSync, existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleChunks } from './chunks.ts';
import { nodeOptions } from './node-options.ts';
import { type PackedEngine, packParts } from './parts.ts';
import {
  certificateStoreOut,
  cliOut,
  engineFiles,
  engineOut,
  moduleOut,
  portableEngineOut,
  root,
} from './paths.ts';
import { compiledParts } from './warm-up/warm-up.ts';

/** Bundles the engine (CommonJS: a single executable takes no ES module as main), and lets it work for its compiled code. */
export async function bundleEngine({ own = engineOut, portable = portableEngineOut } = {}): Promise<void> {
  const chunks = await bundleChunks();
  writeEngine(portable, packParts(chunks));
  const compiled = await compiledParts(join(portable, 'usersession.cjs'));
  writeEngine(own, packParts(chunks, compiled));
}

function writeEngine(folder: string, { loader, parts }: PackedEngine): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'usersession.cjs'), loader);
  writeFileSync(join(folder, 'usersession.parts'), parts);
}

/** Puts module and engine together: importable, and still so when the folder is copied elsewhere. */
export function assembleModule(): void {
  const engine = join(moduleOut, 'engine');
  rmSync(moduleOut, { recursive: true, force: true });
  cpSync(join(root, 'module'), moduleOut, { recursive: true });
  mkdirSync(engine, { recursive: true });
  for (const file of engineFiles) copyFileSync(join(engineOut, file), join(engine, file));
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
  writeFileSync(cliOut, process.platform === 'win32' ? windowsLauncher : launcher, { mode: 0o755 });
}

const windowsLauncher = `@"%~dp0UserSession\\engine\\node.exe" ${nodeOptions.join(' ')} "%~dp0UserSession\\engine\\usersession.cjs" %*\r\n`;

/** Another process is started only where it is called by a link: each one takes longer than all the rest of it. */
const launcher = `#!/bin/sh
self=$0
if [ -L "$self" ]; then self=$(readlink -f -- "$self"); fi
case $self in */*) here=\${self%/*} ;; *) here=. ;; esac
exec "$here/UserSession/engine/node" ${nodeOptions.join(' ')} "$here/UserSession/engine/usersession.cjs" "$@"
`;
