import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';

/** Cuts or pads to exactly `width` columns, counting wide characters as two. */
export function fitWide(text: string, width: number): string {
  const cut = cliTruncate(text, width);
  return cut + ' '.repeat(Math.max(0, width - stringWidth(cut)));
}
