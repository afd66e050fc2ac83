import { InvalidValue, quoted } from './invalid-value.ts';

/** How many times as fast as it was: `2`, `0.5`, `10x`; `max` (Infinity) waits for nothing. */
export function parseSpeed(text: string): number {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === 'max') return Number.POSITIVE_INFINITY;
  const accepted = 'Write how many times as fast: 2, 0.5; max waits for nothing.';
  if (!/^(\d+(\.\d+)?|\.\d+)x?$/.test(trimmed))
    throw new InvalidValue(`${quoted(text)} is not a speed`, accepted);
  const speed = Number.parseFloat(trimmed);
  if (speed === 0) throw new InvalidValue('a speed of 0 would never get anywhere', accepted);
  return speed;
}
