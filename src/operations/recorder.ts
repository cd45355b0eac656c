import { hostname, userInfo } from 'node:os';
import type { TokenClaims } from '../auth/access-token.ts';
import type { Actor } from '../journal/entry.ts';
import { StateFolderError } from '../journal/home.ts';
import { type Journal, noJournal } from '../journal/journal.ts';
import { RecordError, type RecordErrorCode } from '../journal/record-error.ts';
import type { ClockOffset, Records } from '../journal/records.ts';
import { RunIdError } from '../journal/run-files.ts';
import type { RecordedRun } from '../journal/run-state.ts';
import { type ErrorCode, RequestError } from '../protocol/errors.ts';
import type { RunBeginParams, RunOptions } from '../protocol/messages.ts';
import type { TenantInfo } from '../protocol/tenant.ts';

/** What a run puts into its record before anything else. */
export interface RunFacts {
  runId: string;
  caller: TokenClaims;
  tenant: TenantInfo;
  options: RunOptions;
  clockOffset: ClockOffset;
}

/** Where a run is recorded, decided before it is opened. */
export interface Recorder {
  /** The run as its record has it, when it is being resumed. */
  recorded: RecordedRun | null;
  /** The first line is on disk when it resolves. @throws RequestError RecordUnavailable */
  open(facts: RunFacts): Promise<Journal>;
  /** Lets go of what was taken up, when it is not opened after all. */
  release(): Promise<void>;
}

/** Keeps nothing. */
export const noRecorder: Recorder = {
  recorded: null,
  open: async () => noJournal,
  release: async () => {},
};

/**
 * The recorder of a run that is to begin or to be resumed.
 * @throws RequestError RecordNotFound, RecordDamaged, RunBusy, RecordUnavailable
 */
export async function recorderFor(
  { options, journal, reason, resume }: Pick<RunBeginParams, 'options' | 'journal' | 'reason' | 'resume'>,
  records: Records,
): Promise<Recorder> {
  const folder = journal === false ? undefined : journal;
  if (resume !== undefined) return said(() => resumed(resume, reason ?? null, records, folder));
  // Nothing is sent, so there is nothing to keep.
  if (journal === false || options?.whatIf) return noRecorder;
  return {
    recorded: null,
    open: facts => said(() => begun(facts, reason ?? null, records, folder)),
    release: async () => {},
  };
}

function begun(
  { runId, caller, tenant, options, clockOffset }: RunFacts,
  reason: string | null,
  records: Records,
  folder: string | undefined,
): Promise<Journal> {
  const { tenantId, name, graphUrl, simulated } = tenant;
  const content = {
    format: 1 as const,
    runId,
    actor: actorOf(caller),
    tenantId,
    tenantName: name,
    graphUrl,
    simulated,
    options,
    reason,
  };
  return records.begin(content, clockOffset, folder);
}

async function resumed(
  runId: string,
  reason: string | null,
  records: Records,
  folder: string | undefined,
): Promise<Recorder> {
  const taken = await records.take(runId, folder);
  return {
    recorded: taken.run,
    open: async ({ caller, options, clockOffset }) => {
      if (options.whatIf) return noJournal;
      return said(() => taken.goOn({ actor: actorOf(caller), reason }, clockOffset));
    },
    release: () => taken.release(),
  };
}

function actorOf({ account, objectId, clientId, authType }: TokenClaims): Actor {
  return { account, objectId, clientId, authType, operator: `${userInfo().username}@${hostname()}` };
}

const codes: Readonly<Record<RecordErrorCode, ErrorCode>> = {
  Unavailable: 'RecordUnavailable',
  NotFound: 'RecordNotFound',
  Damaged: 'RecordDamaged',
  Busy: 'RunBusy',
};

/** Turns what the records refuse into a refusal of the request. */
export async function said<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RecordError) throw new RequestError(codes[error.code], error.message);
    if (error instanceof RunIdError) throw new RequestError('RecordNotFound', error.message);
    if (error instanceof StateFolderError) throw new RequestError('RecordUnavailable', error.message);
    throw error;
  }
}
