import type { AuditInitiator, AuditLog } from './audit-log.ts';
import type { SimulatedUser } from './objects.ts';
import type { Replicas } from './replicas.ts';
import type { Sessions } from './sign-ins/sessions.ts';
import type { TokenIssuer } from './tokens.ts';

/** What a revocation works on. */
export interface Ending {
  readonly replicas: Replicas;
  readonly tokens: TokenIssuer;
  readonly audit: AuditLog;
  readonly signIns: Sessions;
}

/** Ends the sessions of a user and puts it into the log. Of an external user nothing ends, and nothing is logged (graph-facts 1.6). */
export function endSessions(
  { replicas, tokens, audit, signIns }: Ending,
  user: SimulatedUser,
  by: AuditInitiator,
  now: number,
): void {
  if (user.external) return;
  signIns.meet(user.id, 'revoked');
  const stampSeconds = Math.floor(now / 1000);
  const after = new Date(stampSeconds * 1000).toISOString().replace('.000Z', 'Z');
  const before = user.signInSessionsValidFromDateTime;
  tokens.revoke(user.id, stampSeconds, replicas.write(user, after, now));
  audit.add({ user, by, before, after, at: now });
}
