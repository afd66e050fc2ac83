import { SseKitError } from '../client/errors.ts';
import type { StreamRequest } from '../client/request.ts';
import { type Identified, identify } from './identify.ts';
import { NO_CHAIN } from './links.ts';
import { observe } from './observe.ts';
import type { OriginScript } from './origin/script.ts';
import { answerIn, type RawAnswer } from './raw/answer-heads.ts';
import { openRaw } from './raw/raw-exchange.ts';
import { scripted } from './scripted.ts';
import type { ProbeContext, Way } from './way.ts';

/** For answers that end at once. */
const ANSWER_MS = 5_000;

/** An event in a chunk of its own, and a header that is meant for one product alone. */
const SCRIPT: Omit<OriginScript, 'key'> = {
  headers: [['X-Accel-Buffering', 'no']],
  steps: [
    { do: 'events', count: 1, everyMs: 0, sizeBytes: 100, fill: 'text' },
    { do: 'wait', ms: 50 },
  ],
};

/** Asks for the same answer along both ways, and tells who is in between by what differs. */
export async function whoIsBetween(direct: Way, proxied: Way, context: ProbeContext): Promise<Identified> {
  const { origin, pool, signal } = context;
  const watch = { forMs: ANSWER_MS, signal };
  const asked = scripted(proxied, SCRIPT);
  // A connection along either way at a time, which is the least that a run may have.
  const [there, through] = await Promise.all([
    observe(pool, scripted(direct, SCRIPT).request, watch),
    observe(pool, asked.request, watch),
  ]);
  const byHand = await answerByHand(scripted(proxied, SCRIPT).request, signal);
  // Over HTTP/1.1 names keep their case, which tells more than HTTP/2 does.
  const head = byHand?.head === undefined ? through.head : { ...byHand.head, http: '1.1' as const };
  if (head === undefined || there.head === undefined) return { hops: [], chain: NO_CHAIN };
  const [visit] = await origin.visits(asked.key);
  return identify({
    proxied: head.headers,
    direct: there.head.headers,
    clientHttp: head.http,
    accelBufferingSent: true,
    ...(visit === undefined ? {} : { request: visit.request }),
    ...(byHand === undefined ? {} : { bodyStart: byHand.body.toString('latin1', 0, 100) }),
  });
}

/** @returns nothing where the proxy speaks no HTTP/1.1 */
async function answerByHand(request: StreamRequest, signal: AbortSignal): Promise<RawAnswer | undefined> {
  try {
    const exchange = await openRaw(request, signal);
    exchange.sendHead();
    await exchange.until(() => exchange.received.includes('data:'), ANSWER_MS, signal);
    exchange.close();
    return answerIn(exchange.reads);
  } catch (error) {
    // What can't be reached by hand is told by what the client saw.
    if (error instanceof SseKitError) return undefined;
    throw error;
  }
}
