import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withoutSignature } from './authenticode.ts';
import { nodeOptions } from './node-options.ts';
import { nodeBinary, nodePackage, nodeVersion, ownPlatform, type Platform } from './node-package.ts';
import { engineFiles, engineOut, portableEngineOut, root } from './paths.ts';

/** Where Node looks for what was put into it; the name and the fuse are Node's ("Single executable applications"). */
const resource = 'NODE_SEA_BLOB';
export const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** The engine as one file that needs no Node: the bundle, put into the Node of that platform. */
export function makeExecutable(platform: Platform, target: string, cache?: string): void {
  const node = join(nodePackage(platform, cache), nodeBinary(platform));
  const folder = dirname(target);
  mkdirSync(folder, { recursive: true });
  const blob = makeBlob(folder, platform);
  const unfinished = `${target}.part`;
  if (platform === 'win-x64') writeFileSync(unfinished, withoutSignature(readFileSync(node)));
  else copyFileSync(node, unfinished);
  const postject = join(root, 'node_modules', 'postject', 'dist', 'cli.js');
  run([postject, unfinished, resource, blob, '--sentinel-fuse', fuse], folder);
  renameSync(unfinished, target);
}

function makeBlob(folder: string, platform: Platform): string {
  const version = nodeVersion(platform);
  if (process.version !== `v${version}`) {
    throw new Error(`the executable takes Node ${version} to be built, and this is Node ${process.version}`);
  }
  // What was compiled here is for here.
  const engine = platform === ownPlatform ? engineOut : portableEngineOut;
  for (const file of engineFiles) copyFileSync(join(engine, file), join(folder, file));
  const config = {
    // Relative, because the name goes into the file as it stands here.
    main: 'usersession.cjs',
    assets: { 'usersession.parts': 'usersession.parts' },
    output: 'usersession.blob',
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    // The parts have theirs; this is the loader's alone, and would make every build another one.
    useCodeCache: false,
    // NODE_OPTIONS that somebody set for other programs must neither break the engine nor load anything into it.
    execArgv: nodeOptions,
    execArgvExtension: 'none',
  };
  writeFileSync(join(folder, 'sea-config.json'), JSON.stringify(config));
  run(['--experimental-sea-config', 'sea-config.json'], folder);
  return join(folder, config.output);
}

/** Runs our Node; what it says is shown only when it fails, since postject warns of sections that are in order. */
function run(args: string[], cwd: string): void {
  const done = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  if (done.status !== 0)
    throw new Error(`${args[0]} failed: ${done.error?.message ?? done.stderr + done.stdout}`);
}
