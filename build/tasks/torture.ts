import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { figuresFile } from '../../test/support/figures.ts';
import { buildForPowerShell, buildProduct } from '../all.ts';
import { root } from '../paths.ts';
import { type Figures, makeReliabilityPage, reliabilityPage } from '../reliability-page.ts';

/** Everything in these folders runs in `npm test`, too, with a fraction of the inputs. */
const folders = ['test/torture/', 'test/fuzz/'];
const hours = 3;

/** `npm run torture [files]`: the tests that take hours, one file after the other, whose figures become docs/reliability.md. */
await buildProduct();
await buildForPowerShell();
rmSync(figuresFile, { force: true });
const startedAt = performance.now();
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const chosen = process.argv.slice(2);
const bounds = ['--no-file-parallelism', `--testTimeout=${hours * 3_600_000}`];
const done = spawnSync(
  process.execPath,
  [vitest, 'run', ...bounds, ...(chosen.length > 0 ? chosen : folders)],
  { cwd: root, stdio: 'inherit', env: { ...process.env, TORTURE: '1' } },
);
process.exitCode = done.status ?? 1;
if (done.status === 0 && chosen.length === 0) {
  const minutes = Math.round((performance.now() - startedAt) / 60_000);
  const figures = JSON.parse(readFileSync(figuresFile, 'utf8')) as Figures;
  writeFileSync(reliabilityPage, makeReliabilityPage(figures, minutes));
  process.stdout.write(`${relative(root, reliabilityPage)} is written.\n`);
}
