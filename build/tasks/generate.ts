import { writeSchema, writeValidators } from '../generate.ts';

writeSchema();
await writeValidators();
