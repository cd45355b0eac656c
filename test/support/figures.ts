import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { out } from '../../build/paths.ts';

/** What a torture run came to, by name. */
export const figuresFile = join(out, 'torture', 'results.json');

/** Keeps a figure of a torture run; a plain test run measures nothing that is worth keeping. */
export function recordFigure(name: string, value: unknown): void {
  if (!process.env['TORTURE']) return;
  const known = existsSync(figuresFile) ? (JSON.parse(readFileSync(figuresFile, 'utf8')) as object) : {};
  mkdirSync(dirname(figuresFile), { recursive: true });
  writeFileSync(figuresFile, `${JSON.stringify({ ...known, [name]: value }, null, 1)}\n`);
}
