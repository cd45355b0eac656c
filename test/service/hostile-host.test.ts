import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EngineProcess, type Reply } from '../support/engine-process.ts';
import { startTenant } from '../support/tenant.ts';

const request = (id: unknown, method: string, params: unknown = {}) =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });

/** Shows that the engine is still there. */
const alive = async (engine: EngineProcess) =>
  expect((await engine.request('run/end', { runId: 'x' })).error?.data?.code).toBe('RunNotFound');

const refusals = (engine: EngineProcess) => engine.messages.filter(m => m.error !== undefined);

/** Bytes that it held in memory at most; 0 where the system does not tell. */
function peakOf(engine: EngineProcess): number {
  const status = `/proc/${engine.child.pid}/status`;
  if (!existsSync(status)) return 0;
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(status, 'utf8'))?.[1]) * 1024;
}

test.each<[string, string, string]>([
  ['of more than 16 MiB', `"${'a'.repeat(17 * 1024 * 1024)}"`, 'too long'],
  ['with more messages than anybody sends', `[1${',1'.repeat(100_000)}]`, 'more than 10000 messages'],
  ['that is nested for ever', '['.repeat(16_000_000), 'nested deeper than 64'],
  [
    'with a message that is nested for ever',
    `{"jsonrpc":"2.0","id":1,"method":"run/end","params":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_001)}`,
    'nested deeper than 64',
  ],
  ['of millions of values', `{"params":[{}${',{}'.repeat(4_000_000)}]}`, 'more than 1000000 values'],
])(
  'a line %s is refused with a sentence, without much memory, and the engine goes on',
  async (_, line, words) => {
    const engine = new EngineProcess();
    engine.write(`${line}\n`);
    const refusal = await engine.next(m => m.error !== undefined);
    expect(refusal).toMatchObject({
      id: null,
      error: { data: { code: 'ParseError' }, message: expect.stringContaining(words) },
    });
    await alive(engine);
    expect(refusals(engine)).toHaveLength(2);
    expect(peakOf(engine)).toBeLessThan(400e6);
  },
);

test('a flood of requests that nobody reads the replies of is not held in memory, and each is answered in the end', async () => {
  const engine = new EngineProcess();
  await engine.next(m => m.method === 'hello');
  engine.child.stdout.pause();
  const count = 400_000;
  let sent = 0;
  const more = (): void => {
    while (sent < count) {
      sent += 1;
      if (!engine.child.stdin.write(`${request(`f${sent}`, 'no/such/method')}\n`))
        return void engine.child.stdin.once('drain', more);
    }
  };
  more();
  // Until it takes no more.
  for (let before = -1; before !== sent && sent < count;) {
    before = sent;
    await new Promise(resolve => setTimeout(resolve, 400));
    if (sent - before < 3000) break;
  }
  expect(sent).toBeLessThan(count);
  engine.child.stdout.resume();
  await engine.next(m => m.id === `f${count}`);
  expect(new Set(engine.messages.filter(m => m.error).map(m => m.id)).size).toBe(count);
  expect(engine.messages.filter(m => m.error)).toHaveLength(count);
  expect(peakOf(engine)).toBeLessThan(500e6);
}, 120_000);

test('a host that floods, never reads and ends its input finds the engine gone within two seconds', async () => {
  const engine = new EngineProcess();
  await engine.next(m => m.method === 'hello');
  engine.child.stdout.pause();
  let open = true;
  engine.child.stdin.on('error', () => (open = false));
  const line = `${request('x', 'no/such/method').repeat(1)}\n`.repeat(1000);
  for (let n = 0; open && n < 150; n++) {
    if (!engine.child.stdin.write(line)) {
      const drained = await Promise.race([
        new Promise(resolve => engine.child.stdin.once('drain', () => resolve(true))),
        new Promise(resolve => setTimeout(() => resolve(false), 1000)),
      ]);
      if (!drained) break;
    }
  }
  expect(await engine.leave()).toBeLessThan(2500);
}, 30_000);

test('a host that never reads does not keep rows of a run from being settled, and memory stays small', async () => {
  const { tenant, connection, revoked } = await startTenant();
  const engine = new EngineProcess();
  const runId = await engine.begin(connection());
  engine.child.stdout.pause();
  const people = tenant.users.slice(0, 200);
  engine.write(
    `[${people.map(u => request(u.id, 'user/revoke', { runId, user: { text: u.id } })).join(',')}]\n`,
  );
  while (revoked().length < 150) await new Promise(resolve => setTimeout(resolve, 50));
  engine.child.stdout.resume();
  await Promise.all(people.map(u => engine.next(m => m.id === u.id)));
  expect(engine.messages.filter(m => m.result?.outcome)).toHaveLength(people.length);
});

