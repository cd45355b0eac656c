import type { Records } from '../journal/records.ts';
import { type RecordedRun, type RecordedUser, runStateOf } from '../journal/run-state.ts';
import type { ReadRecord } from '../journal/verify.ts';
import type { RecordedRunInfo } from '../protocol/record.ts';
import type { RevocationResult } from '../protocol/row.ts';
import { identify } from '../graph/user-reference.ts';
import { said } from './recorder.ts';
import { isSettled, rowAgain } from './resume-user.ts';
import { rowOf, type Subject } from './row.ts';

/** So many records are read at the same time. */
const atOnce = 8;

/** A run on record, and a row for each of its users. */
export interface ShownRun {
  run: RecordedRunInfo;
  rows: RevocationResult[];
}

/** The runs on record, the latest first; a record that does not begin as one is left out. */
export function listRuns(records: Records, folder?: string): Promise<RecordedRunInfo[]> {
  return said(async () => {
    const files = records.files(folder);
    const ids = await files.list();
    const runs: RecordedRunInfo[] = [];
    while (ids.length > 0) {
      const portion = ids.splice(0, atOnce).map(async id => {
        const record = await files.read(id);
        const run = runStateOf(record.entries);
        return run && infoOf(run, record, files.pathOf(id), await records.isRunning(run, id, folder));
      });
      runs.push(...(await Promise.all(portion)).filter(run => run !== null));
    }
    return runs.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  });
}

/**
 * One run with its rows. Whoever was handed in has a row: as it was told, or what is known without one.
 * @throws RequestError RecordNotFound, RecordDamaged when it is no record at all
 */
export function showRun(runId: string, records: Records, folder?: string): Promise<ShownRun> {
  return said(async () => {
    const { run, record, path } = await records.look(runId, folder);
    const info = infoOf(run, record, path, await records.isRunning(run, runId, folder));
    const { begin } = run;
    const context = {
      runId: begin.runId,
      tenantId: begin.tenantId,
      tenantName: begin.tenantName,
      simulated: begin.simulated,
    };
    const rows = run.users.map(user =>
      user.row && user.openCalls === 0
        ? rowAgain(user.row, context)
        : rowOf(context, subjectOf(user), openEnd(user)),
    );
    return { run: info, rows };
  });
}

function openEnd({ openCalls }: RecordedUser) {
  return openCalls > 0
    ? { outcome: 'Unknown' as const, detail: 'Sent, and what became of it is not on record. Resume the run.' }
    : { outcome: 'Cancelled' as const, detail: 'Not sent. Resume the run.' };
}

function subjectOf({ reference, userId, row }: RecordedUser): Subject {
  const who = identify(reference);
  const id = userId ?? row?.userId ?? (who.kind === 'id' ? who.id : null);
  return { reference: who.text, id, hints: who.hints, user: null, note: null };
}

function infoOf(run: RecordedRun, record: ReadRecord, path: string, running: boolean): RecordedRunInfo {
  const { begin, users, resumes, end } = run;
  const outcomes: Record<string, number> = {};
  let left = 0;
  for (const user of users) {
    const outcome = user.row && user.openCalls === 0 ? user.row.outcome : 'Open';
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (!isSettled(user)) left += 1;
  }
  const { account, clientId, operator } = begin.actor;
  return {
    runId: begin.runId,
    state: running ? 'Running' : !end ? 'BrokenOff' : left > 0 ? 'Unfinished' : 'Finished',
    startedAt: begin.time,
    lastAt: run.lastAt,
    tenantId: begin.tenantId,
    tenantName: begin.tenantName,
    simulated: begin.simulated,
    account,
    clientId,
    operator,
    reason: resumes.findLast(r => r.reason !== null)?.reason ?? begin.reason,
    users: users.length,
    left,
    outcomes,
    resumes: resumes.length,
    path,
    head: record.head,
    damage: record.damage,
  };
}
