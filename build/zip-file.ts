import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

export interface ZipEntry {
  /** Path in the zip, with slashes. */
  name: string;
  /** The file that holds the content. */
  file: string;
  /** May be run on Linux. */
  executable?: boolean;
}

/** Writes a zip that is the same, byte for byte, whenever and wherever the same files go into it. */
export async function writeZip(target: string, entries: readonly ZipEntry[]): Promise<void> {
  const zip = new ZipFile();
  // A zip holds local time without saying whose, so a local date is the same bytes in every time zone.
  const mtime = new Date(1980, 0, 1);
  for (const { name, file, executable } of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    zip.addFile(file, name, { mtime, mode: executable ? 0o100755 : 0o100644, forceDosTimestamp: true });
  }
  zip.end();
  const failed = new Promise<never>((_, reject) => zip.once('error', reject));
  await Promise.race([pipeline(zip.outputStream, createWriteStream(target)), failed]);
}
