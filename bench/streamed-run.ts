import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { cliOut } from '../build/paths.ts';
import { type Costs, watchCosts } from './process-costs.ts';
import type { InstantTenant } from './tenant/instant-tenant.ts';

export interface StreamedRunOptions {
  users: number;
  /** No more users are handed over after so many seconds, so that the run ends by itself on any machine. */
  seconds: number;
  /** More options for the command. */
  options?: readonly string[];
}

/** What `usersession revoke` made of users who came by standard input. */
export interface StreamedRun extends Costs {
  /** So many were handed over, revoked and told. */
  users: number;
  /** From the start of the process to its end. */
  ms: number;
}

/** A process that does not end is killed so many seconds after the last user was handed over. */
const graceSeconds = 60;

/** Revokes users of new ids, as fast as they are taken. @throws unless each was revoked once and told in one row */
export async function streamedRun(
  tenant: InstantTenant,
  { users, seconds, options = [] }: StreamedRunOptions,
): Promise<StreamedRun> {
  await tenant.marks();
  const home = mkdtempSync(join(tmpdir(), 'usersession-bench-'));
  const startedAt = performance.now();
  const child = spawn(cliOut, ['revoke', '--users-from', '-', '--force', '--output', 'csv', ...options], {
    env: { ...process.env, ...tenant.env, USERSESSION_HOME: home },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const costs = watchCosts(child.pid ?? 0);
  const killer = setTimeout(() => child.kill('SIGKILL'), (seconds + graceSeconds) * 1000);
  try {
    let lines = 0;
    let errors = '';
    child.stdout.on('data', (bytes: Buffer) => (lines += lineBreaksIn(bytes)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-2000)));
    child.stdin.on('error', () => {});
    const ended = once(child, 'close');
    const handed = await handOver(child.stdin, users, startedAt + seconds * 1000);
    const [code] = (await ended) as [number | null];
    const ms = performance.now() - startedAt;
    const { cpuMs, peakMiB } = costs.end();
    const { writes } = await tenant.marks();
    // The first line has the headings.
    if (code !== 0 || lines - 1 !== handed || writes !== handed) {
      throw new Error(
        `${handed} users: ended with ${code} after ${lines - 1} rows and ${writes} revocations. ${errors}`,
      );
    }
    return { users: handed, ms, cpuMs, peakMiB };
  } finally {
    clearTimeout(killer);
    costs.end();
    child.kill('SIGKILL');
    rmSync(home, { recursive: true, force: true });
  }
}

/** So many ids are made at once. */
const together = 1000;

/** Writes ids, and gives how many were taken before the time was over, or the reader gone. */
async function handOver(input: Writable, users: number, until: number): Promise<number> {
  let handed = 0;
  const gone = once(input, 'close');
  while (handed < users && performance.now() < until && !input.destroyed) {
    const count = Math.min(together, users - handed);
    const taken = input.write(newIds(count));
    handed += count;
    if (!taken) await Promise.race([once(input, 'drain'), gone]);
  }
  input.end();
  return handed;
}

function newIds(count: number): string {
  const hex = randomBytes(16 * count).toString('hex');
  let text = '';
  for (let at = 0; at < hex.length; at += 32) {
    const [a, b, c, d, e] = [at + 8, at + 12, at + 16, at + 20, at + 32];
    text += `${hex.slice(at, a)}-${hex.slice(a, b)}-4${hex.slice(b + 1, c)}-8${hex.slice(c + 1, d)}-${hex.slice(d, e)}\n`;
  }
  return text;
}

function lineBreaksIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}
