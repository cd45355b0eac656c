import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { PartIndex } from '../../build/parts.ts';
import { engineFiles, engineOut } from '../../build/paths.ts';

/** A copy of the built engine in a folder with blanks and umlauts in its path, gone when the test ends. */
export class BuiltEngine {
  readonly folder: string;
  readonly file: string;
  readonly partsFile: string;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'Grüße an den '));
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }));
    for (const file of engineFiles) copyFileSync(join(engineOut, file), join(this.folder, file));
    this.file = join(this.folder, 'usersession.cjs');
    this.partsFile = join(this.folder, 'usersession.parts');
  }

  /** Where its parts are, as its loader knows it. */
  get index(): PartIndex {
    const [, index] = /define_index_default = (\{.*\});/.exec(readFileSync(this.file, 'utf8')) ?? [];
    return new Function(`return ${index}`)() as PartIndex;
  }

  /** Changes the bytes of the file of parts. */
  damage(change: (parts: Buffer) => Buffer | void): void {
    const parts = readFileSync(this.partsFile);
    writeFileSync(this.partsFile, change(parts) ?? parts);
  }

  /** Runs it with this Node; `script` comes before it, as a module that is preloaded. */
  run(
    args: readonly string[],
    { flags = [], script, env }: { flags?: string[]; script?: string; env?: NodeJS.ProcessEnv } = {},
  ): { code: number | null; out: string; err: string } {
    const preload = join(this.folder, 'preload.cjs');
    if (script !== undefined) writeFileSync(preload, script);
    const options = [...flags, ...(script === undefined ? [] : ['--require', preload])];
    const done = spawnSync(process.execPath, [...options, this.file, ...args], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    return { code: done.status, out: done.stdout, err: done.stderr };
  }
}
