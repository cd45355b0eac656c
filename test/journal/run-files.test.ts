import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { emptyHead, link } from '../../src/journal/chain.ts';
import { RunFiles } from '../../src/journal/run-files.ts';
import { Records } from '../../src/journal/records.ts';
import { latestUnfinished, listRuns } from '../../src/operations/recorded-runs.ts';

const folder = mkdtempSync(join(tmpdir(), 'us-run-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
});

const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const pathOf = (n: number) => join(folder, `${idOf(n)}.jsonl`);
const records = () => new Records({ USERSESSION_HOME: folder }, 'test');

/** A run with one user, who is left to do. */
async function broken(n: number, { users = 1 } = {}): Promise<void> {
  const actor = {
    account: 'a@x',
    objectId: 'o',
    clientId: 'c',
    authType: 'Delegated' as const,
    operator: 'me@here',
  };
  const all = records();
  const journal = await all.begin(
    {
      format: 1,
      runId: idOf(n),
      actor,
      tenantId: 't',
      tenantName: null,
      graphUrl: 'https://graph.microsoft.com',
      simulated: false,
      options: {},
      reason: null,
    },
    () => 0,
    folder,
  );
  for (let user = 1; user <= users; user += 1) journal.named(user, { text: `u${user}@x` });
  await journal.end({ outcomes: {}, stopped: null } as unknown as Parameters<typeof journal.end>[0]);
  await all.close();
}

test.each([
  ['a folder', () => mkdirSync(pathOf(9))],
  ['a link to nothing', () => symlinkSync(join(folder, 'nothing'), pathOf(9))],
  ['a pipe', () => void spawnSync('mkfifo', [pathOf(9)])],
  ['a device without end', () => symlinkSync('/dev/zero', pathOf(9))],
  [
    'a first line without session',
    async () => {
      await broken(9);
      const { session, ...begin } = JSON.parse(readFileSync(pathOf(9), 'utf8').split('\n')[0] ?? '');
      expect(session).toContain('session-');
      writeFileSync(pathOf(9), `${JSON.stringify(begin)}\n`);
    },
  ],
])('%s among the records hides none of the others, and is told in a line', async (_what, put) => {
  await broken(1);
  await put();
  const told: string[] = [];
  const runs = await listRuns(records(), folder, text => told.push(text));
  expect(runs.map(run => run.runId)).toEqual([idOf(1)]);
  expect(told).toEqual([expect.stringContaining(pathOf(9))]);
  expect(told[0]).toMatch(/is left out/);
  expect((await latestUnfinished(records(), folder, () => {}))?.runId).toBe(idOf(1));
  await expect(records().look(idOf(9), folder)).rejects.toMatchObject({ name: 'RecordError' });
});

test('a line of calls without calls is told as damage of that run, which is listed', async () => {
  await broken(1);
  const line = link(
    emptyHead,
    { type: 'intent', clockOffset: null } as unknown as Parameters<typeof link>[1],
    0,
  ).line;
  writeFileSync(pathOf(1), `${readFileSync(pathOf(1), 'utf8')}${line}\n`);
  const [run] = await listRuns(records(), folder);
  expect(run).toMatchObject({ runId: idOf(1), damage: [{ line: 4, what: 'this line can not be read' }] });
});

test('what a crash leaves of a record that was about to begin is left out without a word', async () => {
  writeFileSync(pathOf(1), '');
  writeFileSync(pathOf(2), '{"seq":0,"prev":null,"ty');
  const told: string[] = [];
  expect(await listRuns(records(), folder, text => told.push(text))).toEqual([]);
  expect(told).toEqual([]);
});

test('the latest run to be finished is the one that was written last, and what is older is not read', async () => {
  for (const n of [1, 2, 3, 4]) await broken(n, { users: n === 4 ? 0 : 1 });
  for (const [n, second] of [
    [1, 10],
    [2, 30],
    [3, 20],
    [4, 40],
  ] as const)
    utimesSync(pathOf(n), second, second);
  const read: string[] = [];
  const all = records();
  const files = new RunFiles(folder);
  all.files = () => files;
  const whole = files.read.bind(files);
  files.read = id => {
    read.push(id);
    return whole(id);
  };
  expect((await latestUnfinished(all, folder, () => {}))?.runId).toBe(idOf(2));
  expect(read).toEqual([idOf(4), idOf(2)]);
});

test('a folder that was named and is not there is an error, and no empty list', async () => {
  const gone = join(folder, 'gone');
  await expect(listRuns(records(), gone)).rejects.toThrow(`There is no folder ${gone}.`);
  await expect(latestUnfinished(records(), gone, () => {})).rejects.toThrow('There is no folder');
  expect(await listRuns(records())).toEqual([]);
});
