import { TextDecoder } from 'node:util';
import type { Fetched } from './middleware.ts';

/** More than any answer of Graph is long; a page of 999 users has about a megabyte. */
export const largestAnswer = 32 * 1024 * 1024;

/** Reads an answer as text; stops when it is longer than Graph's ever are, as unpacked gzip can be from a few bytes. */
export async function readText(response: Pick<Fetched, 'body'>, limit = largestAnswer): Promise<string> {
  if (!response.body) return '';
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const chunk of response.body) {
    length += chunk.length;
    // Leaving the loop cancels the stream, and with it the connection.
    if (length > limit) throw new Error(`the answer is longer than ${limit / 1024 / 1024} MiB`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
