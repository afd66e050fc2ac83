import { InvalidValue, quoted } from './invalid-value.ts';
import { parsePercentage } from './percentage.ts';

/** `10%` or `0.1`, as a share of 1, above zero. */
export function parseShare(text: string): number {
  const trimmed = text.trim();
  const isBare = /^(?:\d+(?:\.\d+)?|\.\d+)$/.test(trimmed);
  if (!isBare && !trimmed.endsWith('%')) {
    throw new InvalidValue(`${quoted(text)} is not a share`, 'Write 10% or 0.1.');
  }
  const share = isBare ? Number(trimmed) : parsePercentage(trimmed);
  if (share > 1) {
    const hint =
      Number(trimmed) <= 100 ? `Write ${trimmed}%, or ${Number(trimmed) / 100}.` : 'Write 10% or 0.1.';
    throw new InvalidValue(`${quoted(text)} is above 1, which is all of them`, hint);
  }
  if (share === 0) throw new InvalidValue(`${quoted(text)} is none of them`, 'Write 10% or 0.1.');
  return share;
}
