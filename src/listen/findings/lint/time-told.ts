/** A member of JSON whose name says that its value is when the event was made. */
const TIME =
  /"(?:sent|created|emitted|published|generated)?_?(?:at|ts|time|time_?stamp|server_?time)"\s*:\s*(?:(\d{10}(?:\.\d{1,9})?|\d{13}(?:\.\d{1,9})?)\s*[,}]|"(\d{4}-\d\d-\d\dT[\d:.]{5,20}(?:Z|[+-]\d\d:?\d\d))")/i;

/** Above it a number is milliseconds; below it, seconds: both are this century. */
const SMALLEST_MS = 1e12;

/** Longer data is not searched. */
const MAX_SEARCHED = 16_384;

/** When an event was made, by its own data, in milliseconds of the clock of whoever made it. */
export function timeToldIn(data: string): number | undefined {
  const [, number, text] = TIME.exec(data.slice(0, MAX_SEARCHED)) ?? [];
  if (number !== undefined) {
    const value = Number(number);
    return value >= SMALLEST_MS ? value : value * 1000;
  }
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
