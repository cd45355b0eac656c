import { writeCommitted, writeValidators } from '../generate.ts';

writeCommitted();
await writeValidators();
