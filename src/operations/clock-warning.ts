import type { ServerClock } from '../graph/server-clock.ts';

/** From here on certificate sign-ins begin to fail: their assertions are valid for minutes. */
const tolerableMs = 5 * 60_000;

/** The sentence about a local clock that is far from Graph's; null while it is near, or Graph's is not known. */
export function clockWarning(serverClock: ServerClock): string | null {
  const ahead = serverClock.ahead;
  if (ahead === null || Math.abs(ahead) <= tolerableMs) return null;
  const minutes = Math.round(Math.abs(ahead) / 60_000);
  return `This machine's clock is ${minutes} minutes ${ahead > 0 ? 'behind' : 'ahead of'} Graph's: sign-in with certificates and the times in logs suffer; proofs do not. Set the clock.`;
}
