import { readFile } from 'node:fs/promises';

/** Clock ticks per second of /proc: 100 on every Linux that Node.js runs on. */
const ticksPerSecond = 100;

export interface ProcessUsage {
  /** User and system time since its start. */
  readonly cpuSeconds: number;
  readonly residentMiB: number;
  /** Largest resident size since its start. */
  readonly residentPeakMiB: number;
}

/** What a process has used so far, from /proc. */
export async function usageOf(pid: number): Promise<ProcessUsage> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name, in parentheses, may hold spaces: count from behind it (proc_pid_stat(5): utime is field 14).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const mib = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024;
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    residentMiB: mib('VmRSS'),
    residentPeakMiB: mib('VmHWM'),
  };
}
