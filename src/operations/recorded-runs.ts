import type { Records } from '../journal/records.ts';
import { type RecordedRun, type RecordedUser, runStateOf } from '../journal/run-state.ts';
import type { ReadRecord } from '../journal/verify.ts';
import type { RecordedRunInfo } from '../protocol/record.ts';
import type { RevocationResult } from '../protocol/row.ts';
import { identify } from '../graph/user-reference.ts';
import { said } from './recorder.ts';
import { isSettled, rowAgain } from './resume-user.ts';
import { rowOf, type Subject } from './row.ts';

/** A run on record, and a row for each of its users. */
export interface ShownRun {
  run: RecordedRunInfo;
  rows: RevocationResult[];
}

/** Told in a sentence of each file among the records that is left out. */
export type OnLeftOut = (message: string) => void;

/** The runs on record, the latest first. What can not be read, or does not begin as a record, hides no other. */
export function listRuns(
  records: Records,
  folder?: string,
  onLeftOut: OnLeftOut = () => {},
): Promise<RecordedRunInfo[]> {
  return said(async () => {
    records.expectFolder(folder);
    const runs: RecordedRunInfo[] = [];
    // One by one: a record of 200,000 users takes some hundred megabytes while it is read.
    for (const id of await records.files(folder).list()) {
      const run = await infoIn(id, records, folder, onLeftOut);
      if (run) runs.push(run);
    }
    return runs.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  });
}

/** Of the runs that are left to be finished and in nobody's hand, the one written last; what is older is not read. */
export function latestUnfinished(
  records: Records,
  folder: string | undefined,
  onLeftOut: OnLeftOut,
): Promise<RecordedRunInfo | null> {
  return said(async () => {
    records.expectFolder(folder);
    for (const id of await records.files(folder).latestFirst()) {
      const run = await infoIn(id, records, folder, onLeftOut);
      if (run && run.left > 0 && run.state !== 'Running') return run;
    }
    return null;
  });
}

async function infoIn(
  id: string,
  records: Records,
  folder: string | undefined,
  onLeftOut: OnLeftOut,
): Promise<RecordedRunInfo | null> {
  const files = records.files(folder);
  const path = files.pathOf(id);
  try {
    const record = await files.read(id);
    const run = runStateOf(record.entries);
    if (run) return infoOf(run, record, path, await records.isRunning(run, id, folder));
    // Nothing, or half a line, is what a crash leaves of a record that was about to begin.
    if (record.damage.length > 0 || record.entries.length > 0)
      onLeftOut(`${path} does not begin as a record, and is left out.`);
  } catch (error) {
    onLeftOut(`${path} can not be read, and is left out: ${error instanceof Error ? error.message : ''}`);
  }
  return null;
}

/** What is known of one run, without its rows. @throws as showRun */
export function describeRecordedRun(
  runId: string,
  records: Records,
  folder?: string,
): Promise<RecordedRunInfo> {
  return said(async () => (await lookAt(runId, records, folder)).info);
}

/**
 * One run with its rows. Whoever was handed in has a row: as it was told, or what is known without one.
 * @throws RequestError RecordNotFound, RecordDamaged when it is no record at all
 */
export function showRun(runId: string, records: Records, folder?: string): Promise<ShownRun> {
  return said(async () => {
    const { run, info } = await lookAt(runId, records, folder);
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

async function lookAt(runId: string, records: Records, folder?: string) {
  const { run, record, path } = await records.look(runId, folder);
  return { run, info: infoOf(run, record, path, await records.isRunning(run, runId, folder)) };
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
