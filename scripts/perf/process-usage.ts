import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Whether this machine tells what other processes use: Linux alone has /proc. */
export function knowsUsage(): boolean {
  return existsSync('/proc/self/schedstat');
}

/** Seconds of processor time that a process has used so far, all of its threads together. */
export function cpuSeconds(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    } catch {
      // It has just ended.
    }
  }
  return nanoseconds / 1e9;
}

/**
 * Kilobytes that are resident (`VmRSS`), or were at most (`VmHWM`).
 *
 * @returns nothing where the process has ended
 */
export function residentKb(pid: number | undefined, field: 'VmRSS' | 'VmHWM'): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kb = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
    return kb === undefined ? undefined : Number(kb);
  } catch {
    // It has just ended.
    return undefined;
  }
}
