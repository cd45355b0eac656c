import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { RecordError } from '../../src/journal/record-error.ts';
import { Records } from '../../src/journal/records.ts';
import { RunIdError } from '../../src/journal/run-files.ts';
import { runStateOf } from '../../src/journal/run-state.ts';
import type { RevocationResult } from '../../src/protocol/row.ts';
import { rowOnRecord } from '../support/row-on-record.ts';

const home = mkdtempSync(join(tmpdir(), 'us-records-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const env = { USERSESSION_HOME: home };

let runs = 0;
const newRunId = () => `00000000-0000-0000-0000-${String(++runs).padStart(12, '0')}`;

const facts = (runId: string) => ({
  format: 1 as const,
  runId,
  actor: {
    account: 'a@x',
    objectId: 'o',
    clientId: 'c',
    authType: 'Delegated' as const,
    operator: 'me@here',
  },
  tenantId: 't',
  tenantName: null,
  graphUrl: 'https://graph.microsoft.com',
  simulated: false,
  options: {},
  reason: 'INC-7',
});

const row = (outcome: RevocationResult['outcome']): RevocationResult => ({
  runId: 'r',
  tenantId: 't',
  ...rowOnRecord,
  outcome,
});

/** A run with three users: one revoked, one with a call on the way, one not sent. */
async function unfinished(records: Records): Promise<{ runId: string; path: string }> {
  const runId = newRunId();
  const journal = await records.begin(facts(runId), () => 250);
  for (const user of [1, 2, 3]) journal.named(user, { text: `u${user}@x` });
  await journal.intend([
    { user: 1, userId: 'id-1', attempt: 1 },
    { user: 2, userId: 'id-2', attempt: 1 },
  ]);
  await journal.settle(1, row('Revoked'));
  return { runId, path: records.files().pathOf(runId) };
}

const linesOf = (path: string): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1);

const damageOf = async (records: Records, runId: string) =>
  (await records.files().read(runId)).damage.map(d => `${d.line}: ${d.what}`);

test('a record is readable by its owner alone, and on disk before a call leaves', async () => {
  const records = new Records(env, '1.0');
  const { path } = await unfinished(records);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(home, 'runs')).mode & 0o777).toBe(0o700);
  expect(linesOf(path).map(line => JSON.parse(line).type)).toEqual([
    'begin',
    'named',
    'named',
    'named',
    'intent',
    'outcome',
  ]);
});

test('what a record says of each user is what happened', async () => {
  const records = new Records(env, '1.0');
  const { runId } = await unfinished(records);
  const { entries, damage, torn } = await records.files().read(runId);
  expect([damage, torn]).toEqual([[], false]);
  const run = runStateOf(entries);
  expect(run?.users.map(u => [u.user, u.userId, u.openCalls, u.row?.outcome])).toEqual([
    [1, 'id-1', 0, 'Revoked'],
    [2, 'id-2', 1, undefined],
    [3, null, 0, undefined],
  ]);
  const intent = entries.find(e => e.type === 'intent');
  expect(run?.users[1]?.firstCallAt).toBe(Date.parse(intent?.time ?? '') + 250);
});

test.each([
  [
    'a changed line',
    (l: string[]) => l.with(1, l[1]!.replace('u1@x', 'u9@x')),
    ['3: the line before this one was changed'],
  ],
  ['a missing line', (l: string[]) => l.toSpliced(2, 1), ['3: 1 line is missing before this one']],
  [
    'lines that changed places',
    (l: string[]) => [l[0]!, l[2]!, l[1]!, ...l.slice(3)],
    ['2: 1 line is missing before this one'],
  ],
  [
    'a line that is there twice',
    (l: string[]) => l.toSpliced(2, 0, l[1]!),
    ['3: this line is number 1 and stands where number 2 belongs'],
  ],
  [
    'a line in the middle that is no line',
    (l: string[]) => l.with(2, '{"seq":2'),
    ['3: this line can not be read'],
  ],
])('%s is named', async (_what, change, first) => {
  const records = new Records(env, '1.0');
  const { runId, path } = await unfinished(records);
  writeFileSync(path, `${change(linesOf(path)).join('\n')}\n`);
  expect(await damageOf(records, runId)).toEqual(expect.arrayContaining(first));
  await expect(new Records(env, '1.0').take(runId)).rejects.toThrow(/was changed after it was written/);
});

