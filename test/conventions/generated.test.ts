import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeSchema, schemaFile } from '../../build/generate.ts';

test('the committed schema is what the types say', () => {
  expect(readFileSync(schemaFile, 'utf8')).toBe(makeSchema());
});
