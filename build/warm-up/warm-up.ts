import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CompiledParts } from '../parts.ts';
import { playScenarios } from './scenarios.ts';

/**
 * The code that V8 has compiled of each part by the time the engine has done its work; of a part that is used in several
 * ways the way that took most of it. V8 writes the same bytes each time when it is made predictable, which leaves alone
 * what it looks at before it takes such code: its version and its flags.
 */
export async function compiledParts(engine: string): Promise<CompiledParts> {
  const folder = mkdtempSync(join(tmpdir(), 'usersession-warm-up-'));
  try {
    const places: string[] = [];
    await playScenarios((name, args, env) => {
      const place = join(folder, name);
      places.push(place);
      mkdirSync(place);
      const probe = join(import.meta.dirname, 'probe.cjs');
      return spawn(process.execPath, ['--predictable', '--require', probe, engine, ...args], {
        stdio: ['pipe', 'pipe', 'ignore'],
        env: { ...bare(), ...env, WARM_UP_FOLDER: place },
      });
    }, folder);
    const found = new Map<string, Buffer>();
    for (const place of places)
      for (const part of readdirSync(place)) {
        const code = readFileSync(join(place, part));
        if (code.length > (found.get(part)?.length ?? 0)) found.set(part, code);
      }
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The environment without what would change the engine, or how it is compiled. */
const bare = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(NODE_|USERSESSION_|AZURE_|https?_proxy|no_proxy)/i.test(name),
    ),
  );
