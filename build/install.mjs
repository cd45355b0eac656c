import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const bin = join(root, 'node_modules', '.bin');

/**
 * Installs what the lockfile of a folder says when its node_modules is missing or was installed from another lockfile.
 * @param {string} folder
 * @returns {boolean} whether it is there; npm has said on standard error why not
 */
export function installDependencies(folder = root) {
  const stamp = join(folder, 'node_modules', '.usersession-lock');
  const wanted = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true;

  console.error(`Installing dependencies from ${relative(root, join(folder, 'package-lock.json'))} ...`);
  // Engine warnings are noise here: npm runs on the machine's Node, the tools run on the Node that is being installed.
  const npm = spawnSync(
    'npm',
    ['ci', '--include=optional', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: folder,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    },
  );
  if (npm.status !== 0) return false;
  writeFileSync(stamp, wanted);
  return true;
}
