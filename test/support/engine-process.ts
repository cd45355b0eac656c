import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { moduleOut } from '../../build/paths.ts';
import type { TenantConnection } from '../../src/protocol/tenant.ts';
import type { UserReference } from '../../src/protocol/reference.ts';
import type { PackedRow, RevocationResult, RunSummary } from '../../src/protocol/row.ts';
import { rowFields } from '../../src/protocol/row-fields.ts';

/** The engine as users have it: the bundle inside the built module. */
export const engineFile = join(moduleOut, 'engine', 'usersession.cjs');

export interface Reply {
  id?: number | string | null;
  method?: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  result?: any;
  error?: { code: number; message: string; data?: { code: string } };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  params?: any;
}

/** A real engine process, spoken to in bytes over its stdin and stdout; it ends with the test at the latest. */
export class EngineProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** Every message the engine sent, in order. */
  readonly messages: Reply[] = [];
  /** Every line as it came. */
  readonly lines: string[] = [];
  readonly exited: Promise<number | null>;
  /** Answers the engine's own requests; by default a refusal. */
  onRequest: (method: string, params: unknown) => unknown = () => null;
  #lastId = 0;
  #waiters: { fits: (m: Reply) => boolean; resolve: (m: Reply) => void }[] = [];
  #rest = '';

  constructor(env: NodeJS.ProcessEnv = {}) {
    this.child = spawn(process.execPath, [engineFile, 'serve'], { env: { ...process.env, ...env } });
    onTestFinished(() => void this.child.kill('SIGKILL'));
    this.exited = once(this.child, 'exit').then(([code]) => code as number | null);
    this.child.stdin.on('error', () => {});
    this.child.stdout.setEncoding('utf8');
    this.child.stdout.on('data', (text: string) => this.#read(text));
  }

  write(text: string): void {
    this.child.stdin.write(text);
  }

  /** Sends a request and waits for its reply. */
  request(method: string, params: unknown): Promise<Reply> {
    const id = ++this.#lastId;
    const reply = this.next(m => m.id === id && m.method === undefined);
    this.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return reply;
  }

  /** The next message that fits, or one that has already come. */
  next(fits: (m: Reply) => boolean): Promise<Reply> {
    const past = this.messages.find(fits);
    if (past) return Promise.resolve(past);
    return new Promise(resolve => this.#waiters.push({ fits, resolve }));
  }

  async begin(tenant: TenantConnection, options: object = {}): Promise<string> {
    const reply = await this.request('run/begin', { tenant, options });
    if (!reply.result) throw new Error(JSON.stringify(reply.error));
    return reply.result.runId;
  }

  async revoke(runId: string, user: UserReference): Promise<RevocationResult> {
    const reply = await this.request('user/revoke', { runId, user });
    if (!reply.result) throw new Error(JSON.stringify(reply.error));
    return reply.result;
  }

  async end(runId: string): Promise<RunSummary> {
    return (await this.request('run/end', { runId })).result;
  }

  /** Ends stdin and waits for the end of the process; returns how long that took, in milliseconds. */
  async leave(): Promise<number> {
    const start = performance.now();
    this.child.stdin.end();
    await this.exited;
    return performance.now() - start;
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      this.lines.push(line);
      for (const message of [JSON.parse(line)].flat() as Reply[]) this.#take(withWholeRows(message));
    }
  }

  #take(message: Reply): void {
    this.messages.push(message);
    if (message.method !== undefined && message.id !== undefined) {
      const result = this.onRequest(message.method, message.params);
      if (result !== undefined) this.write(`${JSON.stringify({ jsonrpc: '2.0', id: message.id, result })}\n`);
    }
    const fitting = this.#waiters.filter(w => w.fits(message));
    this.#waiters = this.#waiters.filter(w => !fitting.includes(w));
    for (const waiter of fitting) waiter.resolve(message);
  }
}

const wholeRow = (packed: PackedRow): unknown =>
  Object.fromEntries(rowFields.map((field, place) => [field, packed[place]]));

/** A reply as everybody else sees a row: with names. */
function withWholeRows(message: Reply): Reply {
  const { result } = message;
  if (Array.isArray(result)) return { ...message, result: wholeRow(result as PackedRow) };
  if (Array.isArray(result?.rows))
    return { ...message, result: { ...result, rows: (result.rows as PackedRow[]).map(wholeRow) } };
  return message;
}
