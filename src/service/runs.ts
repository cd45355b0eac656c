import { randomUUID } from 'node:crypto';
import type { Connector } from '../auth/connect.ts';
import type { Person } from '../auth/signer.ts';
import type { Clock } from '../graph/clock.ts';
import type { Quotas } from '../graph/quotas.ts';
import type { Records } from '../journal/records.ts';
import { openRun } from '../operations/open-run.ts';
import { listRuns, showRun } from '../operations/recorded-runs.ts';
import { recorderFor } from '../operations/recorder.ts';
import type { RevocationRun } from '../operations/revoke-sessions.ts';
import { testAccess } from '../operations/test-access.ts';
import type { AccessReport } from '../protocol/access.ts';
import type { EngineMessage } from '../protocol/envelope.ts';
import { RequestError } from '../protocol/errors.ts';
import type * as wire from '../protocol/messages.ts';
import type {
  RecordedRunInfo,
  RunsListParams,
  RunsListResult,
  RunsShowParams,
  RunsShowResult,
} from '../protocol/record.ts';
import type { TenantInfo } from '../protocol/tenant.ts';
import type { PackedRow, RunStop, RunSummary } from '../protocol/row.ts';
import { checkedResult } from './validate.ts';
import type { RequestHandlers } from './handlers.ts';
import type { HostRequests } from './host-requests.ts';
import type { LookUps } from './look-ups.ts';
import { type Portion, Portions } from './portions.ts';
import { shownText } from './shown-text.ts';
import type { TenantDoor } from './tenant-door.ts';
import { guardReference, guardRun, guardTenant, guardText, packRow } from './text-guard.ts';

export interface RunsParts {
  connector: Connector;
  clock: Clock;
  quotas: Quotas;
  records: Records;
  tenants: TenantDoor;
  host: HostRequests;
  send: (message: EngineMessage) => void;
}

type Handlers = Pick<RequestHandlers, Exclude<keyof RequestHandlers, keyof LookUps>>;

/** A command has one run, and a session a handful of commands; what a broken pipeline left is ended by the next one. */
const mostRuns = 100;

const shownStop = (stop: RunStop): RunStop => ({ ...stop, message: shownText(stop.message) });

/** How often progress is told at most, in milliseconds. */
const progressEvery = 250;

/** The open runs of a session: one method for each request of the host, named like it. */
export class Runs implements Handlers {
  readonly #parts: RunsParts;
  readonly #open = new Map<string, RevocationRun>();
  /** Runs that take no more users and wait for their last row. */
  readonly #ending = new Set<string>();
  readonly #found = new Portions<wire.UsersFindResult['users'][number], number>();
  readonly #shown = new Portions<PackedRow, RecordedRunInfo>();
  /** Runs that are being opened. */
  #beginning = 0;
  #told = 0;

  constructor(parts: RunsParts) {
    this.#parts = parts;
  }

