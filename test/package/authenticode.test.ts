import { expect, test } from 'vitest';
import { withoutSignature } from '../../build/authenticode.ts';

/** The headers of a PE32+ file with 64 bytes of content, and a signature of `signed` bytes. */
function executable(signed: number): Buffer {
  const [header, size] = [0x80, 0x400];
  const file = Buffer.alloc(size + 64 + signed, 0xcc);
  file.fill(0, 0, size);
  file.write('MZ', 0, 'latin1');
  file.writeUInt32LE(header, 0x3c);
  file.write('PE\0\0', header, 'latin1');
  file.writeUInt16LE(0x20b, header + 24);
  file.writeUInt32LE(0xabcdef, header + 24 + 64);
  if (signed) file.writeUInt32LE(size + 64, header + 24 + 144);
  file.writeUInt32LE(signed, header + 24 + 148);
  return file;
}

test('a signature goes with everything that refers to it, and nothing else', () => {
  const bare = withoutSignature(executable(200));
  const expected = executable(0);
  expected.writeUInt32LE(0, 0x80 + 24 + 64);
  expect(bare).toEqual(expected);
  expect(withoutSignature(bare)).toEqual(bare);
});

test('what is no such executable is refused, and so is one with something behind its signature', () => {
  expect(() => withoutSignature(Buffer.from('#!/bin/sh'))).toThrow('no Windows executable');
  expect(() => withoutSignature(Buffer.alloc(2000))).toThrow('no Windows executable');
  const old = executable(0);
  old.writeUInt16LE(0x10b, 0x80 + 24);
  expect(() => withoutSignature(old)).toThrow('no 64-bit');
  expect(() => withoutSignature(Buffer.concat([executable(200), Buffer.alloc(1)]))).toThrow('not at its end');
});
