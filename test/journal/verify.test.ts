import { expect, test } from 'vitest';
import { emptyHead, link } from '../../src/journal/chain.ts';
import type { EntryContent } from '../../src/journal/entry.ts';
import { runStateOf } from '../../src/journal/run-state.ts';
import { type ReadRecord, RecordReader } from '../../src/journal/verify.ts';
import { rowOnRecord as row } from '../support/row-on-record.ts';

const actor = { account: 'a@x', objectId: 'o', clientId: 'c', authType: 'Delegated', operator: 'me@here' };
const contents = {
  begin: {
    type: 'begin',
    format: 1,
    runId: '00000000-0000-0000-0000-000000000001',
    session: 'session-1',
    version: '1.0',
    actor,
    tenantId: 't',
    tenantName: null,
    graphUrl: 'https://graph.microsoft.com',
    simulated: false,
    options: {},
    reason: null,
  },
  named: { type: 'named', user: 1, reference: { text: 'u1@x' } },
  intent: { type: 'intent', calls: [{ user: 1, userId: 'id-1', attempt: 1 }], clockOffset: null },
  outcome: { type: 'outcome', user: 1, row, clockOffset: 5 },
  confirmed: { type: 'confirmed', question: 'Revoke 300?' },
  resume: { type: 'resume', session: 'session-2', version: '1.0', actor, reason: null },
  end: { type: 'end', outcomes: { Revoked: 1 }, stopped: null },
};

/** What is read of a record with these lines, each of which fits the one before. */
function readOf(lines: readonly object[]): ReadRecord {
  const reader = new RecordReader();
  let head = emptyHead;
  for (const content of lines) {
    const linked = link(head, content as EntryContent, 0);
    head = linked.head;
    reader.take(linked.line);
  }
  return reader.end(false);
}

test('a record with a line of every type is whole', () => {
  const record = readOf(Object.values(contents));
  expect(record.damage).toEqual([]);
  expect(record.entries).toHaveLength(7);
});

const needed = Object.entries(contents).flatMap(([type, content]) =>
  Object.keys(content)
    .filter(field => field !== 'type')
    .map(field => [type, field] as const),
);

test.each(needed)('a line "%s" without "%s", or with something else in it, is damage', (type, field) => {
  for (const value of [undefined, [null], { strange: true }]) {
    // Those are objects of whatever content.
    if (field === 'options' && value && !Array.isArray(value)) continue;
    const lines = Object.values(contents).map(c => (c.type === type ? { ...c, [field]: value } : c));
    const record = readOf(lines);
    const at = lines.findIndex(c => c.type === type) + 1;
    expect(record.damage).toEqual([{ line: at, what: 'this line can not be read' }]);
    expect(record.entries.map(e => e.type)).not.toContain(type);
    expect(runStateOf(record.entries) === null).toBe(type === 'begin');
  }
});

test.each([
  ['a call of nobody', { ...contents.intent, calls: [{ user: 1, attempt: 1 }] }],
  ['no list of calls', { ...contents.intent, calls: [null] }],
  ['a reference of another form', { ...contents.named, reference: { properties: { id: 7 } } }],
  ['a row without an outcome', { ...contents.outcome, row: { ...row, outcome: undefined } }],
  ['an actor that is nobody', { ...contents.resume, actor: { ...actor, operator: 7 } }],
  ['a type that there is not', { ...contents.end, type: 'wish' }],
])('%s is damage', (_what, line) => {
  const record = readOf([contents.begin, contents.named, line, contents.end]);
  expect(record.damage).toEqual([{ line: 3, what: 'this line can not be read' }]);
  expect(record.entries).toHaveLength(3);
});

test('a malformed line is damage also at the end and before a resume: a crash leaves half a line, and no such thing', () => {
  const malformed = { ...contents.intent, calls: undefined };
  expect(readOf([contents.begin, malformed]).damage).toHaveLength(1);
  expect(readOf([contents.begin, malformed, contents.resume]).damage).toHaveLength(1);
});

test('of damage without end the first hundred are listed, and that there is more', () => {
  const reader = new RecordReader();
  for (let i = 0; i < 5000; i += 1) reader.take('');
  const { damage } = reader.end(false);
  expect(damage).toHaveLength(101);
  expect(damage[0]).toEqual({ line: 2, what: 'this line can not be read' });
  expect(damage[100]).toEqual({ line: 102, what: 'here and behind it more is wrong than is listed' });
});
