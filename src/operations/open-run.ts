import type { Connection } from '../auth/connect.ts';
import type { Clock } from '../graph/clock.ts';
import { Directory } from '../graph/directory.ts';
import { Groups } from '../graph/groups.ts';
import { Lane } from '../graph/lane.ts';
import type { Fetcher } from '../graph/middleware.ts';
import type { Quotas } from '../graph/quotas.ts';
import { GraphTransport } from '../graph/transport.ts';
import type { Intent, Journal } from '../journal/journal.ts';
import type { RunOptions } from '../protocol/messages.ts';
import type { RunStop } from '../protocol/row.ts';
import { machineExclusions } from './exclusions.ts';
import { preflight } from './preflight.ts';
import { RevocationRun } from './revoke-sessions.ts';

export interface RunSetting {
  runId: string;
  connection: Connection;
  options: RunOptions;
  journal: Journal;
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
 * Puts a run together - transport, lanes on the tenant's quotas, record -, looks whether the sign-in may do what is
 * wanted, and reads the exclusions.
 * @throws RequestError NotAllowed, ExclusionUnreadable
 */
export async function openRun(setting: RunSetting): Promise<RevocationRun> {
  const { runId, connection, options, journal, clock } = setting;
  const { endpoint, tokens, claims, info, network } = connection;
  for (const warning of preflight(claims, options)) setting.onWarning?.(warning);
  const quotas = setting.quotas.for(endpoint.root, info.tenantId, info.clientId, clock.now());
  const transport = new GraphTransport({
    endpoint,
    tokens,
    clock,
    serverClock: quotas.serverClock,
    fetch: setting.fetch ?? network?.fetch,
    route: network?.describe(endpoint.root),
  });
  const onDeferred = (what: string) => setting.onLog?.(what);
  const writes = new Lane({
    transport,
    clock,
    onDeferred,
    pace: quotas.writes,
    beforeSend: tags => journal.intend(tags as readonly Intent[]),
  });
  const reads = new Lane({ transport, clock, onDeferred, pace: quotas.reads });
  const run = new RevocationRun({
    row: { runId, tenantId: info.tenantId, tenantName: info.name, simulated: info.simulated },
    caller: claims,
    tokenRefusal: () => tokens.refusal,
    writes,
    reads,
    writePace: quotas.writes,
    directory: new Directory(reads),
    groups: new Groups(reads, endpoint),
    endpoint,
    serverClock: quotas.serverClock,
    clock,
    journal,
    confirm: setting.confirm,
    onStop: setting.onStop,
    onLog: setting.onLog,
    onWarning: setting.onWarning,
    options: {
      verificationMs: (options.verificationTime ?? defaultVerificationTime) * 1000,
      skipVerification: options.skipVerification ?? false,
      maxUsers: options.maxUsers,
      includeSelf: options.includeSelf ?? false,
      toleranceMs: (options.proofTolerance ?? defaultProofTolerance) * 1000,
    },
  });
  const { excludeUsers, excludeGroups = [] } = options;
  await run.prepare({ excludeUsers, excludeGroups: [...excludeGroups, ...machineExclusions(setting.env)] });
  return run;
}
