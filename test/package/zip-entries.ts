import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

export interface FoundEntry {
  name: string;
  /** The file's rights on Linux. */
  mode: number;
  content(): Buffer;
}

/** What a zip holds, in its order, read from its central directory (PKWARE's APPNOTE, 4.3.12 and 4.3.16). */
export function readZip(file: string): FoundEntry[] {
  const zip = readFileSync(file);
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  let at = zip.readUInt32LE(end + 16);
  const entries: FoundEntry[] = [];
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map(o => zip.readUInt16LE(at + o)) as [
      number,
      number,
      number,
    ];
    const packedSize = zip.readUInt32LE(at + 20);
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    entries.push({
      name: zip.toString('utf8', at + 46, at + 46 + nameLength),
      mode: (zip.readUInt32LE(at + 38) >>> 16) & 0o777,
      content: () => inflateRawSync(zip.subarray(start, start + packedSize)),
    });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}
