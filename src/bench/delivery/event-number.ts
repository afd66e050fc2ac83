import { countingNumber } from '../../stats/counting-id.ts';

/** The number that a value of an event's JSON is: a whole one from 0, or its digits; `undefined` for anything else. */
export function numberTold(value: unknown): number | undefined {
  if (typeof value === 'string') return countingNumber(value);
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** The number that an event's own id is: `7`, and neither `a-7` nor an id of Redis, whose numbers don't go up by one. */
export function numberOfId(id: string | undefined): number | undefined {
  return id === undefined ? undefined : countingNumber(id);
}