test('more runs than any session has are refused, and those that are open go on', async () => {
  const engine = new EngineProcess();
  const begin = () => engine.request('run/begin', { tenant: { kind: 'simulated' } });
  const replies = await Promise.all(Array.from({ length: 300 }, begin));
  const open = replies.flatMap(reply => (reply.result ? [reply.result.runId as string] : []));
  expect(open).toHaveLength(100);
  for (const { error } of replies.filter(reply => reply.error))
    expect(error).toMatchObject({
      data: { code: 'InvalidRequest' },
      message: expect.stringContaining('100 runs are open'),
    });
  await Promise.all(open.map(runId => engine.end(runId)));
  expect((await begin()).result).toBeDefined();
});

test('more requests than any host has open are refused one by one', async () => {
  const { tenant, connection } = await startTenant({ latencyMs: 1500 });
  const engine = new EngineProcess();
  const runId = await engine.begin(connection());
  const id = tenant.users[0]?.id;
  const line = (from: number) =>
    `[${Array.from({ length: 5000 }, (_, n) => request(from + n, 'user/revoke', { runId, user: { text: id } })).join(',')}]\n`;
  for (let from = 100_000; from < 130_000; from += 5000) engine.write(line(from));
  let rows = 0;
  await engine.next(m => m.result?.outcome !== undefined && ++rows === 20_000);
  await engine.next(m => m.id === 129_999);
  const summary = await engine.end(runId);
  expect(refusals(engine).every(m => m.error?.message.includes('at most 20000 requests'))).toBe(true);
  expect(refusals(engine)).toHaveLength(10_000);
  expect(summary.users + summary.repeated).toBe(20_000);
}, 60_000);

test('a name of a megabyte that a host hands over comes back cut, and ids are never cut', async () => {
  const { tenant, connection } = await startTenant();
  const engine = new EngineProcess();
  const runId = await engine.begin(connection());
  const long = 'n'.repeat(1024 * 1024);
  const device = await engine.revoke(runId, { properties: { DisplayName: long, '@odata.type': long } });
  expect(device.outcome).toBe('NotAUser');
  const nobody = await engine.revoke(runId, { properties: { DisplayName: long }, type: long });
  expect(nobody.outcome).toBe('InvalidReference');
  const text = await engine.revoke(runId, { text: long });
  expect(text.outcome).toBe('InvalidReference');
  const user = await engine.revoke(runId, {
    properties: { Id: tenant.users[0]!.id, Name: long, Mail: long },
  });
  expect(user).toMatchObject({ outcome: 'Revoked', userId: tenant.users[0]!.id });
  for (const line of engine.lines) expect(line.length).toBeLessThan(6000);
});

test('what a message is wrong about is quoted short and tame', async () => {
  const engine = new EngineProcess();
  const evil = `\u001b[2J\u202e${'x'.repeat(100_000)}`;
  engine.write(
    `${request('a', 'run/end', { runId: evil })}\n${request('b', evil)}\n${request('c', 'run/end', { runId: 'x', [evil]: 1 })}\n${request(evil, 'run/end')}\n`,
  );
  await engine.next(m => m.id === null);
  await engine.next(m => m.id === 'c');
  for (const { error } of refusals(engine)) {
    expect(error?.message.length).toBeLessThan(5000);
    expect(error?.message).not.toMatch(/[\u0000-\u001f\u202e]/);
  }
  expect(
    refusals(engine)
      .map(m => m.id)
      .sort(),
  ).toEqual(['a', 'b', 'c', null]);
});

