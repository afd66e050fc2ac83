import { SseKitError } from '../../client/errors.ts';
import type { StreamRequest } from '../../client/request.ts';
import { observe } from '../observation/observe.ts';
import type { OriginScript } from '../origin/script.ts';
import { answerIn, type RawAnswer } from '../raw/answer-heads.ts';
import { openRaw } from '../raw/raw-exchange.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';
import { type Identified, identify } from './identify.ts';
import { NO_CHAIN } from './links.ts';
import { whoAnswers } from './who-answers.ts';

/** For answers that end at once. */
const ANSWER_MS = 5_000;

/** Written as nobody writes it who writes names in a case of his own. */
const ODD_NAME = 'X-Ssekit-oddCase';

/** An event in a chunk of its own, and a header that is meant for one product alone. */
const SCRIPT: Omit<OriginScript, 'key'> = {
  headers: [
    ['X-Accel-Buffering', 'no'],
    [ODD_NAME, 'kept'],
  ],
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
  const head = byHand?.head === undefined ? through.head : { ...byHand.head, http: versionOf(byHand.head) };
  if (there.head === undefined) return { hops: [], chain: NO_CHAIN, absent: [] };
  if (head === undefined) return whoAnswers(proxied.request, { origins: there.head.headers, signal });
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

function versionOf({ http }: { http: string }): '1.0' | '1.1' {
  return http === '1.0' ? '1.0' : '1.1';
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
