import { randomUUID } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppendFile } from './append-file.ts';
import { emptyHead, type Head } from './chain.ts';
import type { BeginEntry, ResumeEntry } from './entry.ts';
import { FileJournal } from './file-journal.ts';
import { makePrivateFolder, stateFolder } from './home.ts';
import { isHeld, type Lock, takeLock } from './lock.ts';
import { RecordError } from './record-error.ts';
import { RunFiles } from './run-files.ts';
import { type RecordedRun, runStateOf } from './run-state.ts';
import type { ReadRecord } from './verify.ts';

type Content<Entry> = Omit<Entry, 'seq' | 'prev' | 'time' | 'type' | 'session' | 'version'>;

/** How far the service's clock is ahead of this machine's, in milliseconds; null while nothing is known of it. */
export type ClockOffset = () => number | null;

/** A run that is taken out of its record to be gone on with, by this process alone. */
export interface TakenRun {
  run: RecordedRun;
  /** Goes on with the record. @throws RecordError when it can't be written */
  goOn(content: Content<ResumeEntry>, clockOffset: ClockOffset): Promise<FileJournal>;
  /** Lets go of it. */
  release(): Promise<void>;
}

/** The records of runs: begins them, and takes up those that were not finished. */
export class Records {
  readonly #env: NodeJS.ProcessEnv;
  readonly #version: string;
  readonly #now: () => number;
  readonly #session = `session-${randomUUID()}`;
  /** One lock for each folder that this process writes to: whoever finds a run of ours sees that we live. */
  readonly #locks = new Map<string, Promise<Lock | null>>();
  /** The runs of this process that are under way, by file. */
  readonly #open = new Set<string>();

  /** @param version of the product, which stands in each record */
  constructor(env: NodeJS.ProcessEnv, version: string, now: () => number = Date.now) {
    this.#env = env;
    this.#version = version;
    this.#now = now;
  }

  get #writer() {
    return { session: this.#session, version: this.#version };
  }

