import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { SignInError } from './sign-in-error.ts';

/** Bytes. Tokens, certificates and keys have some thousand, whole chains some ten thousand. */
const largestFile = 1024 * 1024;

/** Opening a pipe that nobody writes to would wait for ever; Windows has none in its folders, and no such flag. */
const flags = constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0);

/**
 * A whole file that is used to sign in; `kind` is for the messages, as in "certificate file".
 * @throws SignInError for one that can't be read, is no regular file, or is larger than 1 MiB
 */
export async function readSmallFile(path: string, kind: string): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, flags);
    const facts = await file.stat();
    if (!facts.isFile() && !facts.isDirectory()) {
      throw new SignInError(
        `${path}: this is no ${kind}, but a pipe or a device, which can be larger than 1 MiB.`,
      );
    }
    return await readUpTo(file, path, kind);
  } catch (error) {
    throw error instanceof SignInError ? error : unreadable(error as NodeJS.ErrnoException, path, kind);
  } finally {
    await file?.close();
  }
}

/** What the file system says of the size is not asked: some files, as in /proc, have bytes and the size nought. */
async function readUpTo(file: FileHandle, path: string, kind: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let length = 0; ;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(65_536));
    if (bytesRead === 0) return Buffer.concat(parts);
    parts.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
    if (length > largestFile) throw new SignInError(`${path}: this is no ${kind}, it is larger than 1 MiB.`);
  }
}

function unreadable({ code, message }: NodeJS.ErrnoException, path: string, kind: string): SignInError {
  const known: Readonly<Record<string, string>> = {
    ENOENT: `there is no such ${kind}.`,
    EACCES: `this account may not read the ${kind}.`,
    EISDIR: `this is a folder, not a ${kind}.`,
  };
  return new SignInError(
    `${path}: ${known[code ?? ''] ?? `the ${kind} can't be read (${code ?? message}).`}`,
  );
}
