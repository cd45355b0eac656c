import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../build/paths.ts';
import { withMeasurement } from './capacity.ts';
import { makePage } from './page.ts';
import { makePicture } from './picture.ts';
import type { CaseResult } from './results.ts';

const capacityPage = join(root, 'docs', 'capacity.md');

/** All that is made of results: what is to stand in which file. */
export const reportFiles = (results: readonly CaseResult[]): { file: string; text: string }[] => [
  { file: join(root, 'bench', 'RESULTS.md'), text: makePage(results) },
  { file: join(root, 'bench', 'results.svg'), text: makePicture(results) },
  { file: capacityPage, text: withMeasurement(readFileSync(capacityPage, 'utf8'), results) },
];
