import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Connector } from '../../src/auth/connect.ts';
import { Quotas } from '../../src/graph/quotas.ts';
import { Records } from '../../src/journal/records.ts';
import type { ReconciledRun } from '../../src/operations/match-calls.ts';
import { reconcileRun } from '../../src/operations/reconcile-run.ts';
import { type RecordedCalls, recordedCalls } from '../../src/operations/recorded-calls.ts';
import { recorderFor } from '../../src/operations/recorder.ts';
import type { RevocationResult } from '../../src/protocol/row.ts';
import type { SimulatedTenant, SimulatedUser } from '../../src/simulator/simulated-tenant.ts';
import { fetcherOf, type SimulatedFetch, simulatedRun, type SimulatedRunOptions } from './simulated-run.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** A run that has ended and is on record, in a tenant that still stands. */
export interface RecordedTestRun {
  tenant: SimulatedTenant;
  clock: VirtualClock;
  rows: RevocationResult[];
  calls: RecordedCalls;
  /** Reconciles as an app that may read the audit log, unless another token is named. */
  reconcile(options?: ReconcileTestOptions): Promise<ReconciledRun>;
}

export interface RecordedRunOptions extends SimulatedRunOptions {
  reason?: string;
  /** Happens after the run was opened and before anybody is revoked. */
  before?: (tenant: SimulatedTenant, clock: VirtualClock) => Promise<void>;
}

export interface ReconcileTestOptions {
  token?: Parameters<SimulatedTenant['issueToken']>[0];
  intercept?: SimulatedRunOptions['intercept'];
  /** Another tenant than the run's. */
  tenant?: SimulatedTenant;
  calls?: RecordedCalls;
}

/** Revokes `users` of a simulated tenant with a record in a folder of its own. */
export async function recordedRun(
  users: (tenant: SimulatedTenant) => readonly SimulatedUser[],
  { reason, before, ...options }: RecordedRunOptions = {},
): Promise<RecordedTestRun> {
  const home = mkdtempSync(join(tmpdir(), 'usersession-record-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  let now = () => Date.parse('2026-11-23T10:00:00Z');
  const records = new Records({ USERSESSION_HOME: home }, 'test', () => now());
  const recorder = await recorderFor({ options: options.run, reason }, records);
  const { run, tenant, clock } = await simulatedRun({ ...options, recorder });
  now = () => clock.now();
  await before?.(tenant, clock);
  const rows = await Promise.all(users(tenant).map(u => run.revoke({ text: u.id })));
  const { runId } = await run.end();
  await records.close();
  const calls = await recordedCalls(runId, records);
  return {
    tenant,
    clock,
    rows,
    calls,
    async reconcile(how = {}) {
      const place = how.tenant ?? tenant;
      const straight: SimulatedFetch = fetcherOf(place);
      const { intercept } = how;
      const token = place.issueToken(how.token ?? { persona: 'app', permissions: ['AuditLog.Read.All'] });
      const connection = await new Connector(clock).connect(
        { kind: 'host', graphUrl: 'http://127.0.0.1:1', token },
        async () => null,
      );
      const fetch: SimulatedFetch = intercept ? (url, init) => intercept(url, init, straight) : straight;
      return reconcileRun({ calls: how.calls ?? calls, connection, clock, quotas: new Quotas(), fetch });
    },
  };
}

/** People who sign in here, of whom nothing is special. */
export const plainUsers =
  (count: number) =>
  (tenant: SimulatedTenant): SimulatedUser[] => {
    const found = tenant.users.filter(u => !u.external && u.roles.length === 0).slice(0, count);
    if (found.length < count) throw new Error(`the simulated tenant has only ${found.length} plain users`);
    return found;
  };
