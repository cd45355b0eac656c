import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { out, root } from './paths.ts';

/**
 * Runs `make` unless `name` was made before from exactly these inputs and all of `results` are still there.
 * Inputs are compared by content: a fresh clone and a touched file are the same thing.
 */
export async function unlessUnchanged(
  name: string,
  inputs: readonly string[],
  results: readonly string[],
  make: () => Promise<void> | void,
): Promise<void> {
  const stamp = join(out, 'stamps', name);
  const wanted = digest(inputs);
  const fresh =
    existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && results.every(r => existsSync(r));
  if (fresh) return;
  await make();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

function digest(patterns: readonly string[]): string {
  const hash = createHash('sha256').update(process.version);
  const files = globSync([...patterns], {
    cwd: root,
    exclude: path => /(^|\/)(node_modules|out|bin|obj)$/.test(path),
  });
  for (const file of files.sort()) {
    const path = join(root, file);
    if (!statSync(path).isFile()) continue;
    hash.update(file).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}