test('lines that were cut off at the end show by the head alone', async () => {
  const records = new Records(env, '1.0');
  const { runId, path } = await unfinished(records);
  const whole = (await records.files().read(runId)).head;
  writeFileSync(path, `${linesOf(path).slice(0, -1).join('\n')}\n`);
  const cut = await records.files().read(runId);
  expect(cut.damage).toEqual([]);
  expect(cut.head).not.toBe(whole);
});

test.each(['{"seq":6,"pr', '\u00e4'.slice(0, 1), '{'])(
  'half a line at the end (%s) is what a crash leaves: the record is gone on with behind it',
  async half => {
    const { runId, path } = await unfinished(await dead());
    appendFileSync(path, half);
    const taken = await new Records(env, '1.0').take(runId);
    const journal = await taken.goOn({ actor: facts(runId).actor, reason: null }, () => null);
    await journal.settle(2, row('Revoked'));
    await journal.end({ outcomes: {} });
    await taken.release();
    const record = await new Records(env, '1.0').files().read(runId);
    expect(record.damage).toEqual([]);
    expect(runStateOf(record.entries)?.users[1]?.row?.outcome).toBe('Revoked');
  },
);

test('a last line without its line break counts, and the next one gets a line of its own', async () => {
  const { runId, path } = await unfinished(await dead());
  writeFileSync(path, readFileSync(path, 'utf8').trimEnd());
  const taken = await new Records(env, '1.0').take(runId);
  expect(taken.run.users[0]?.row?.outcome).toBe('Revoked');
  await (await taken.goOn({ actor: facts(runId).actor, reason: null }, () => null)).end({ outcomes: {} });
  await taken.release();
  expect(await damageOf(new Records(env, '1.0'), runId)).toEqual([]);
});

/** Records of a process that is no more: nobody holds its lock. */
async function dead(): Promise<Records> {
  const records = new Records(env, '1.0');
  const { begin } = records;
  records.begin = async (...args) => {
    const journal = await begin.apply(records, args);
    await records.close();
    return journal;
  };
  return records;
}

test('a run of a living process is not taken up; of two who resume one is refused', async () => {
  const alive = new Records(env, '1.0');
  const { runId } = await unfinished(alive);
  await expect(new Records(env, '1.0').take(runId)).rejects.toMatchObject({ code: 'Busy' });
  await alive.close();
  const taken = await new Records(env, '1.0').take(runId);
  await expect(new Records(env, '1.0').take(runId)).rejects.toMatchObject({ code: 'Busy' });
  await taken.release();
  await (await new Records(env, '1.0').take(runId)).release();
});

test.each([
  '../../etc/passwd',
  'a/b',
  '..',
  '',
  'x'.repeat(1000),
  '00000000-0000-0000-0000-000000000000/../x',
  'CON',
])('a run id that is a path trick is refused: %s', async runId => {
  await expect(new Records(env, '1.0').take(runId)).rejects.toBeInstanceOf(RunIdError);
});

test('a record that is not there, and one of another run under this name, are told apart', async () => {
  const records = new Records(env, '1.0');
  await expect(records.take(newRunId())).rejects.toMatchObject({ code: 'NotFound' });
  const { path } = await unfinished(await dead());
  const other = newRunId();
  writeFileSync(records.files().pathOf(other), readFileSync(path));
  await expect(records.take(other)).rejects.toMatchObject({ code: 'Damaged' });
});

test('a folder that can not be written refuses the run before it begins', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'us-ro-'));
  // Also root is stopped by a file where a folder should be.
  writeFileSync(join(folder, 'file'), '');
  const error: unknown = await new Records(env, '1.0')
    .begin(facts(newRunId()), () => null, join(folder, 'file', 'x'))
    .catch(e => e);
  expect(error).toBeInstanceOf(Error);
  expect((error as Error).message).toMatch(/can't be used/);
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
  await expect(
    new Records(env, '1.0').begin(facts('00000000-0000-0000-0000-000000000001'), () => null),
  ).rejects.toBeInstanceOf(RecordError);
});

test('a thousand outcomes at once cost few flushes, and all are there', async () => {
  const records = new Records(env, '1.0');
  const runId = newRunId();
  const journal = await records.begin(facts(runId), () => null);
  for (let user = 1; user <= 1000; user++) journal.named(user, { text: `u${user}@x` });
  await Promise.all(Array.from({ length: 1000 }, (_, i) => journal.settle(i + 1, row('Revoked'))));
  const record = await journal.end({ outcomes: { Revoked: 1000 } });
  const read = await records.files().read(runId);
  expect(read.damage).toEqual([]);
  expect(read.head).toBe(record?.head);
  expect(runStateOf(read.entries)?.users.every(u => u.row?.outcome === 'Revoked')).toBe(true);
});

