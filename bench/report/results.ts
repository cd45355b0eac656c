import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../build/paths.ts';
import type { Findings } from '../case.ts';

/** One case as it was measured last. */
export interface CaseResult extends Findings {
  name: string;
  title: string;
  method: string;
  commit: string;
  /** Of the end, in UTC. */
  measuredAt: string;
  machine: string;
  seconds: number;
}

const file = join(root, 'bench', 'results.json');

/** What was measured last of each case. */
export const readResults = (): CaseResult[] =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as CaseResult[]) : [];

export const writeResults = (results: readonly CaseResult[]): void =>
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
