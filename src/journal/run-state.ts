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
  /** When the first call of all left, by the service's clock as far as it was known then; null when none did. */
  firstCallAt: number | null;
  row: OutcomeEntry['row'] | null;
}

/** What a record says about its run. */
export interface RecordedRun {
  begin: BeginEntry;
  users: RecordedUser[];
  confirmed: ConfirmedEntry | null;
  resumes: ResumeEntry[];
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
    end: null,
    lastAt: entries.at(-1)?.time ?? begin.time,
    lastSeq: entries.at(-1)?.seq ?? 0,
  };
  // The first thing known of the service's clock holds for the calls before it, too.
  const firstOffset = entries.map(offsetOf).find(o => o !== null) ?? 0;
  for (const entry of entries) {
    switch (entry.type) {
      case 'named':
        users.set(entry.user, blank(entry.user, entry.reference));
        break;
      case 'intent':
        for (const { user: number, userId } of entry.calls) {
          const user = users.get(number);
          if (!user) continue;
          user.userId = userId;
          user.openCalls += 1;
          user.firstCallAt ??= Date.parse(entry.time) + (entry.clockOffset ?? firstOffset);
        }
        break;
      case 'outcome': {
        const user = users.get(entry.user);
        if (!user) break;
        user.openCalls = 0;
        user.row = entry.row;
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

const offsetOf = (entry: JournalEntry): number | null =>
  entry.type === 'intent' || entry.type === 'outcome' ? entry.clockOffset : null;

const blank = (user: number, reference: UserReference): RecordedUser => ({
  user,
  reference,
  userId: null,
  openCalls: 0,
  firstCallAt: null,
  row: null,
});
