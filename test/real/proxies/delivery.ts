import { randomUUID } from 'node:crypto';
import { observe } from '../../../src/checks/observation/observe.ts';
import type { TaggedEvent } from '../../../src/checks/origin/script.ts';
import { withScript } from '../../../src/checks/origin/script-text.ts';
import type { Origin } from '../../../src/checks/origin/visit.ts';
import { createPool } from '../../../src/client/pool.ts';
import { requestOf } from '../../client/recorded-attempt.ts';
import type { Delivery } from './proxy-product.ts';

const EVENTS = { count: 3, everyMs: 300, sizeBytes: 60 } as const;
/** Half of HAProxy's 200 ms: a busy machine may hold back one event for so long, hardly each of them. */
const HELD_MS = 100;

/** What came of a stream of three events. */
export interface Delivered {
  /** Their numbers. */
  events: readonly number[];
  status: number | undefined;
  reason: string | undefined;
  delivery: Delivery;
}

/** Has the origin send three events along a way, and says how they came. */
export async function deliver(url: string, sign: Origin['sign']): Promise<Delivered> {
  const script = withScript(
    new URL(url),
    { key: randomUUID(), steps: [{ do: 'events', ...EVENTS, fill: 'text' }] },
    sign,
  );
  const pool = createPool();
  const seen = await observe(pool, requestOf(script.href, { anyType: true }), {
    forMs: 10_000,
    signal: new AbortController().signal,
  });
  const tagged = seen.events.map(({ data }) => JSON.parse(data) as TaggedEvent);
  return {
    events: tagged.map(({ n }) => n),
    status: seen.head?.status,
    reason: seen.end?.info.reason,
    delivery: deliveryOf(tagged.map(({ sentAt }, index) => ({ sentAt, at: seen.events[index]?.at ?? 0 }))),
  };
}

/** By what came before what wherever that tells, so that a machine that is slow doesn't. */
function deliveryOf(events: readonly { sentAt: number; at: number }[]): Delivery {
  const firstAt = events[0]?.at ?? 0;
  const lastSentAt = events.at(-1)?.sentAt ?? 0;
  if (firstAt > lastSentAt) return 'at the end';
  const lags = events.map(({ sentAt, at }) => at - sentAt);
  return Math.min(...lags) < HELD_MS ? 'at once' : 'behind a timer';
}
