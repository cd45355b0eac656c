/**
 * Lets a Windows DLL (64-bit PE) take the functions of one file from another one: a name that is found in the list of
 * imported files is replaced. The new name goes into the unused end of the section that holds the list.
 * Source: Microsoft, "PE format", sections "Optional header", "Section table" and ".idata".
 * @throws when the file has no such import, or the name no room
 */
export function renameImport(file: Buffer, from: string, to: string): Buffer {
  const image = Buffer.from(file);
  const entry = importEntries(image).find(e => e.name.toLowerCase() === from.toLowerCase());
  if (!entry) throw new Error(`no import of ${from}`);
  const section = sectionOf(image, entry.at.rva);
  const name = Buffer.from(`${to}\0`, 'latin1');
  const end = section.virtualSize;
  if (end + name.length > section.rawSize) throw new Error(`no room for the name ${to}`);
  name.copy(image, section.rawStart + end);
  image.writeUInt32LE(end + name.length, section.header + 8);
  image.writeUInt32LE(section.virtualStart + end, entry.at.offset + 12);
  return image;
}

/** The files that a DLL imports from when it is loaded. */
export const importedFiles = (image: Buffer): string[] => importEntries(image).map(e => e.name);

interface Place {
  rva: number;
  offset: number;
}

function importEntries(image: Buffer): { at: Place; name: string }[] {
  const start = image.readUInt32LE(optionalHeader(image) + 120);
  const entries = [];
  for (let rva = start; ; rva += 20) {
    const offset = offsetOf(image, rva);
    const nameRva = image.readUInt32LE(offset + 12);
    if (nameRva === 0) return entries;
    const name = offsetOf(image, nameRva);
    entries.push({ at: { rva, offset }, name: image.toString('latin1', name, image.indexOf(0, name)) });
  }
}

function optionalHeader(image: Buffer): number {
  const header = image.readUInt32LE(0x3c) + 24;
  if (image.readUInt16LE(header) !== 0x20b) throw new Error('no 64-bit PE file');
  return header;
}

function offsetOf(image: Buffer, rva: number): number {
  const section = sectionOf(image, rva);
  return rva - section.virtualStart + section.rawStart;
}

function sectionOf(image: Buffer, rva: number) {
  const coff = image.readUInt32LE(0x3c) + 4;
  const table = coff + 20 + image.readUInt16LE(coff + 16);
  for (let i = 0; i < image.readUInt16LE(coff + 2); i += 1) {
    const header = table + i * 40;
    const [virtualSize, virtualStart, rawSize, rawStart] = [8, 12, 16, 20].map(o =>
      image.readUInt32LE(header + o),
    ) as [number, number, number, number];
    if (rva >= virtualStart && rva < virtualStart + Math.max(virtualSize, rawSize))
      return { header, virtualSize, virtualStart, rawSize, rawStart };
  }
  throw new Error('an address outside of every section');
}
