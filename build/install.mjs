import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const bin = join(root, 'node_modules', '.bin');

/** Installs from the lockfile when node_modules is missing or was installed from another lockfile. */
export function installDependencies() {
  const stamp = join(root, 'node_modules', '.usersession-lock');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;

  console.error('Installing dependencies from package-lock.json ...');
  // Engine warnings are noise here: npm runs on the machine's Node, the tools run on the Node that is being installed.
  const npm = spawnSync(
    'npm',
    ['ci', '--include=optional', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    },
  );
  if (npm.status !== 0) {
    console.error('npm ci failed; see above. Nothing was built.');
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}
