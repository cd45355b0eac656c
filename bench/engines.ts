import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildExecutable } from '../build/executable.ts';
import { ownPlatform } from '../build/node-package.ts';
import { cliOut, out } from '../build/paths.ts';

/** A program and what comes before the arguments of its own. */
export type Command = readonly [file: string, ...args: string[]];

/** The engine in the forms in which people have it. */
export interface Engines {
  /** The bundle, run by the Node that everything here is measured with. */
  bundle: Command;
  /** What the source tree's `build/out/usersession` starts. */
  launcher: Command;
  /** The single executable of the packages. */
  executable: Command;
}

/** Builds what is not there. @throws where no executable is made for this platform */
export async function builtEngines(): Promise<Engines> {
  if (ownPlatform === null)
    throw new Error(`There is no executable for ${process.platform}-${process.arch}.`);
  const executable = await buildExecutable(ownPlatform);
  const bundle = join(out, 'engine', 'usersession.cjs');
  if (!existsSync(bundle)) throw new Error('The engine has not been built.');
  return { bundle: [process.execPath, bundle], launcher: [cliOut], executable: [executable] };
}
