/** Before the first entry of every stream. */
export const BEGINNING = '0-0';

const LARGEST_PART = '18446744073709551615';

/** Two unsigned 64-bit numbers in decimal: milliseconds, and a sequence number within them. */
export function isStreamId(text: string): boolean {
  const parts = /^(0|[1-9]\d{0,19})-(0|[1-9]\d{0,19})$/.exec(text);
  return parts?.slice(1).every((part) => compareNumbers(part, LARGEST_PART) <= 0) ?? false;
}

/** In the order in which a stream has them. Ids as Redis writes them: 64 bits are more than a number holds exactly. */
export function compareIds(one: string, other: string): number {
  const oneDash = one.indexOf('-');
  const otherDash = other.indexOf('-');
  return (
    compareNumbers(one.slice(0, oneDash), other.slice(0, otherDash)) ||
    compareNumbers(one.slice(oneDash + 1), other.slice(otherDash + 1))
  );
}

/** Decimal numbers without leading zeros: the longer is the greater. */
function compareNumbers(one: string, other: string): number {
  if (one.length !== other.length) return one.length - other.length;
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/**
 * The id that a stream of these positions has on the wire: of one channel, the entry's own; of several, the position
 * in each, in the order of the channels' names. Ids of different keys may be the same, so that none of them alone
 * would say where the others are.
 */
export function wireId(positions: readonly string[]): string {
  return positions.join(',');
}

/** @returns nothing for what is no id of a stream of so many channels; `0` is the beginning of all of them */
export function positionsOf(wireId: string, channels: number): string[] | undefined {
  if (wireId === '0') return new Array<string>(channels).fill(BEGINNING);
  const positions = wireId.split(',', channels + 1);
  return positions.length === channels && positions.every(isStreamId) ? positions : undefined;
}
