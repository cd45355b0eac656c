import { type FileHandle, open } from 'node:fs/promises';

/** The file is not the one any more that was opened, or not ours alone. */
export class FileLostError extends Error {
  override name = 'FileLostError';
  /** As the system's errors have one. */
  readonly code = 'ELOST';
}

/**
 * A file that only grows, flushed to disk in groups: everything that was appended while one flush is under way goes out
 * with the next one. So a thousand lines cost about as many flushes as there is time for, and each is on disk when its
 * promise resolves.
 */
export class AppendFile {
  readonly #file: FileHandle;
  /** How long the file is when nobody else writes to it. */
  #size: number;
  #waiting: string[] = [];
  #next: Promise<void> | null = null;
  #running: Promise<void> = Promise.resolve();
  #failure: unknown = null;

  private constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.#size = size;
  }

  /** Opens `path`, readable by its owner only; `isNew` refuses a file that is there already. */
  static async open(path: string, isNew: boolean): Promise<AppendFile> {
    const file = await open(path, isNew ? 'ax' : 'a', 0o600);
    return new AppendFile(file, (await file.stat()).size);
  }

  /** Adds text without waiting; it is on disk no later than whatever is flushed after it. */
  add(text: string): void {
    this.#waiting.push(text);
  }

  /**
   * Resolves when everything that was added before is on disk. The first failure stays: nothing can be appended behind
   * a gap.
   */
  flush(): Promise<void> {
    this.#next ??= this.#turn();
    return this.#next;
  }

  /** Flushes and lets go of the file. */
  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#file.close();
    }
  }

  async #turn(): Promise<void> {
    await this.#running;
    this.#next = null;
    const put = this.#put();
    this.#running = put.catch(() => {});
    await put;
  }

  async #put(): Promise<void> {
    if (this.#failure) throw this.#failure;
    const text = this.#waiting.join('');
    this.#waiting = [];
    if (text === '') return;
    try {
      await this.#file.appendFile(text);
      await this.#file.datasync();
      await this.#checkOurs(Buffer.byteLength(text));
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  /** What was written counts only where others will find it, behind what we wrote before. @throws FileLostError */
  async #checkOurs(added: number): Promise<void> {
    this.#size += added;
    const { size, nlink } = await this.#file.stat();
    if (nlink === 0) throw new FileLostError('the file was removed while it was being written');
    if (size !== this.#size) throw new FileLostError('somebody else wrote to the file');
  }
}
