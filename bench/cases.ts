import type { BenchCase } from './case.ts';
import { aMillion } from './cases/a-million.ts';
import { engineStart } from './cases/engine-start.ts';
import { microsoft365Cli } from './cases/microsoft-365-cli.ts';
import { oneUserCold } from './cases/one-user-cold.ts';
import { oneUserWarm } from './cases/one-user-warm.ts';
import { pace } from './cases/pace.ts';
import { powerShellPipeline } from './cases/power-shell-pipeline.ts';
import { thousandUsers } from './cases/thousand-users.ts';

/** In the order of the page. */
export const cases: readonly BenchCase[] = [
  oneUserCold,
  oneUserWarm,
  thousandUsers,
  pace,
  aMillion,
  powerShellPipeline,
  engineStart,
  microsoft365Cli,
];
