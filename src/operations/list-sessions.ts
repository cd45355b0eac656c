import type { Connection } from '../auth/connect.ts';
import type { Clock } from '../graph/clock.ts';
import type { Quotas } from '../graph/quotas.ts';
import type { UserReference } from '../protocol/reference.ts';
import type { SessionsListResult } from '../protocol/session.ts';

/** What every look at a tenant stands on. */
export interface Look {
  connection: Connection;
  clock: Clock;
  quotas: Quotas;
  signal?: AbortSignal;
  /** Told what happens on the way, for `-Verbose`. */
  onLog?: (message: string) => void;
}

/** Stub until the engine has it. */
export async function listSessions(
  look: Look & { users: readonly UserReference[]; hours?: number },
): Promise<SessionsListResult> {
  void look;
  return { sessions: [], unresolved: [], warnings: ['This engine reads no sign-in logs yet.'] };
}
