import { constants } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ReadRecord, RecordReader } from './verify.ts';

/** A line of a record is a few hundred bytes; what is longer than this was not written by us. */
const longestLine = 1024 * 1024;

const runIdForm = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** A run id that can be no file name of ours; the message says so. */
export class RunIdError extends Error {
  override name = 'RunIdError';
}

/** The folder that holds the records of runs, one file each, named by run id. */
export class RunFiles {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** @throws RunIdError for anything that is no run id: a path must not get out of the folder */
  pathOf(runId: string): string {
    const id = runId.trim().toLowerCase();
    if (!runIdForm.test(id))
      throw new RunIdError(`"${runId.slice(0, 80)}" is no run id. A run id is a GUID.`);
    return join(this.folder, `${id}.jsonl`);
  }

  /** Makes sure that a new file's name survives a power failure, too; Windows needs and knows no such thing. */
  async settleFolder(): Promise<void> {
    if (process.platform === 'win32') return;
    const handle = await open(this.folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** The ids of all runs on record, in no order. */
  async list(): Promise<string[]> {
    const names = await readdir(this.folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return names
      .filter(n => n.endsWith('.jsonl'))
      .map(n => n.slice(0, -'.jsonl'.length))
      .filter(id => runIdForm.test(id));
  }

  /** The same, the one that was written last before the others. What can not be looked at comes last. */
  async latestFirst(): Promise<string[]> {
    const ids = await this.list();
    const times = new Map<string, number>();
    for (const id of ids) {
      const found = await stat(this.pathOf(id)).catch(() => null);
      times.set(id, found?.mtimeMs ?? 0);
    }
    return ids.sort((a, b) => (times.get(b) ?? 0) - (times.get(a) ?? 0));
  }

  /** Reads and checks one record. Rejects with ENOENT when there is none, and when something else has its name. */
  async read(runId: string): Promise<ReadRecord> {
    const reader = new RecordReader();
    let rest = '';
    const file = await openFile(this.pathOf(runId));
    // Closes the file at its end, too.
    const stream = file.createReadStream({ encoding: 'utf8' }) as AsyncIterable<string>;
    for await (const piece of stream) {
      const lines = (rest + piece).split('\n');
      // One that is longer than any of ours is cut, and so is damage.
      rest = (lines.pop() ?? '').slice(0, longestLine);
      for (const line of lines) reader.take(line);
    }
    if (rest !== '') reader.take(rest);
    return reader.end(rest !== '');
  }
}

/** Opens a file, and nothing else: a pipe would wait for its writer, a device has no end. */
async function openFile(path: string): Promise<FileHandle> {
  // Windows has neither, and not the flag.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new Error('it is no file');
}
