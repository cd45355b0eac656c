/**
 * Cuts a text for people to `most` characters; never a text that says who is meant. The cut text is a copy, because a
 * slice would hold on to the whole of a megabyte for as long as its row lives.
 */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const start = text.slice(0, most - 3).replace(/[\ud800-\udbff]$/, '');
  return Buffer.from(`${start}...`, 'utf16le').toString('utf16le');
}

/** Entra's own bound on a display name is 256 characters (graph-docs, user). */
export const longestName = 300;
