import { InvalidValue, quoted } from './invalid-value.ts';

/** A kilobyte is 1,024 bytes, as curl counts. */
const BYTES = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 } as const;

export interface SizeLimits {
  /** Inclusive; 0 unless given. */
  minBytes?: number;
  maxBytes?: number;
}

/** `64KB`, `10MB`, `1.5MiB`, `512B`, `4096`, in bytes. */
export function parseSize(text: string, { minBytes = 0, maxBytes = Infinity }: SizeLimits = {}): number {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*(?:([kmg])(?:i?b)?|b)?$/i.exec(text.trim());
  if (match === null) {
    throw new InvalidValue(
      `${quoted(text)} is not a size`,
      'Write a number of bytes with a unit: 512B, 64KB, 10MB.',
    );
  }
  const unit = (match[2] ?? 'b').toLowerCase() as keyof typeof BYTES;
  const bytes = Math.round(Number(match[1]) * BYTES[unit]);
  if (bytes < minBytes)
    throw new InvalidValue(`${quoted(text)} is too small: at least ${formatSize(minBytes)}`);
  if (bytes > maxBytes)
    throw new InvalidValue(`${quoted(text)} is too large: at most ${formatSize(maxBytes)}`);
  return bytes;
}

export function formatSize(bytes: number): string {
  const unit = (['g', 'm', 'k'] as const).find((each) => bytes !== 0 && bytes % BYTES[each] === 0);
  return unit === undefined ? `${bytes}B` : `${bytes / BYTES[unit]}${unit.toUpperCase()}B`;
}
