import { InvalidValue, quoted } from './invalid-value.ts';

/** A whole number, written in digits, of at least `min`. */
export function parseCount(text: string, min = 0): number {
  const trimmed = text.trim();
  const count = Number(trimmed);
  if (!/^[+-]?\d+$/.test(trimmed) || !Number.isSafeInteger(count)) {
    throw new InvalidValue(
      `${quoted(text)} is not a whole number`,
      `Write a number from ${min} on, in digits.`,
    );
  }
  if (count < min) throw new InvalidValue(`${quoted(text)} is too small: at least ${min}`);
  return count;
}
