import { TextDecoder } from 'node:util';
import type { Readable } from 'node:stream';
import { CommandFailure, exitCode } from './failure.ts';

/**
 * Decodes a file as UTF-8, or as UTF-16 when it begins with that byte order mark, as files do that Windows PowerShell
 * wrote with `>`. Anything else is refused: a guess could turn one person's name into another's.
 */
export async function* decodedText(stream: Readable, name: string): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  let head = Buffer.alloc(0);
  let offset = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer | string>) {
      let bytes: Buffer = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      if (!decoder) {
        head = Buffer.concat([head, bytes]);
        if (head.length < 2) continue;
        decoder = new TextDecoder(encodingOf(head), { fatal: true });
        bytes = head;
      }
      yield decoder.decode(bytes, { stream: true });
      offset += bytes.length;
    }
    decoder ??= new TextDecoder('utf-8', { fatal: true });
    yield offset === 0 ? decoder.decode(head) : decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new CommandFailure(
      exitCode.usage,
      `${name} is not UTF-8. Save it as UTF-8, in Excel "CSV UTF-8", in PowerShell with -Encoding utf8.`,
    );
  }
}

function encodingOf(head: Buffer): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}
