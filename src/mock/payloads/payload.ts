import type { Random } from '../../stats/random.ts';

/**
 * The data of one event, as a value that JSON can carry. The same number, time and draws give the same value;
 * what belongs together over several events (a task, an answer) follows from the number alone, so that a stream
 * can go on behind any of them.
 *
 * @param n number of the event, from 1
 * @param nowMs wall clock, milliseconds since the epoch
 */
export type PayloadGenerator<Payload = object> = (n: number, nowMs: number, random: Random) => Payload;

/** The items in turn, without end: which one is event `n`, how far into it, and how many went before. */
export function inTurn<T extends { readonly length: number }>(
  n: number,
  items: readonly [T, ...T[]],
): { item: T; index: number; turn: number } {
  const total = items.reduce((sum, item) => sum + item.length, 0);
  const round = Math.floor((n - 1) / total);
  let index = (n - 1) % total;
  let turn = round * items.length;
  for (const item of items) {
    if (index < item.length) return { item, index, turn };
    index -= item.length;
    turn += 1;
  }
  throw new RangeError(`event numbers are whole and start at 1, not ${n}`);
}
