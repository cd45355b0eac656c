import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.ts';

/** Of the product. */
export const version: string = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
