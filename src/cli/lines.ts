import { CommandFailure, exitCode } from './failure.ts';

/** Who a file is, and how long one of its lines may be, in characters. */
export interface LineBounds {
  name: string;
  longest: number;
}

/**
 * Lines of a text that comes in pieces, without their ends.
 * @throws CommandFailure for a line that never ends
 */
export async function* linesOf(
  text: AsyncIterable<string>,
  { name, longest }: LineBounds,
): AsyncGenerator<string> {
  let parts: string[] = [];
  let length = 0;
  let number = 1;
  const keep = (part: string) => {
    parts.push(part);
    length += part.length;
    if (length > longest) throw new CommandFailure(exitCode.usage, tooLong(name, number, longest));
  };
  for await (const piece of text) {
    let start = 0;
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', start)) {
      keep(piece.slice(start, end));
      yield parts.join('').replace(/\r$/, '');
      parts = [];
      length = 0;
      number += 1;
      start = end + 1;
    }
    keep(piece.slice(start));
  }
  const last = parts.join('');
  if (last !== '') yield last;
}

const tooLong = (name: string, number: number, longest: number): string =>
  `Line ${number} of ${name} is longer than ${longest} characters: this is no list of users.`;
