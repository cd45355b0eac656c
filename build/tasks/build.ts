import { relative } from 'node:path';
import { buildProduct } from '../all.ts';
import { cliOut, moduleOut, root } from '../paths.ts';

await buildProduct();
process.stdout.write(
  `Module: ${relative(root, moduleOut)} (Import-Module ./${relative(root, moduleOut)})\nCLI:    ${relative(root, cliOut)}\n`,
);
