import type { Connection } from '../auth/connect.ts';
import type { Clock } from '../graph/clock.ts';
import { Directory } from '../graph/directory.ts';
import { Groups } from '../graph/groups.ts';
import { Lane } from '../graph/lane.ts';
import type { Fetcher } from '../graph/middleware.ts';
import type { Quotas } from '../graph/quotas.ts';
import type { Intent } from '../journal/journal.ts';
import { RequestError } from '../protocol/errors.ts';
import type { RunOptions } from '../protocol/messages.ts';
import type { RunStop } from '../protocol/row.ts';
import { machineExclusions, readExclusions } from './exclusions.ts';
import { Explainer } from './explain.ts';
import { preflight } from './preflight.ts';
import type { Recorder } from './recorder.ts';
import { RevocationRun } from './revoke-sessions.ts';
import { transportTo } from './transport-to.ts';

export interface RunSetting {
  runId: string;
  connection: Connection;
  /** Of a run that is resumed those that shall differ from its record. */
  options: RunOptions;
  recorder: Recorder;
  clock: Clock;
  quotas: Quotas;
  confirm: (question: string) => Promise<boolean>;
  onStop?: (stop: RunStop) => void;
  /** Told what happens on the way, for `-Verbose`. */
  onLog?: (message: string) => void;
  /** Told what somebody should know who does not ask. */
  onWarning?: (message: string) => void;
  /** Instead of the connection's own way to the network. */
  fetch?: Fetcher;
  /** Where the exclusions of the machine stand. */
  env: NodeJS.ProcessEnv;
}

/** How long a proof is waited for unless the caller says otherwise, in seconds. */
export const defaultVerificationTime = 15;

/** A stamp up to this many seconds earlier than the call is still its proof (design section 2). */
const defaultProofTolerance = 5;

/**
 * Puts a run together - transport, lanes on the tenant's quotas -, looks whether the sign-in may do what is wanted, reads
 * the exclusions, and opens the record. Nothing is sent before all of that is done.
 * @throws RequestError OtherTenant, NotAllowed, ExclusionUnreadable, RecordUnavailable
 */
export async function openRun(setting: RunSetting): Promise<RevocationRun> {
  try {
    return await open(setting);
  } catch (error) {
    await setting.recorder.release();
    throw error;
  }
}

async function open(setting: RunSetting): Promise<RevocationRun> {
  const { runId, connection, clock, recorder } = setting;
  const { endpoint, tokens, claims, info } = connection;
  const options = optionsOf(setting);
  for (const warning of preflight(claims, options)) setting.onWarning?.(warning);
  const quotas = setting.quotas.for(endpoint.root, info.tenantId, info.clientId, clock.now());
  const transport = transportTo(connection, {
    clock,
    serverClock: quotas.serverClock,
    fetch: setting.fetch,
  });
  const onDeferred = (what: string) => setting.onLog?.(what);
  const reads = new Lane({ transport, clock, onDeferred, pace: quotas.reads });
  const directory = new Directory(reads);
  const groups = new Groups(reads, endpoint);
  const finding = { lane: reads, endpoint, groups, caller: claims, log: onDeferred };
  const { excludeUsers, excludeGroups = [] } = options;
  const protectedGroups = [...excludeGroups, ...machineExclusions(setting.env)];
  const exclusions = await readExclusions(
    { excludeUsers, excludeGroups: protectedGroups },
    finding,
    directory,
  );
  const clockOffset = () => quotas.serverClock.ahead;
  const journal = await recorder.open({ runId, caller: claims, tenant: info, options, clockOffset });
  const writes = new Lane({
    transport,
    clock,
    onDeferred,
    pace: quotas.writes,
    beforeSend: tags => journal.intend(tags as readonly Intent[]),
  });
  return new RevocationRun({
    row: { runId, tenantId: info.tenantId, tenantName: info.name, simulated: info.simulated },
    caller: claims,
    tokenRefusal: () => tokens.refusal,
    writes,
    reads,
    writePace: quotas.writes,
    directory,
    groups,
    endpoint,
    serverClock: quotas.serverClock,
    clock,
    journal,
    exclusions,
    recorded: recorder.recorded,
    release: () => recorder.release(),
    confirm: setting.confirm,
    onStop: setting.onStop,
    onLog: setting.onLog,
    onWarning: setting.onWarning,
    explainer: options.explain
      ? new Explainer({
          connection,
          clock,
          quotas: setting.quotas,
          fetch: setting.fetch,
          onLog: setting.onLog,
        })
      : null,
    options: {
      verificationMs: (options.verificationTime ?? defaultVerificationTime) * 1000,
      skipVerification: options.skipVerification ?? false,
      maxUsers: options.maxUsers,
      includeSelf: options.includeSelf ?? false,
      toleranceMs: (options.proofTolerance ?? defaultProofTolerance) * 1000,
    },
  });
}

/**
 * What the run keeps to. One that is resumed keeps to what it began with, exclusions and limits included, except for what
 * is said anew; more users than allowed that were agreed to once are agreed to.
 */
function optionsOf({ options, recorder: { recorded }, connection: { info } }: RunSetting): RunOptions {
  if (!recorded) return options;
  const { begin, confirmed } = recorded;
  if (begin.tenantId !== info.tenantId || begin.simulated !== info.simulated) {
    const place = begin.simulated ? 'simulated tenant' : 'tenant';
    throw new RequestError(
      'OtherTenant',
      `The run ${begin.runId} was in the ${place} ${begin.tenantName ?? begin.tenantId}, and you are signed in to ${info.name ?? info.tenantId}. Sign in there, then resume it.`,
    );
  }
  const anew = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const limit = confirmed ? { maxUsers: undefined } : {};
  // A protection that was put up since does not lift those that the run began with.
  const excludeGroups = [
    ...new Set([...(begin.options.excludeGroups ?? []), ...(options.excludeGroups ?? [])]),
  ];
  return { ...begin.options, ...limit, ...anew, excludeGroups };
}
