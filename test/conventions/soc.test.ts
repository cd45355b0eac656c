import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../build/paths.ts';
import { auditQuery } from '../../src/operations/audit-query.ts';
import { verdicts } from '../../src/operations/match-calls.ts';
import { usersession } from '../support/command-line.ts';
import { plainUsers, recordedRun } from '../support/recorded-run.ts';

const page = readFileSync(join(root, 'docs', 'soc.md'), 'utf8');
const blocksOf = (language: string) =>
  [...page.matchAll(/```(\w+)\n(.*?)```/gs)].filter(m => m[1] === language).map(m => (m[2] ?? '').trimEnd());

/** The run of the page: two people, revoked by a User Administrator for a ticket. */
async function runOfThePage() {
  const { calls } = await recordedRun(plainUsers(2), {
    persona: 'userAdministrator',
    reason: 'INC-4711',
    before: (_, clock) => clock.sleep(60_000),
  });
  const runId = '5b0f7a52-2f4e-4f0c-9d0a-0d9a3c1e7b11';
  return {
    ...calls,
    run: { ...calls.run, begin: { ...calls.run.begin, runId, graphUrl: 'https://graph.microsoft.com' } },
  };
}

test('the queries of the page are what the product prints for such a run', async () => {
  const query = auditQuery(await runOfThePage());
  expect(blocksOf('kusto')).toEqual(query.kql);
  expect(blocksOf('http')).toEqual(query.graph.map(url => `GET ${url}`));
});

test('the page explains every verdict', () => {
  for (const verdict of verdicts) expect(page).toContain(`| \`${verdict}\` |`);
});

test('the commands of the page are there, with the options that it names', async () => {
  const commands = blocksOf('sh').flatMap(block =>
    block.split('\n').filter(line => line.startsWith('usersession')),
  );
  expect(commands.length).toBeGreaterThan(1);
  for (const command of commands) {
    const [, runs = '', name = '', ...rest] = command.replace(/ *#.*/, '').split(/ +/);
    const help = await usersession([runs, name, '--help']);
    expect(help.code, command).toBe(0);
    for (const option of rest.filter(word => word.startsWith('--'))) expect(help.out).toContain(option);
  }
});
