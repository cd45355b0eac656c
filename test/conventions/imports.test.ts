import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../build/paths.ts';

/**
 * Who may import whom at run time (design section 3). The contract's types may be imported everywhere, since types leave
 * no trace in the program.
 */
const allowed: Record<string, string[]> = {
  protocol: [],
  graph: ['protocol'],
  auth: ['graph', 'simulator'],
  journal: [],
  simulator: [],
  operations: ['graph', 'auth', 'journal', 'protocol'],
  service: ['operations', 'graph', 'auth', 'journal', 'protocol', '.'],
  cli: ['operations', 'graph', 'auth', 'journal', 'protocol', 'simulator', '.'],
  '.': ['service', 'cli'],
};

const files = globSync('src/**/*.ts', { cwd: root }).filter(f => !f.includes('generated'));
const folderOf = (file: string) => file.split(sep)[1] ?? '';
const folder = (file: string) => (folderOf(file).endsWith('.ts') ? '.' : folderOf(file));

function importsOf(file: string): { target: string; typeOnly: boolean }[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^(import|export)( type)?\b[^;]*?from '(\.[^']+)'|import\('(\.[^']+)'\)/gm)].map(
    match => ({
      target: normalize(join(dirname(file), match[3] ?? match[4] ?? '')),
      typeOnly: match[2] !== undefined,
    }),
  );
}

test('there are sources to look at', () => {
  expect(files.length).toBeGreaterThan(30);
});

test.each(files)('%s imports only from the layers below it', file => {
  const own = folder(file);
  for (const { target, typeOnly } of importsOf(file)) {
    const other = folder(target);
    if (other === own || (typeOnly && other === 'protocol')) continue;
    expect(allowed[own], `${file} imports ${target}`).toContain(other);
  }
});

test.each(files)('%s keeps standard output to the protocol and the rows', file => {
  const text = readFileSync(join(root, file), 'utf8');
  if (/process\.stdout/.test(text)) expect(['cli', 'service']).toContain(folder(file));
});
