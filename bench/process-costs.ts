import { readFileSync } from 'node:fs';

/** One tick of the times in /proc, in milliseconds (USER_HZ is 100 on every Linux that Node runs on). */
const tickMs = 10;
const samplingMs = 50;

/** What a process cost; null where the system does not tell. */
export interface Costs {
  /** Time of all its threads on all cores, in milliseconds. */
  cpuMs: number | null;
  /** Most memory that was resident at a time, in MiB. */
  peakMiB: number | null;
}

/** Watches a child process from now on until `end` is called, after it has ended and no other child has. Linux alone tells. */
export function watchCosts(pid: number): { end(): Costs } {
  if (process.platform !== 'linux') return { end: () => ({ cpuMs: null, peakMiB: null }) };
  const before = childrenMs();
  let peakMiB = 0;
  // The mark of the highest only grows: the last sample is as good as all of them.
  const timer = setInterval(() => {
    peakMiB = Math.max(peakMiB, peakOf(pid));
  }, samplingMs);
  return {
    end() {
      clearInterval(timer);
      return { cpuMs: childrenMs() - before, peakMiB };
    },
  };
}

/** VmHWM (proc(5)); 0 when the process has just gone. */
function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Of all children that have ended: `cutime` and `cstime` (proc(5)), which count from behind the name in parentheses. */
function childrenMs(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * tickMs;
}
