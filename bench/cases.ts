import type { BenchCase } from './case.ts';
import { engineStart } from './cases/engine-start.ts';
import { oneUserCold } from './cases/one-user-cold.ts';

/** In the order of the page. */
export const cases: readonly BenchCase[] = [engineStart, oneUserCold];
