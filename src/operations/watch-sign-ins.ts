import type { SignInsWatchParams, SignInsWatchResult, WatchedSignIn } from '../protocol/watch.ts';
import type { Reading } from './reading.ts';

/** What a watch stands on; its signal ends it, and it still gives its verdicts. */
export interface Watching extends Reading {
  /** Told what was seen, oldest first, as soon as the log shows it. */
  onSeen: (signIns: WatchedSignIn[]) => void;
  /** Told at once what somebody should know who watches; the result has it all again. */
  onWarning?: ((message: string) => void) | undefined;
}

/**
 * Watches the sign-ins of users until the time is over, enough was seen or the signal says so.
 * @throws RequestError NotSignedIn
 */
export async function watchSignIns(
  params: Pick<SignInsWatchParams, 'users' | 'minutes' | 'count'>,
  watching: Watching,
): Promise<SignInsWatchResult> {
  void params;
  void watching;
  return { verdicts: [], warnings: [] };
}