  async 'tenant/describe'({ tenant }: wire.TenantDescribeParams): Promise<TenantInfo> {
    return guardTenant((await this.#parts.tenants.connect(tenant, '')).info);
  }

  async 'tenant/connect'(
    { tenant, interactive }: wire.TenantConnectParams,
    signal: AbortSignal,
  ): Promise<TenantInfo> {
    const prompt: Person['prompt'] = params =>
      this.#parts.send({
        jsonrpc: '2.0',
        method: 'signIn/prompt',
        params: { ...params, message: shownText(params.message) },
      });
    const connection = await this.#parts.tenants.connect(tenant, '', {
      present: interactive,
      prompt,
      signal,
    });
    const report = await testAccess(connection, this.#parts.clock);
    if (report.graph.accepted === false) {
      throw new RequestError('NotSignedIn', `Graph refuses this sign-in (${report.graph.detail}).`);
    }
    this.#parts.connector.learnName(report.tenant);
    return guardTenant(report.tenant);
  }

  async 'tenant/disconnect'(): Promise<Record<string, never>> {
    this.#parts.connector.disconnect();
    return {};
  }

  async 'access/test'({ tenant }: wire.AccessTestParams): Promise<AccessReport> {
    const { graph, ...report } = await testAccess(
      await this.#parts.tenants.connect(tenant, ''),
      this.#parts.clock,
    );
    const detail = graph.detail && guardText(shownText(graph.detail));
    return { ...report, tenant: guardTenant(report.tenant), graph: { ...graph, detail } };
  }

  async 'runs/list'({ journal, unfinished }: RunsListParams): Promise<RunsListResult> {
    const runs = await listRuns(this.#parts.records, journal);
    return { runs: runs.filter(run => !unfinished || run.left > 0).map(guardRun) };
  }

  async 'runs/show'({ runId, journal, cursor }: RunsShowParams): Promise<RunsShowResult> {
    if (cursor !== undefined) return shownResult(this.#shown.next(runId, cursor));
    const { run, rows } = await showRun(runId, this.#parts.records, journal);
    return shownResult(this.#shown.first(runId, rows.map(packRow), guardRun(run)));
  }

  async 'run/begin'(params: wire.RunBeginParams): Promise<wire.RunBeginResult> {
    if (this.#open.size + this.#beginning >= mostRuns) {
      const message = `${mostRuns} runs are open already. End one with run/end.`;
      throw new RequestError('InvalidRequest', message);
    }
    this.#beginning += 1;
    try {
      return await this.#begin(params);
    } finally {
      this.#beginning -= 1;
    }
  }

  async #begin(params: wire.RunBeginParams): Promise<wire.RunBeginResult> {
    const { clock, quotas, records } = this.#parts;
    const recorder = await recorderFor(params, records);
    const runId = recorder.recorded?.begin.runId ?? randomUUID();
    const connection = await this.#parts.tenants.connect(params.tenant, runId).catch(async error => {
      await recorder.release();
      throw error;
    });
    const run = await openRun({
      runId,
      connection,
      options: params.options ?? {},
      recorder,
      clock,
      quotas,
      confirm: question => this.#confirm(runId, question),
      onStop: stop => this.#stopped(runId, stop),
      onLog: message => this.#log(runId, 'verbose', message),
      onWarning: message => this.#log(runId, 'warning', message),
      env: process.env,
    });
    this.#open.set(runId, run);
    return { runId, tenant: guardTenant(connection.info) };
  }

  async 'users/find'({ runId, source, cursor }: wire.UsersFindParams): Promise<wire.UsersFindResult> {
    const run = this.#run(runId);
    if (cursor !== undefined) return foundResult(this.#found.next(runId, cursor));
    if (!source) throw new RequestError('InvalidParams', 'users/find: it takes a source or a cursor');
    const { references, users } =
      source.kind === 'record' ? await run.findRecorded(source.all ?? false) : await run.find(source);
    return foundResult(
      this.#found.first(
        runId,
        references.map(one => guardReference(one)),
        users,
      ),
    );
  }

  async 'user/describe'(
    { runId, user }: wire.UserDescribeParams,
    signal: AbortSignal,
  ): Promise<wire.UserDescribeResult> {
    return this.#run(runId).describe(user, signal);
  }

  async 'user/revoke'({ runId, user }: wire.UserRevokeParams, signal: AbortSignal): Promise<PackedRow> {
    const run = this.#run(runId);
    const row = await run.revoke(user, signal);
    this.#progress(run);
    return packRow(row);
  }

  async 'run/end'({ runId }: wire.RunEndParams): Promise<RunSummary> {
    const run = this.#run(runId);
    this.#ending.add(runId);
    const ticking = setInterval(() => this.#progress(run), progressEvery * 2);
    try {
      const summary = await run.end();
      // The last rows were settled in this turn of the event loop; the summary has to leave after them.
      await new Promise(resolve => setImmediate(resolve));
      return { ...summary, ...(summary.stopped && { stopped: shownStop(summary.stopped) }) };
    } finally {
      clearInterval(ticking);
      run.close();
      this.#open.delete(runId);
      this.#found.forget(runId);
      this.#ending.delete(runId);
    }
  }

  /** Stops one run at the host's wish. */
  cancel(runId: string): void {
    this.#open.get(runId)?.stop({ code: 'Stopped', message: 'The run was stopped.' });
  }

  /** Withdraws requests that were cancelled one by one. */
  sweep(): void {
    for (const run of this.#open.values()) run.sweep();
  }

  /** The host is gone: stops every run and waits until what was sent is settled. */
  async stopAll(): Promise<void> {
    const runs = [...this.#open.values()];
    for (const run of runs) run.stop({ code: 'Stopped', message: 'The host ended the engine.' });
    await Promise.all(runs.map(run => run.end()));
    await this.#parts.records.close();
    await this.#parts.connector.close();
  }

  #run(runId: string): RevocationRun {
    const run = this.#open.get(runId);
    if (!run || this.#ending.has(runId))
      throw new RequestError('RunNotFound', `There is no open run ${runId}; begin one with run/begin.`);
    return run;
  }

  async #confirm(runId: string, question: string): Promise<boolean> {
    const result = checkedResult(
      'host/confirm',
      await this.#parts.host.ask('host/confirm', { runId, question: shownText(question) }),
    );
    return result?.confirmed ?? false;
  }

  #stopped(runId: string, stop: RunStop): void {
    this.#parts.send({ jsonrpc: '2.0', method: 'run/stopped', params: { runId, stop: shownStop(stop) } });
  }

  #log(runId: string, level: wire.RunLog['level'], message: string): void {
    const params = { runId, level, message: shownText(message) };
    this.#parts.send({ jsonrpc: '2.0', method: 'run/log', params });
  }

  #progress(run: RevocationRun): void {
    const now = this.#parts.clock.now();
    if (now - this.#told < progressEvery) return;
    this.#told = now;
    this.#parts.send({ jsonrpc: '2.0', method: 'run/progress', params: run.progress });
  }
}

const foundResult = ({ head, items, ...rest }: Portion<wire.UsersFindResult['users'][number], number>) => ({
  total: head,
  users: items,
  ...rest,
});

const shownResult = ({ head, items, ...rest }: Portion<PackedRow, RecordedRunInfo>) => ({
  run: head,
  rows: items,
  ...rest,
});
