// The one door of every npm script. It runs on whatever Node the machine has (no dependency, old syntax is fine),
// brings what the project needs and then hands over to the Node 24 of node_modules.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { bin, installDependencies, root } from './install.mjs';

const [task, ...rest] = process.argv.slice(2);

if (!installDependencies()) {
  console.error('npm ci failed; see above. Nothing was built.');
  process.exit(1);
}

const own = join(bin, process.platform === 'win32' ? 'node.cmd' : 'node');
const node = existsSync(own) ? own : process.execPath;
if (node === process.execPath && Number(process.versions.node.split('.')[0]) < 22) {
  console.error(
    `Node ${process.versions.node} is too old for the tools and no Node 24 package exists for ${process.platform}-${process.arch}: install Node 22.12 or later.`,
  );
  process.exit(1);
}

// npm hands its own Node down in PATH order; ours has to come first for everything below.
const env = { ...process.env, PATH: bin + delimiter + process.env.PATH };
const done = spawnSync(node, [join(root, 'build', 'tasks', `${task}.ts`), ...rest], {
  cwd: root,
  env,
  stdio: 'inherit',
  shell: node.endsWith('.cmd'),
});
if (done.error) console.error(done.error.message);
process.exit(done.status ?? 1);
