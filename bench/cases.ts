import type { BenchCase } from './case.ts';
import { aMillion } from './cases/a-million.ts';
import { engineStart } from './cases/engine-start.ts';
import { microsoft365Cli } from './cases/microsoft-365-cli.ts';
import { pace } from './cases/pace.ts';
import { thousandUsers } from './cases/thousand-users.ts';

/** In the order of the page. */
export const cases: readonly BenchCase[] = [thousandUsers, pace, aMillion, engineStart, microsoft365Cli];
