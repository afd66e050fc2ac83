import { InvalidValue, quoted } from './invalid-value.ts';
import { parseSize } from './size.ts';

const SECONDS = { s: 1, m: 60, h: 3600 } as const;

/** `1KB/s`, `64KB/m`, in bytes a second. */
export function parseByteRate(text: string): number {
  const match = /^([^/]+)\/\s*([smh])$/i.exec(text.trim());
  const [, size, unit] = match ?? [];
  if (size === undefined || unit === undefined) {
    throw new InvalidValue(
      `${quoted(text)} is not a rate of bytes`,
      'Write a size per second, minute or hour: 1KB/s, 512B/s, 10MB/m.',
    );
  }
  return parseSize(size, { minBytes: 1 }) / SECONDS[unit.toLowerCase() as keyof typeof SECONDS];
}