test('replies that nobody asked for, cancels of runs that nobody has, ids used again and runs ended twice are answered as they should be', async () => {
  const { tenant, connection } = await startTenant({ latencyMs: 300 });
  const engine = new EngineProcess();
  const runId = await engine.begin(connection());
  const [user] = tenant.users;
  engine.write(
    '{"jsonrpc":"2.0","id":"e77","result":{"token":"x"}}\n{"jsonrpc":"2.0","id":"e1","error":null}\n',
  );
  engine.write('{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"runId":"no-such-run"}}\n');
  engine.write('{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"no-such-request"}}\n');
  const twice = request('same', 'user/revoke', { runId, user: { text: user?.id } });
  engine.write(`[${twice},${twice}]\n`);
  engine.write(
    `${request('end1', 'run/end', { runId })}\n${request('end2', 'run/end', { runId })}\n${request('late', 'user/revoke', { runId, user: { text: user?.id } })}\n`,
  );
  await engine.next(m => m.id === 'end1');
  const by = (id: string): Reply[] => engine.messages.filter(m => m.id === id && m.method === undefined);
  expect(
    by('same')
      .map(m => m.result?.outcome ?? m.error?.message)
      .sort(),
  ).toEqual(['Revoked', 'The id same is in use.']);
  expect(by('end2')).toMatchObject([{ error: { data: { code: 'RunNotFound' } } }]);
  expect(by('late')).toMatchObject([{ error: { data: { code: 'RunNotFound' } } }]);
  expect(by('end1')).toHaveLength(1);
  expect(engine.messages.filter(m => m.id === null)).toEqual([]);
});

test.each<[string, unknown]>([
  ['null for an error', { error: null }],
  ['a number for an error', { error: 7 }],
  ['an error without words', { error: { code: 1 } }],
  ['a token that is none', { result: { token: 'a b\r\nX: y' } }],
  ['another thing', { result: [1] }],
])('a host that answers %s when it is asked for a token stops the run, and no more', async (_, answer) => {
  const { tenant, connection } = await startTenant();
  const engine = new EngineProcess();
  engine.onRequest = () => undefined;
  const runId = await engine.begin(connection());
  tenant.expireTokens();
  const row = engine.revoke(runId, { text: tenant.users[0]?.id ?? '' });
  const question = await engine.next(m => m.method === 'host/token');
  engine.write(`${JSON.stringify({ jsonrpc: '2.0', id: question.id, ...(answer as object) })}\n`);
  expect((await row).outcome).toBe('Cancelled');
  const { stopped } = await engine.end(runId);
  expect(stopped?.code).toBe('NotSignedIn');
  expect(stopped?.message).not.toMatch(/undefined|Cannot read|null/);
  await alive(engine);
});

test.each<[string, Buffer]>([
  ['half a line', Buffer.from('{"jsonrpc":"2.0","id":1,"meth')],
  ['half a character', Buffer.from([0x22, 0xf0, 0x9f])],
  ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28, 0x0a])],
  ['NUL characters', Buffer.alloc(1000)],
  ['UTF-16', Buffer.from('{"jsonrpc":"2.0"}\n', 'utf16le')],
])('%s before the end of the input is answered once, and the engine leaves at once', async (_, bytes) => {
  const engine = new EngineProcess();
  await engine.next(m => m.method === 'hello');
  engine.child.stdin.write(bytes);
  expect(await engine.leave()).toBeLessThan(2000);
  expect(await engine.exited).toBe(0);
  expect(refusals(engine).length).toBeGreaterThanOrEqual(1);
  expect(refusals(engine).every(m => m.id === null)).toBe(true);
});

test('a byte order mark in the middle spoils its own line and no other', async () => {
  const engine = new EngineProcess();
  engine.write(
    `${request(1, 'run/end', { runId: 'x' })}\n\uFEFF${request(2, 'run/end', { runId: 'x' })}\n${request(3, 'run/end', { runId: 'x' })}\n`,
  );
  await engine.next(m => m.id === 3);
  const told = refusals(engine).map(m => `${m.id} ${m.error?.data?.code}`);
  expect(told.sort()).toEqual(['1 RunNotFound', '3 RunNotFound', 'null ParseError']);
});

test('lists that a host asks for and never fetches do not pile up', async () => {
  const { tenant, connection } = await startTenant({ users: 1100 });
  expect(tenant.users.length).toBeGreaterThan(999);
  const engine = new EngineProcess();
  const runId = await engine.begin(connection());
  const find = (more: object) => engine.request('users/find', { runId, ...more });
  const replies: Reply[] = [];
  for (let n = 0; n < 12; n++) replies.push(await find({ source: { kind: 'allUsers' } }));
  expect(replies.map(reply => reply.error?.data?.code ?? 'ok')).toEqual([
    ...Array(10).fill('ok'),
    'InvalidRequest',
    'InvalidRequest',
  ]);
  const { cursor } = replies[0]!.result;
  const other = await engine.begin(connection());
  expect((await engine.request('users/find', { runId: other, cursor })).error?.data?.code).toBe(
    'InvalidParams',
  );
  expect((await find({ cursor })).result.users.length).toBeGreaterThan(0);
  expect((await find({ source: { kind: 'allUsers' } })).result).toBeDefined();
}, 60_000);
