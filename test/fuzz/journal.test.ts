import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyHead, link } from '../../src/journal/chain.ts';
import type { EntryContent } from '../../src/journal/entry.ts';
import { type RecordedRun, runStateOf } from '../../src/journal/run-state.ts';
import { type ReadRecord, RecordReader } from '../../src/journal/verify.ts';
import { fuzz } from '../support/fuzz.ts';

const contents: EntryContent[] = [
  {
    type: 'begin',
    format: 1,
    runId: '00000000-0000-0000-0000-000000000001',
    session: 'session-1',
    version: '1.0',
    actor: { account: 'a@x', objectId: 'o', clientId: 'c', authType: 'Delegated', operator: 'me@here' },
    tenantId: 't',
    tenantName: 'Contoso',
    graphUrl: 'https://graph.microsoft.com',
    simulated: false,
    options: {},
    reason: null,
  },
  ...[1, 2, 3].map(user => ({
    type: 'named' as const,
    user,
    reference: { text: `user${user}@contoso.example` },
  })),
  { type: 'intent', calls: [1, 2].map(user => ({ user, userId: `id-${user}`, attempt: 1 })), clockOffset: 0 },
  { type: 'end', outcomes: {}, stopped: null },
];

const lines: string[] = [];
let head = emptyHead;
for (const content of contents) {
  const linked = link(head, content, 0);
  head = linked.head;
  lines.push(linked.line);
}
const whole = Buffer.from(`${lines.join('\n')}\n`);

function read(bytes: Buffer): ReadRecord {
  const reader = new RecordReader();
  const parts = bytes.toString('utf8').split('\n');
  const rest = parts.pop() ?? '';
  for (const line of parts) reader.take(line);
  if (rest !== '') reader.take(rest);
  return reader.end(rest !== '');
}

/** Whom a record names, and whom its calls went to. */
const usersOf = (run: RecordedRun | null) =>
  run?.users.map(u => [u.user, u.reference, u.userId, u.openCalls]);
const original = usersOf(runStateOf(read(whole).entries));

test('the reader of records survives whatever is in the file', async () => {
  const lineLike = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc
      .record({
        seq: fc.anything(),
        prev: fc.anything(),
        type: fc.anything(),
        user: fc.anything(),
        calls: fc.anything(),
      })
      .map(o => JSON.stringify(o, (_k, v: unknown) => (typeof v === 'bigint' ? String(v) : v)) ?? ''),
    fc.constantFrom(...lines),
  );
  await fuzz('record reader', fc.array(lineLike, { maxLength: 12 }), parts => {
    const { entries } = read(Buffer.from(parts.join('\n')));
    for (const user of runStateOf(entries)?.users ?? []) expect(typeof user.openCalls).toBe('number');
  });
});

test('a record with a changed byte names nobody else without being told as damaged', async () => {
  const change = fc.record({ at: fc.nat({ max: whole.length - 1 }), byte: fc.integer({ min: 0, max: 255 }) });
  await fuzz('record with changed bytes', fc.array(change, { minLength: 1, maxLength: 4 }), changes => {
    const bytes = Buffer.from(whole);
    for (const { at, byte } of changes) bytes[at] = byte;
    if (bytes.equals(whole)) return;
    const record = read(bytes);
    // The last whole line alone is guarded by the head, and not by a line behind it.
    const end = record.torn ? bytes.lastIndexOf(10) + 1 : bytes.length;
    const last = bytes.lastIndexOf(10, end - 2) + 1;
    if (bytes.subarray(0, last).equals(whole.subarray(0, last))) expect(record.head).not.toBe(head.hash);
    else expect(record.damage.length > 0 || record.entries.length === 0).toBe(true);
    if (record.damage.length === 0 && record.entries.length > 0 && !record.torn)
      expect(usersOf(runStateOf(record.entries))).toEqual(original);
  });
});

test('a record that was cut anywhere names nobody else', async () => {
  await fuzz('record cut by a crash', fc.nat({ max: whole.length }), length => {
    const record = read(whole.subarray(0, length));
    expect(record.damage).toEqual([]);
    const known = usersOf(runStateOf(record.entries)) ?? [];
    known.forEach((user, i) => expect(user.slice(0, 2)).toEqual(original?.[i]?.slice(0, 2)));
  });
});
