import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildForPowerShell, buildProduct } from '../all.ts';
import { root } from '../paths.ts';

await buildProduct();
await buildForPowerShell();
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const done = spawnSync(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = done.status ?? 1;
