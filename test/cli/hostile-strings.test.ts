import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, expect, test } from 'vitest';
import { csvCell } from '../../src/cli/output/csv-cell.ts';
import type { RevocationResult } from '../../src/protocol/row.ts';
import { usersession } from '../support/command-line.ts';
import { startHostileGraph } from '../support/hostile-graph.ts';
import { hostileShown, hostileText } from '../support/hostile-text.ts';
import { startTenant } from '../support/tenant.ts';

const folder = mkdtempSync(join(tmpdir(), 'us-hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));
let logs = 0;

const local = hostileText.replaceAll(/[@\s]/g, '');

/** A tenant in which everything that a tenant can word is hostile. */
async function hostileTenant() {
  const t = await startTenant();
  const [first, second, third] = t.tenant.users.filter(
    u => u.accountEnabled && !u.external && u.roles.length === 0,
  );
  const names: Record<string, string> = { [first!.id]: hostileText, [third!.id]: "=cmd|' /C calc'!A0" };
  const graph = await startHostileGraph(t, (path, { status, body }) => {
    if (path.includes('revokeSignInSessions') && path.includes(second!.id)) {
      return {
        status: 418,
        body: {
          error: { code: hostileText, message: hostileText, innerError: { 'request-id': hostileText } },
        },
      };
    }
    const one = (raw: unknown): unknown => {
      const { id } = (raw ?? {}) as { id?: string };
      if (id !== undefined && names[id] !== undefined)
        return { ...(raw as object), displayName: names[id], userPrincipalName: `${local}@contoso.example` };
      if (path.includes('organization')) return { ...(raw as object), displayName: hostileText };
      return raw;
    };
    const list = (body as { value?: unknown } | undefined)?.value;
    return { status, body: Array.isArray(list) ? { ...(body as object), value: list.map(one) } : one(body) };
  });
  return {
    t,
    graph,
    ids: [first!.id, second!.id, third!.id, 'no-id-at-all', hostileText.replaceAll('\0', '')],
  };
}

test.each(['table', 'json', 'jsonl', 'csv'])(
  'a hostile tenant steers no terminal through rows as %s, standard error or the log',
  async output => {
    const { graph, ids } = await hostileTenant();
    const log = join(folder, `${++logs}.jsonl`);
    const run = await usersession(['revoke', ...ids, '--output', output, '--log', log], {
      env: graph.env('app'),
    });
    expect(run.code).toBe(2);
    for (const text of [run.out, run.err, readFileSync(log, 'utf8')]) {
      expect(hostileShown.exec(text)).toBeNull();
      expect(text).toContain('418');
    }
    // A name with a line break makes no line of its own.
    for (const line of run.err.trimEnd().split('\n')) expect(line).toMatch(/^(error|warning): |revoked in/);
  },
);

test('JSON keeps every character of a name, behind escapes', async () => {
  const { graph, ids } = await hostileTenant();
  const run = await usersession(['revoke', ids[0]!, '--output', 'jsonl'], { env: graph.env('app') });
  const row = JSON.parse(run.out) as RevocationResult;
  expect(row.displayName).toBe(hostileText);
  expect(run.out.trimEnd().split('\n')).toHaveLength(1);
});

test('CSV has a line for each row, and in no cell anything that a spreadsheet would run', async () => {
  const { graph, ids } = await hostileTenant();
  const run = await usersession(['revoke', ...ids, '--output', 'csv'], { env: graph.env('app') });
  expect(run.out.trimEnd().split('\n')).toHaveLength(ids.length + 1);
  const rows = parse(run.out, { columns: true }) as Record<string, string>[];
  expect(rows.map(row => row['displayName'])).toContain("'=cmd|' /C calc'!A0");
  for (const row of rows) for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[\s]*[=+@-]/);
});

test.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['  =1', "'  =1"],
  ['\t=1', '\ufffd=1'],
  ['\r=1', '\ufffd=1'],
  ['\uff1d1', "'\uff1d1"],
  ['x;=1', "x;'=1"],
  ['x; -1', "x; '-1"],
  ['x|@a', "x|'@a"],
  ['a-b=c', 'a-b=c'],
  ['adele@contoso.example', 'adele@contoso.example'],
  ['line\nbreak', 'line\ufffdbreak'],
])('the cell %j is written as %j', (text, cell) => {
  expect(csvCell(text)).toBe(cell);
});

test.each(['table', 'json', 'jsonl', 'csv'])('neither does --what-if as %s', async output => {
  const { graph, ids } = await hostileTenant();
  const run = await usersession(['revoke', ...ids, '--what-if', '--output', output], {
    env: graph.env('app'),
  });
  expect(hostileShown.exec(run.out + run.err)).toBeNull();
});

test.each(['table', 'json'])('nor whoami as %s', async output => {
  const { graph } = await hostileTenant();
  const run = await usersession(['whoami', '--output', output], { env: graph.env() });
  expect(hostileShown.exec(run.out + run.err)).toBeNull();
  expect(run.out).toContain('title');
});

test.each([
  ['a group', ['--group', hostileText.replaceAll('\0', '')]],
  ['an excluded group', ['x@y.example', '--exclude-group', hostileText.replaceAll('\0', '')]],
  ['a filter', ['--filter', `displayName eq '${hostileText.replaceAll('\0', '')}' nonsense`]],
  ['an option', [`--${hostileText.replaceAll('\0', '')}`]],
  ['a file', ['--users-from', `/nowhere/${hostileText.replaceAll('\0', '')}`]],
])('a hostile name of %s comes back tame', async (_, args) => {
  const { graph } = await hostileTenant();
  const run = await usersession(['revoke', ...args], { env: graph.env('app') });
  expect(run.code).toBe(1);
  expect(hostileShown.exec(run.err)).toBeNull();
});

test('a column of a file comes back tame in what is wrong with it', async () => {
  const { graph } = await hostileTenant();
  const input = `${hostileText.replaceAll(/[\0\n\r]/g, '')},b\nx,y\n`;
  const run = await usersession(['revoke', '--users-from', '-'], { env: graph.env('app'), input });
  expect(run.code).toBe(1);
  expect(hostileShown.exec(run.err)).toBeNull();
});
