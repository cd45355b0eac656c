import { statSync } from 'node:fs';
import { relative } from 'node:path';
import { buildProduct } from '../all.ts';
import { makePackages, packagesOut } from '../package.ts';
import { root } from '../paths.ts';

/** `npm run package`: what an admin carries to a server that has neither Node nor a way out. */
await buildProduct();
const { zips, remarks, failures } = await makePackages();
for (const zip of zips) {
  process.stdout.write(`${relative(root, zip)} (${(statSync(zip).size / 1e6).toFixed(1)} MB)\n`);
}
for (const remark of remarks) process.stdout.write(`${remark}\n`);
process.stdout.write(`Beside them in ${relative(root, packagesOut)}: install.ps1, SHA256SUMS\n`);
for (const failure of failures) process.stderr.write(`${failure}\n`);
process.exitCode = failures.length ? 1 : 0;
