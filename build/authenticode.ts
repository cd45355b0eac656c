/**
 * Takes the signature off a Windows executable (PE32+). One whose bytes are changed afterwards counts as tampered with,
 * which scanners and policies treat worse than one that was never signed; and a signature of one's own takes a file
 * without. Layout: Microsoft, "PE Format": the certificate table is entry 4 of the data directories, and the only one
 * that holds an offset in the file.
 * @throws Error for what is no such executable, or has something behind its signature
 */
export function withoutSignature(executable: Buffer): Buffer {
  const header = executable.length > 0x40 ? executable.readUInt32LE(0x3c) : executable.length;
  const optional = header + 24;
  if (optional + 152 > executable.length || executable.toString('latin1', header, header + 4) !== 'PE\0\0') {
    throw new Error('no Windows executable');
  }
  if (executable.readUInt16LE(optional) !== 0x20b) throw new Error('no 64-bit Windows executable');
  const checksum = optional + 64;
  const directory = optional + 112 + 4 * 8;
  const offset = executable.readUInt32LE(directory);
  const size = executable.readUInt32LE(directory + 4);
  if (size > 0 && offset + size !== executable.length) throw new Error('its signature is not at its end');
  const bare = Buffer.from(executable.subarray(0, size > 0 ? offset : executable.length));
  bare.writeBigUInt64LE(0n, directory);
  // Windows looks at it for drivers only; one that is wrong is suspicious, none is usual.
  bare.writeUInt32LE(0, checksum);
  return bare;
}
