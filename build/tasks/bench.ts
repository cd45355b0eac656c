import { parseArgs } from 'node:util';
import { runBench } from '../../bench/run.ts';
import { buildForPowerShell, buildProduct } from '../all.ts';

/** `npm run bench [-- --case NAME]`: measures ourselves and our rivals, and writes bench/RESULTS.md. */
const { values } = parseArgs({ options: { case: { type: 'string', multiple: true, default: [] } } });
await buildProduct();
await buildForPowerShell();
process.exitCode = await runBench(values.case);