  /** The records in `folder`, or in the usual one. @throws StateFolderError */
  files(folder?: string): RunFiles {
    return new RunFiles(trueName(folder ?? join(stateFolder(this.#env, process.platform), 'runs')));
  }

  /** A folder that somebody named has to be there: else a slip of the pen would hide every run. @throws RecordError NotFound */
  expectFolder(folder: string | undefined): void {
    if (folder === undefined || existsSync(this.files(folder).folder)) return;
    throw new RecordError('NotFound', `There is no folder ${folder}.`);
  }

  /**
   * Begins the record of a new run; its first line is on disk when it resolves.
   * @throws RecordError, StateFolderError
   */
  async begin(content: Content<BeginEntry>, clockOffset: ClockOffset, folder?: string): Promise<FileJournal> {
    const files = this.files(folder);
    makePrivateFolder(files.folder);
    await this.#beSeen(folder);
    const path = files.pathOf(content.runId);
    let file: AppendFile | null = null;
    try {
      file = await AppendFile.open(path, true);
      const journal = this.#journal(path, file, emptyHead, clockOffset);
      await journal.start({ type: 'begin', ...this.#writer, ...content });
      await files.settleFolder();
      return journal;
    } catch (error) {
      if (file) {
        await this.#letGo(path, file);
        // A record that could not be begun says nothing to anybody.
        await rm(path, { force: true }).catch(() => {});
      }
      throw unwritable(path, error);
    }
  }

  /**
   * Takes up a run that no living process has in hand.
   * @throws RecordError NotFound, Damaged, Busy; RunIdError
   */
  async take(runId: string, folder?: string): Promise<TakenRun> {
    const files = this.files(folder);
    const path = files.pathOf(runId);
    const env = this.#lockEnv(folder);
    const id = runId.trim().toLowerCase();
    const lock = await takeLock(`run-${id}`, { env, what: `resume of run ${id}` });
    if (!lock) throw new RecordError('Busy', `Another process is resuming the run ${id}. Nothing was done.`);
    try {
      const { run, record } = await this.look(runId, folder);
      checkWhole(record, id);
      if (await this.isRunning(run, runId, folder)) {
        throw new RecordError('Busy', `The run ${id} is still going on. Nothing was done.`);
      }
      const head: Head = { seq: run.lastSeq, hash: record.head };
      return {
        run,
        goOn: (content, clockOffset) => this.#goOn(path, record.torn, head, content, clockOffset, folder),
        release: () => lock.release(),
      };
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /**
   * Reads a record, damaged or not.
   * @throws RecordError NotFound, Damaged when it is no record of this run at all; RunIdError
   */
  async look(
    runId: string,
    folder?: string,
  ): Promise<{ run: RecordedRun; record: ReadRecord; path: string }> {
    const files = this.files(folder);
    const path = files.pathOf(runId);
    const record = await files.read(runId).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') {
        throw new RecordError('NotFound', `There is no record of the run ${runId} in ${files.folder}.`);
      }
      throw new RecordError('Unavailable', `The record ${path} can not be read: ${error.message}`);
    });
    const run = runStateOf(record.entries);
    if (!run || run.begin.runId !== runId.trim().toLowerCase()) {
      throw new RecordError('Damaged', `The file ${path} does not begin as the record of this run.`);
    }
    return { run, record, path };
  }

  /** True while a living process, this one or another, has the run in hand. */
  async isRunning(run: RecordedRun, runId: string, folder?: string): Promise<boolean> {
    const { session } = run.resumes.at(-1) ?? run.begin;
    if (session === this.#session) return this.#open.has(this.files(folder).pathOf(runId));
    return run.end === null && isHeld(session, { env: this.#lockEnv(folder) });
  }

  async #goOn(
    path: string,
    torn: boolean,
    head: Head,
    content: Content<ResumeEntry>,
    clockOffset: ClockOffset,
    folder?: string,
  ): Promise<FileJournal> {
    await this.#beSeen(folder);
    let file: AppendFile | null = null;
    try {
      file = await AppendFile.open(path, false);
      // What a crash left of a line stays as it is; the chain goes on behind it.
      if (torn) file.add('\n');
      const journal = this.#journal(path, file, head, clockOffset);
      await journal.start({ type: 'resume', ...this.#writer, ...content });
      return journal;
    } catch (error) {
      if (file) await this.#letGo(path, file);
      throw unwritable(path, error);
    }
  }

  /** Ends what shows that this process lives; to be called when no run is under way. */
  async close(): Promise<void> {
    const locks = await Promise.allSettled(this.#locks.values());
    this.#locks.clear();
    for (const lock of locks) if (lock.status === 'fulfilled') await lock.value?.release();
  }

  /** Nothing is written any more to a file that could not take its first line. */
  async #letGo(path: string, file: AppendFile): Promise<void> {
    this.#open.delete(path);
    await file.close().catch(() => {});
  }

  #journal(path: string, file: AppendFile, head: Head, clockOffset: ClockOffset): FileJournal {
    this.#open.add(path);
    const onClose = () => void this.#open.delete(path);
    return new FileJournal({ path, file, head, now: this.#now, clockOffset, onClose });
  }

  async #beSeen(folder: string | undefined): Promise<void> {
    const key = folder ?? '';
    const lock =
      this.#locks.get(key) ??
      takeLock(this.#session, { env: this.#lockEnv(folder), what: 'a run', once: true });
    this.#locks.set(key, lock);
    try {
      await lock;
    } catch (error) {
      this.#locks.delete(key);
      throw error;
    }
  }

  /** Locks lie with the records: who shares the records shares the locks. */
  #lockEnv(folder: string | undefined): NodeJS.ProcessEnv {
    return { ...this.#env, USERSESSION_HOME: this.files(folder).folder };
  }
}

/** The one name of a folder, by whatever links and relative paths somebody comes to it. */
function trueName(folder: string): string {
  const whole = resolve(folder);
  try {
    return realpathSync(whole);
  } catch {
    return whole; // Not made yet, so nobody has another name for it.
  }
}

function checkWhole({ damage: [damage] }: ReadRecord, id: string): void {
  if (!damage) return;
  throw new RecordError(
    'Damaged',
    `The record of the run ${id} was changed after it was written (line ${damage.line}: ${damage.what}), so it is not acted on. Look at it with: usersession runs verify ${id}`,
  );
}

function unwritable(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  return new RecordError(
    'Unavailable',
    `The record of the run can not be written (${path}: ${error.message}), so nobody was revoked. Make room or choose another folder with USERSESSION_HOME or --journal (-Journal), or go without a record: -NoJournal (--no-journal).`,
  );
}
