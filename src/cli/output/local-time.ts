const two = (n: number): string => String(n).padStart(2, '0');

/** How far this machine's clock is ahead of UTC at that moment, as `+01:00`. */
export function utcOffset(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Month, day and time of this machine's zone, for a table whose heading tells the offset `told`; another one is added. */
export function localTime(iso: string, told: string): string {
  const at = new Date(iso);
  const offset = utcOffset(at);
  const text = `${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
  return offset === told ? text : `${text} ${offset}`;
}

/** The same with seconds and the offset, for a line that stands by itself. */
export function localMoment(iso: string): string {
  const at = new Date(iso);
  const offset = utcOffset(at);
  return `${localTime(iso, offset)}:${two(at.getSeconds())} ${offset}`;
}
