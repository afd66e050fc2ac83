import { InvalidValue, quoted } from './invalid-value.ts';

const SLOWEST = 0.001;
const FASTEST = 1_000_000;

/** How many times as fast as it was: `2`, `0.5`, `10x`; `max` (Infinity) waits for nothing. */
export function parseSpeed(text: string): number {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === 'max') return Number.POSITIVE_INFINITY;
  const accepted = `Write how many times as fast: 2, 0.5 (from ${SLOWEST} to ${FASTEST}); max waits for nothing.`;
  if (!/^(\d+(\.\d+)?|\.\d+)x?$/.test(trimmed))
    throw new InvalidValue(`${quoted(text)} is not a speed`, accepted);
  const speed = Number.parseFloat(trimmed);
  if (speed < SLOWEST) throw new InvalidValue(`${quoted(text)} is too slow`, accepted);
  if (speed > FASTEST) throw new InvalidValue(`${quoted(text)} is too fast`, accepted);
  return speed;
}
