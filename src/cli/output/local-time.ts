const two = (n: number): string => String(n).padStart(2, '0');

/** How far this machine's clock is ahead of UTC at that moment, in minutes. */
export const offsetAt = (at: Date): number => -at.getTimezoneOffset();

/** The same as a person reads it, as `+01:00`. */
export function utcOffset(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Month, day and time so far ahead of UTC, for a table that tells the offset once. */
export function localTime(iso: string, offset: number): string {
  const at = new Date(Date.parse(iso) + offset * 60_000);
  return `${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

/** The same with seconds, and with the offset of that moment, for a line that stands by itself. */
export function localMoment(iso: string): string {
  const at = new Date(iso);
  const offset = offsetAt(at);
  return `${localTime(iso, offset)}:${two(at.getUTCSeconds())} ${utcOffset(offset)}`;
}

/** As 13:05:09, by the clock on the wall here. */
export function clockTime(iso: string): string {
  const at = new Date(iso);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
}
