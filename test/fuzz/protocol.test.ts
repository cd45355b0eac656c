import { Writable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Connector } from '../../src/auth/connect.ts';
import { systemClock } from '../../src/graph/clock.ts';
import { Quotas } from '../../src/graph/quotas.ts';
import { Records } from '../../src/journal/records.ts';
import { LineReader } from '../../src/service/line-reader.ts';
import { MessageWriter } from '../../src/service/message-writer.ts';
import { Session } from '../../src/service/session.ts';
import { fuzz } from '../support/fuzz.ts';

interface Reply {
  id?: unknown;
  method?: string;
  result?: unknown;
  error?: { message: string; data: { code: string } };
}

const connector = new Connector(systemClock, {});

/** A session on streams in memory. */
function open() {
  const replies: Reply[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      replies.push(...([JSON.parse(line)].flat() as Reply[]));
      done();
    },
  });
  const writer = new MessageWriter(stream);
  const session = new Session({
    writer,
    connector,
    clock: systemClock,
    quotas: new Quotas(),
    records: new Records(process.env, '0'),
  });
  const reader = new LineReader(
    line => session.receive(line),
    () => session.refuseLine(),
  );
  return { reader, writer, replies };
}

const id = fc.constantFrom('q1', 'q2', 'q3', 'q4', 'q5');
const user = fc.oneof(fc.record({ text: fc.string() }), fc.jsonValue());
const request = fc
  .record({
    jsonrpc: fc.constant('2.0'),
    id,
    method: fc.oneof(
      fc.constantFrom(
        'run/end',
        'user/revoke',
        'user/describe',
        'users/find',
        'tenant/disconnect',
        '__proto__',
        'toString',
      ),
      fc.string(),
    ),
    params: fc.oneof(
      fc.record({ runId: fc.string() }),
      fc.record({ runId: fc.string(), user }),
      fc.constant({}),
      fc.jsonValue(),
    ),
  })
  .filter(message => message.method !== '$/cancelRequest');
const junk = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.jsonValue().map(value => JSON.stringify(value)),
  fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes).toString('latin1')),
  fc.constantFrom(
    '{"jsonrpc":"2.0","id":"e1","result":{}}',
    '{"id":"e9","error":null}',
    '\uFEFF',
    '[]',
    '[[]]',
    '{"method":"$/cancelRequest","params":{"runId":"x"}}',
    '[{"id":"q',
  ),
);
const line = fc.oneof(
  { weight: 3, arbitrary: request.map(message => ({ text: JSON.stringify(message), ids: [message.id] })) },
  {
    weight: 1,
    arbitrary: fc.array(request, { maxLength: 6 }).map(messages => ({
      text: JSON.stringify(messages),
      ids: messages.map(message => message.id),
    })),
  },
  {
    weight: 2,
    arbitrary: junk.map(text => ({ text: text.replaceAll(/[\r\n]/g, ' '), ids: [] as string[] })),
  },
);

test('whatever stands between them, each request gets exactly one reply, and the conversation goes on', async () => {
  const input = fc.record({
    lines: fc.array(line, { maxLength: 12 }),
    cuts: fc.array(fc.nat(), { maxLength: 6 }),
    end: fc.constantFrom('\n', '\r\n'),
    half: fc.constantFrom('', '{"jsonrpc":"2.0","id":', '\uD83D'),
  });
  await fuzz('protocol reader', input, async ({ lines, cuts, end, half }) => {
    const { reader, writer, replies } = open();
    const bytes = Buffer.from(lines.map(({ text }) => `${text}${end}`).join('') + half);
    const places = [0, ...cuts.map(cut => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
    places.slice(1).forEach((place, index) => reader.push(bytes.subarray(places[index], place)));
    reader.end();
    // Replies come after some turns of promises.
    for (let turn = 0; turn < 3; turn++) await new Promise(resolve => setImmediate(resolve));
    await writer.flushed();

    const asked = lines.flatMap(({ ids }) => ids).sort();
    const answered = replies
      .map(reply => reply.id)
      .filter(one => typeof one === 'string' && one.startsWith('q'));
    expect(answered.sort()).toEqual(asked);
    for (const reply of replies) {
      expect('result' in reply || (reply.error?.message ?? '') !== '').toBe(true);
      expect(reply.error?.data.code).not.toBe('InternalError');
    }
  });
});
