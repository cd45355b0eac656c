import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, expect, test } from 'vitest';
import { Records } from '../../src/journal/records.ts';
import { recorderFor } from '../../src/operations/recorder.ts';
import { simulatedNote } from '../../src/operations/row.ts';
import type { RevocationResult } from '../../src/protocol/row.ts';
import { simulatedRun } from '../support/simulated-run.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const home = mkdtempSync(join(tmpdir(), 'us-long-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is in memory and needed, in bytes, wherever it is kept. */
async function needed(): Promise<number> {
  collectGarbage();
  // Buffers are given back behind it.
  await new Promise(resolve => setImmediate(resolve));
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** The object id of the nth user: as random as real ones. */
function idOf(n: number): string {
  const hex = hash('sha256', `user ${n}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

interface BatchItem {
  id: string;
  method: string;
  url: string;
}

/** A tenant that has everybody and keeps nothing: what grows is ours. `called` is told whom each write is for. */
const bareTenant =
  (clock: VirtualClock, called: (userId: string) => void) =>
  async (url: string, init: RequestInit): Promise<Response> => {
    const method = init.method ?? 'GET';
    const headers = { date: new Date(clock.now()).toUTCString(), 'request-id': 'a-request' };
    const answer = (item: Omit<BatchItem, 'id'>) => {
      const id = /users\/([0-9a-f-]{36})/.exec(item.url)?.[1] ?? '';
      if (item.method === 'POST') {
        called(id);
        return { value: true };
      }
      return {
        id,
        userPrincipalName: `${id}@contoso.example`,
        displayName: `Person ${id.slice(-6)}`,
        accountEnabled: true,
        signInSessionsValidFromDateTime: new Date(clock.now()).toISOString(),
      };
    };
    if (!url.endsWith('/$batch')) return Response.json(answer({ method, url }), { headers });
    const { requests } = JSON.parse(String(init.body)) as { requests: BatchItem[] };
    const responses = requests.map(item => ({ id: item.id, status: 200, body: answer(item) }));
    return Response.json({ responses }, { headers });
  };

const count = 60_000;
const together = 2000;
/** Of a user who is settled: two GUIDs, a name and three times, packed, and the place in a table. */
const mostPerUser = 150;

test('a user who is settled takes next to no memory, and is known when named again sixty thousand users later', async () => {
  const clock = new VirtualClock();
  const early = [idOf(0), idOf(1), idOf(together - 1)];
  let calls = 0;
  let callsToEarly = 0;
  const intercept = bareTenant(clock, id => {
    calls += 1;
    if (early.includes(id)) callsToEarly += 1;
  });
  const records = new Records({ USERSESSION_HOME: home }, 'test', () => clock.now());
  const recorder = await recorderFor({}, records);
  const { run } = await simulatedRun({ in: { clock }, intercept, recorder });
  const revoked = async (from: number) => {
    const ids = Array.from({ length: together }, (_, n) => idOf(from + n));
    const rows = await Promise.all(ids.map(text => run.revoke({ text })));
    expect(rows.every(row => row.outcome === 'Revoked' && row.attempts === 1)).toBe(true);
    return rows;
  };

  const rows = new Map<string, RevocationResult>();
  for (const row of await revoked(0)) if (early.includes(row.userId ?? '')) rows.set(row.userId ?? '', row);
  let done = together;
  for (; done < count / 5; done += together) await revoked(done);
  const before = await needed();
  for (; done < count; done += together) await revoked(done);
  expect(((await needed()) - before) / (count - count / 5)).toBeLessThan(mostPerUser);

  for (const id of early) {
    const again = await run.revoke({ text: id.toUpperCase() });
    const detail = `Named more than once in this run; revoked once. ${simulatedNote}`;
    expect(again).toEqual({ ...rows.get(id), reference: id.toUpperCase(), attempts: 0, detail });
  }
  expect([calls, callsToEarly]).toEqual([count, early.length]);
  expect(await run.end()).toMatchObject({
    users: count,
    repeated: early.length,
    outcomes: { Revoked: count },
  });
  await records.close();
}, 180_000);
