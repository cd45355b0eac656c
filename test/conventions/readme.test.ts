import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../build/paths.ts';
import { severityOf } from '../../src/protocol/outcomes.ts';
import { usersession } from '../support/command-line.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const scripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts as Record<
  string,
  string
>;

test('every outcome is explained, with the severity that it really has', () => {
  const told = { none: '-', warning: 'warning', error: 'error' };
  const rows = readme.split('\n').filter(line => line.startsWith('| `'));
  const explained = rows.flatMap(row => {
    const [, names = '', , severity = ''] = row.split('|').map(cell => cell.trim());
    return [...names.matchAll(/`(\w+)`/g)].map(match => [match[1] ?? '', severity] as const);
  });
  expect(new Set(explained.map(([name]) => name))).toEqual(new Set(Object.keys(severityOf)));
  for (const [name, severity] of explained) {
    expect(severity.split(';')[0], name).toBe(told[severityOf[name as keyof typeof severityOf]]);
  }
});

test('every option that it names exists', async () => {
  const help =
    (await usersession(['revoke', '--help'])).out + (await usersession(['simulate', '--help'])).out;
  const options = new Set([...readme.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(match => match[0]));
  expect(options.size).toBeGreaterThan(4);
  for (const option of options) expect(help).toContain(option);
});

test('every exit code that the help names is in it too', async () => {
  const { out } = await usersession(['revoke', '--help']);
  const codes = [...out.slice(out.indexOf('Exit codes:')).matchAll(/(?<!\d)(\d{1,3}) [a-z]/g)].map(
    match => match[1],
  );
  expect(codes).toEqual(['0', '1', '2', '3', '4', '5', '129', '130', '143']);
  const sentence = readme.slice(readme.indexOf('Exit codes:'));
  for (const code of codes) expect(sentence).toContain(`${code} `);
});

test('every npm script that it names exists', () => {
  for (const [, script] of readme.matchAll(/npm (?:run )?(\w+)/g))
    expect(Object.keys(scripts)).toContain(script);
});
