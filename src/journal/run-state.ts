import type { UserReference } from '../protocol/reference.ts';
import type {
  BeginEntry,
  ConfirmedEntry,
  EndEntry,
  JournalEntry,
  OutcomeEntry,
  ResumeEntry,
} from './entry.ts';

/** What a record says about one user. */
export interface RecordedUser {
  user: number;
  reference: UserReference;
  /** Whom the calls went to; null when none was about to leave. */
  userId: string | null;
  /** Calls that were about to leave since the user was last settled: what became of them is not on record. */
  openCalls: number;
  /** When the first call of all left, by the service's clock as far as any session knew it; null when none did. */
  firstCallAt: number | null;
  /** Calls whose effect nobody has seen yet; null when none left, and after an outcome that says what became of them. */
  unproven: UnprovenCalls | null;
  row: OutcomeEntry['row'] | null;
}

/** Calls that may have been carried out, or that were accepted and not proven. */
export interface UnprovenCalls {
  /** When the first of them left, by the service's clock; null when the session knew nothing of that clock. */
  since: number | null;
}

/** What a record says about its run. */
export interface RecordedRun {
  begin: BeginEntry;
  users: RecordedUser[];
  confirmed: ConfirmedEntry | null;
  resumes: ResumeEntry[];
  /** How far the service's clock was ahead when something was first known of it, in milliseconds; null when nothing ever was. */
  clockOffset: number | null;
  /** The end of the last session; null when it was killed, or still runs. */
  end: EndEntry | null;
  /** When the last line was written, and its number. */
  lastAt: string;
  lastSeq: number;
}

/** Puts together what the lines of a record say; null when there is no first line. */
export function runStateOf(entries: readonly JournalEntry[]): RecordedRun | null {
  const [begin] = entries;
  if (begin?.type !== 'begin') return null;
  const users = new Map<number, RecordedUser>();
  const run: RecordedRun = {
    begin,
    users: [],
    confirmed: null,
    resumes: [],
    clockOffset: entries.map(offsetOf).find(o => o !== null) ?? null,
    end: null,
    lastAt: entries.at(-1)?.time ?? begin.time,
    lastSeq: entries.at(-1)?.seq ?? 0,
  };
  const offsets = offsetsOf(entries);
  for (const [i, entry] of entries.entries()) {
    switch (entry.type) {
      case 'named':
        users.set(entry.user, blank(entry.user, entry.reference));
        break;
      case 'intent': {
        const offset = offsets[i] ?? null;
        const at = Date.parse(entry.time);
        for (const { user: number, userId } of entry.calls) {
          const user = users.get(number);
          if (!user) continue;
          user.userId = userId;
          user.openCalls += 1;
          user.firstCallAt ??= at + (offset ?? run.clockOffset ?? 0);
          user.unproven ??= { since: offset === null ? null : at + offset };
        }
        break;
      }
      case 'outcome': {
        const user = users.get(entry.user);
        if (!user) break;
        user.openCalls = 0;
        user.row = entry.row;
        if (!inDoubt.includes(entry.row.outcome)) user.unproven = null;
        break;
      }
      case 'confirmed':
        run.confirmed = entry;
        break;
      case 'resume':
        run.resumes.push(entry);
        run.end = null;
        break;
      case 'end':
        run.end = entry;
        break;
      case 'begin':
        break;
    }
  }
  run.users = [...users.values()];
  return run;
}

/** Outcomes after which a call may have been carried out all the same. */
const inDoubt: readonly string[] = ['Unverified', 'Unknown'];

/**
 * How far the service's clock was ahead at each entry. What a session learned of it holds for its calls before, too; what
 * another session learned does not: this machine's clock may have been set in between.
 */
function offsetsOf(entries: readonly JournalEntry[]): (number | null)[] {
  let next: number | null = null;
  const backwards = entries.toReversed().map(entry => {
    next = offsetOf(entry) ?? next;
    const own = next;
    if (entry.type === 'begin' || entry.type === 'resume') next = null;
    return own;
  });
  return backwards.reverse();
}

const offsetOf = (entry: JournalEntry): number | null =>
  entry.type === 'intent' || entry.type === 'outcome' ? entry.clockOffset : null;

const blank = (user: number, reference: UserReference): RecordedUser => ({
  user,
  reference,
  userId: null,
  openCalls: 0,
  firstCallAt: null,
  unproven: null,
  row: null,
});
