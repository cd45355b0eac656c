import { identify } from '../graph/user-reference.ts';
import type { RecordedRun, RecordedUser } from '../journal/run-state.ts';
import { RequestError } from '../protocol/errors.ts';
import type { RecordedReference } from '../protocol/reference.ts';
import { isSettled } from './resume-user.ts';

/** The users in the record of the run that is being resumed; nobody when it is a new one. */
export class RecordedUsers {
  readonly #run: RecordedRun | null;
  readonly #byNumber = new Map<number, RecordedUser>();
  readonly #called = new Map<string, RecordedUser>();
  /** The highest number that the record has given away. */
  readonly last: number;

  constructor(run: RecordedRun | null) {
    this.#run = run;
    let last = 0;
    for (const user of run?.users ?? []) {
      this.#byNumber.set(user.user, user);
      if (user.userId !== null) this.#called.set(user.userId.toLowerCase(), user);
      last = Math.max(last, user.user);
    }
    this.last = last;
  }

  /** @throws RequestError InvalidParams when the record has no such number */
  get({ recorded }: RecordedReference): RecordedUser {
    const user = this.#byNumber.get(recorded);
    if (!user) {
      throw new RequestError('InvalidParams', `The record of this run has no user number ${recorded}.`);
    }
    return user;
  }

  /** The record of the calls to somebody, by whatever reference they were named then; null when there were none. */
  calledAs(userId: string | null): RecordedUser | null {
    return (userId !== null && this.#called.get(userId.toLowerCase())) || null;
  }

  /** Who is left to do, or everybody; only those who are left count. */
  find(all: boolean): { references: RecordedReference[]; users: number } {
    if (!this.#run) {
      throw new RequestError('InvalidSource', 'This is a new run: it has no record to go on with.');
    }
    const wanted = all ? this.#run.users : this.#run.users.filter(u => !isSettled(u));
    const references = wanted.map(u => ({ recorded: u.user, text: identify(u.reference).text }));
    return { references, users: wanted.filter(u => !isSettled(u)).length };
  }
}