test('a run is seen to be under way by whatever path its folder is found', async () => {
  const records = new Records(env, '1.0');
  const { runId } = await unfinished(records);
  await expect(new Records(env, '1.0').take(runId, join(home, 'x', '..', 'runs'))).rejects.toMatchObject({
    code: 'Busy',
  });
  await records.close();
});

test('a run is seen to be under way through a link to its folder', async () => {
  const records = new Records(env, '1.0');
  const { runId } = await unfinished(records);
  symlinkSync(join(home, 'runs'), join(home, 'linked'));
  await expect(new Records(env, '1.0').take(runId, join(home, 'linked'))).rejects.toMatchObject({
    code: 'Busy',
  });
  await records.close();
});

test.each([
  ['removed', (path: string) => rmSync(path), /removed/],
  ['written to by somebody else', (path: string) => appendFileSync(path, '\n'), /somebody else wrote/],
])('a record that is %s meanwhile fails at the next line', async (_what, meddle, message) => {
  const records = new Records(env, '1.0');
  const runId = newRunId();
  const journal = await records.begin(facts(runId), () => null);
  journal.named(1, { text: 'u1@x' });
  await journal.settle(1, row('Revoked'));
  meddle(records.files().pathOf(runId));
  await expect(journal.intend([{ user: 1, userId: 'id-1', attempt: 2 }])).rejects.toThrow(message);
  await records.close();
});

test('what a session learned of the clock holds for its calls before, and for no other session', async () => {
  const records = new Records(env, '1.0');
  const runId = newRunId();
  let ahead: number | null = null;
  const journal = await records.begin(facts(runId), () => ahead);
  for (const user of [1, 2]) journal.named(user, { text: `u${user}@x` });
  await journal.intend([{ user: 1, userId: 'id-1', attempt: 1 }]);
  ahead = 500;
  await journal.settle(1, row('Unverified'));
  ahead = null;
  await records.close();
  const taken = await new Records(env, '1.0').take(runId);
  const later = await taken.goOn({ actor: taken.run.begin.actor, reason: null }, () => null);
  await later.intend([{ user: 2, userId: 'id-2', attempt: 1 }]);
  await later.end({ outcomes: {} });
  await taken.release();
  const { entries } = await records.files().read(runId);
  const [intent] = entries.filter(e => e.type === 'intent');
  const users = runStateOf(entries)?.users;
  expect(users?.[0]?.unproven?.since).toBe(Date.parse(intent?.time ?? '') + 500);
  expect(users?.[1]?.unproven).toEqual({ since: null });
  // To find it in the audit log, the best that anybody knows will do.
  const second = entries.filter(e => e.type === 'intent').at(-1);
  expect(users?.[1]?.firstCallAt).toBe(Date.parse(second?.time ?? '') + 500);
});

test('where no lock can be kept, nothing is begun, and there is nothing to close', async () => {
  const records = new Records(env, '1.0');
  const folder = mkdtempSync(join(home, 'nolock-'));
  writeFileSync(join(folder, 'locks'), '');
  const runId = newRunId();
  await expect(records.begin(facts(runId), () => null, folder)).rejects.toThrow(/can't be used/);
  await records.close();
  rmSync(join(folder, 'locks'));
  await records.begin(facts(runId), () => null, folder);
  await records.close();
});

test('a record that could not be gone on with is let go of, and can be taken up again', async () => {
  const { runId, path } = await unfinished(await dead());
  const records = new Records(env, '1.0');
  const taken = await records.take(runId);
  const bytes = readFileSync(path);
  rmSync(path);
  symlinkSync('/dev/full', path);
  const content = { actor: facts(runId).actor, reason: null };
  await expect(taken.goOn(content, () => null)).rejects.toMatchObject({ code: 'Unavailable' });
  await taken.release();
  const open = readdirSync('/proc/self/fd').map(fd => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  });
  expect(open).not.toContain('/dev/full');
  rmSync(path);
  writeFileSync(path, bytes);
  const again = await records.take(runId);
  expect(again.run.users).toHaveLength(3);
  await again.release();
  await records.close();
});
