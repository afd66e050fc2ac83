/** A whole number with separators: `12,345`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 event`, `12 events`, `1,200 events`. */
export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A size with a unit of powers of 1,000: `900 B`, `12.3 KB`, `4 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${threeDigits(value)} ${units[unit] ?? 'TB'}`;
}

/** Events or bytes in a second: `0.33/s`, `3.75/s`, `1,200/s`. */
export function formatRate(count: number, ms: number): string {
  if (ms <= 0) return '–';
  const rate = (count / ms) * 1000;
  return rate >= 100 ? `${formatCount(Math.round(rate))}/s` : `${threeDigits(rate)}/s`;
}

function threeDigits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
