import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { figuresFile } from '../../test/support/figures.ts';
import { buildForPowerShell, buildProduct } from '../all.ts';
import { root } from '../paths.ts';

/** Everything in these folders runs in `npm test`, too, with a fraction of the inputs. */
const folders = ['test/torture/', 'test/fuzz/'];
const hours = 3;

/** `npm run torture [files]`: the tests that take hours, one file after the other, and their figures in one JSON file. */
await buildProduct();
await buildForPowerShell();
rmSync(figuresFile, { force: true });
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const chosen = process.argv.slice(2);
const bounds = ['--no-file-parallelism', `--testTimeout=${hours * 3_600_000}`];
const done = spawnSync(
  process.execPath,
  [vitest, 'run', ...bounds, ...(chosen.length > 0 ? chosen : folders)],
  { cwd: root, stdio: 'inherit', env: { ...process.env, TORTURE: '1' } },
);
process.exitCode = done.status ?? 1;
try {
  const figures = JSON.parse(readFileSync(figuresFile, 'utf8')) as object;
  process.stdout.write(`${Object.keys(figures).length} figures in ${relative(root, figuresFile)}\n`);
} catch {
  process.stdout.write('No figures were recorded.\n');
}
