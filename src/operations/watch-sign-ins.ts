import type { SignInsWatchResult, WatchedSignIn, WatchedUser } from '../protocol/watch.ts';
import type { Look } from './list-sessions.ts';

/** Stub until the engine has it. */
export async function watchSignIns(
  look: Look & {
    users: readonly WatchedUser[];
    minutes?: number;
    count?: number;
    onSeen: (signIns: WatchedSignIn[]) => void;
  },
): Promise<SignInsWatchResult> {
  void look;
  return { verdicts: [], warnings: ['This engine watches nothing yet.'] };
}
