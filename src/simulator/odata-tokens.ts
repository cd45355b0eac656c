import { badRequest } from './graph-error.ts';

/** A word of a filter. */
export type Token =
  | { kind: 'string'; text: string }
  | { kind: 'word'; text: string }
  | { kind: 'mark'; text: '(' | ')' | ',' | ':' };

const word = /[A-Za-z0-9_.@/+:-]/;

/** Cuts a filter into words. Quotes inside a string are doubled. */
export function tokenize(filter: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < filter.length) {
    const character = filter.charAt(at);
    if (/\s/.test(character)) at++;
    else if (character === "'") {
      const [text, end] = readString(filter, at);
      tokens.push({ kind: 'string', text });
      at = end;
    } else if (character === '(' || character === ')' || character === ',' || character === ':') {
      tokens.push({ kind: 'mark', text: character });
      at++;
    } else if (word.test(character)) {
      const start = at;
      // A colon ends the variable of a lambda, but stands inside a time of day.
      while (
        at < filter.length &&
        word.test(filter.charAt(at)) &&
        !(filter.charAt(at) === ':' && !/^\d/.test(filter.slice(start)))
      )
        at++;
      tokens.push({ kind: 'word', text: filter.slice(start, at) });
    } else {
      throw invalidFilter(
        `Syntax error: character '${character}' is not valid at position ${at} in '${filter}'.`,
      );
    }
  }
  return tokens;
}

function readString(filter: string, start: number): [text: string, end: number] {
  let text = '';
  for (let at = start + 1; at < filter.length; at++) {
    const character = filter.charAt(at);
    if (character !== "'") text += character;
    else if (filter.charAt(at + 1) === "'") {
      text += "'";
      at++;
    } else return [text, at + 1];
  }
  throw invalidFilter(`There is an unterminated string literal at position ${filter.length} in '${filter}'.`);
}

export const invalidFilter = (why: string): Error => badRequest(`Invalid filter clause: ${why}`);
