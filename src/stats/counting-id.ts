/** Digits that a double holds exactly. */
const COUNTING = /^(?:0|[1-9]\d{0,14})$/;

/** The number that an id is, where it is written as a count would be: `7`, and neither `07` nor `7a`. */
export function countingNumber(id: string): number | undefined {
  return COUNTING.test(id) ? Number(id) : undefined;
}
