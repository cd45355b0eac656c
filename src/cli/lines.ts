import { CommandFailure, exitCode } from './failure.ts';

/** Who a file is, and how long one of its lines may be, in characters. */
export interface LineBounds {
  name: string;
  longest: number;
}

/**
 * Lines of a text that comes in pieces, without their ends; those that end in one piece come together.
 * @throws CommandFailure for a line that never ends, after the lines before it
 */
export async function* linesOf(
  text: AsyncIterable<string>,
  { name, longest }: LineBounds,
): AsyncGenerator<string[]> {
  let parts: string[] = [];
  let length = 0;
  let number = 1;
  const keep = (part: string): boolean => {
    parts.push(part);
    length += part.length;
    return length <= longest;
  };
  for await (const piece of text) {
    const lines: string[] = [];
    let fits = true;
    let start = 0;
    for (let end = piece.indexOf('\n'); fits && end >= 0; end = piece.indexOf('\n', start)) {
      fits = keep(piece.slice(start, end));
      if (!fits) break;
      lines.push(parts.join('').replace(/\r$/, ''));
      parts = [];
      length = 0;
      number += 1;
      start = end + 1;
    }
    fits &&= keep(piece.slice(start));
    if (lines.length > 0) yield lines;
    if (!fits) throw new CommandFailure(exitCode.usage, tooLong(name, number, longest));
  }
  const last = parts.join('');
  if (last !== '') yield [last];
}

const tooLong = (name: string, number: number, longest: number): string =>
  `Line ${number} of ${name} is longer than ${longest} characters: this is no list of users.`;
