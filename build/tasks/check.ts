import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { outOfStep, writeValidators } from '../generate.ts';
import { root } from '../paths.ts';

/** Types, lint, drift of generated files: all of them run, then the verdict. */
const problems: string[] = [];

for (const file of outOfStep()) problems.push(`${file} is out of step: run "npm run generate"`);
await writeValidators();
run('types', 'tsc', ['-p', '.']);
run('lint', 'eslint', ['.', '--max-warnings', '0']);
run('format', 'prettier', ['--check', '--log-level', 'warn', '.']);

for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(problems.length ? '' : 'check: types, lint and generated files are in order\n');
process.exitCode = problems.length ? 1 : 0;

function run(what: string, command: string, args: string[]): void {
  const done = spawnSync(join(root, 'node_modules', '.bin', command), args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) problems.push(`${what}: see above`);
}
