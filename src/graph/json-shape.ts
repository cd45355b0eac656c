/** What JSON that nobody has parsed yet would come to. */
export interface JsonShape {
  /** How deep arrays and objects lie in each other. */
  depth: number;
  /** How many elements the outermost array has; 1 for anything else. */
  elements: number;
  /** About how many values there are in all. */
  values: number;
}

/** Deeper than anything of Graph's, or of the protocol. */
export const deepestJson = 64;

/**
 * Counts before parsing: a few megabytes of brackets become a gigabyte of objects. What is no JSON gets some numbers,
 * too, and is refused by the parser later. Stops at the first depth that is too much.
 */
export function jsonShape(text: string): JsonShape {
  let depth = 0;
  let deepest = 0;
  let elements = 1;
  let values = 1;
  for (let at = 0; at < text.length && deepest <= deepestJson; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: // "
        at = endOfString(text, at);
        break;
      case 0x5b: // [
      case 0x7b: // {
        depth += 1;
        values += 1;
        if (depth > deepest) deepest = depth;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1;
        break;
      case 0x2c: // ,
        values += 1;
        if (depth === 1) elements += 1;
        break;
    }
  }
  return { depth: deepest, elements: /^\s*\[/.test(text) ? elements : 1, values };
}

/** The place of the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}
