const counts = new Intl.NumberFormat('en');

export function count(value: number): string {
  return counts.format(value);
}

/** `1 event`, `2 events`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** For one moment: `12 ms`, `3.01 s`, `4 min 05 s`, `2 h 07 min`. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_995) return `${(ms / 1_000).toFixed(2)} s`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${padded(seconds % 60)} s`;
  const minutes = Math.floor(seconds / 60);
  return `${count(Math.floor(minutes / 60))} h ${padded(minutes % 60)} min`;
}

/** For a figure that runs: whole seconds past one, so that it doesn't flicker. */
export function runningTime(ms: number): string {
  return ms < 1_000
    ? `${(Math.floor(ms / 100) / 10).toFixed(1)} s`
    : duration(Math.floor(ms / 1_000) * 1_000).replace(/\.0+ s$/, ' s');
}

export function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  const value = bytes / 1_000 ** power;
  return `${value.toFixed(value < 99.95 ? 1 : 0)} ${units[power - 1]}`;
}

/** Events a second. */
export function rate(perSecond: number): string {
  if (perSecond === 0) return '0/s';
  return `${perSecond < 10 ? perSecond.toFixed(1) : count(Math.round(perSecond))}/s`;
}

/** Time of day, local: `12:03:04.250`. */
export function timeOfDay(at: number): string {
  const date = new Date(at);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()].map(padded);
  return `${parts.join(':')}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

function padded(value: number): string {
  return String(value).padStart(2, '0');
}
