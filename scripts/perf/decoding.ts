import type { Benchmark } from './benchmark.ts';
import { measureDecoder } from './decoder.ts';

/** Only what the goals name has goals; other streams are shown beside them. */
const WITH_GOAL = new Set(['64 KB chunks', 'one event a chunk']);

/** What exactness costs over the parser that everyone uses. */
export const decoding: Benchmark = {
  name: 'decoder',
  title: 'decoder, events a second, against bare eventsource-parser with `TextDecoder`',
  async run() {
    const millions = (perSecond: number) => `${(perSecond / 1e6).toFixed(2)} million/s`;
    return (await measureDecoder()).map(({ name, ours, theirs, ratio }) => ({
      what: name,
      unit: 'times',
      measured: ratio,
      ...(WITH_GOAL.has(name) ? { goal: { must: 0.6, aim: 1, better: 'higher' } as const } : {}),
      detail: `${millions(ours)}, bare ${millions(theirs)}`,
    }));
  },
};
