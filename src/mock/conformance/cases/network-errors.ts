import { stream } from '../acts.ts';
import type { ConformanceCase } from '../case.ts';
import { type Observed, waitsMs } from '../observed.ts';
import {
  fail,
  inMs,
  inSeconds,
  listMs,
  note,
  notMeasured,
  numbered,
  pass,
  type Verdict,
} from '../verdict.ts';

const RETRY_MS = 200;

/** Attempts that come to nothing, one after the other. */
const FAILURES = 4;

const GRAIN_MS = 16;

/** So much longer are later waits where a client backs off; neither jitter nor a busy machine makes such a difference. */
const GROWTH = 2;

/** Connections that are reset without an answer, again and again. */
export const networkErrors: ConformanceCase = {
  id: 'network-errors',
  needsReconnect: true,
  act: (n) => {
    if (n === 1) return stream(`retry: ${RETRY_MS}\nid: errors\ndata: one\n\n`);
    return n <= FAILURES + 1 ? { kind: 'hang-up' } : undefined;
  },
  // Waits may double from a second or more.
  patienceMs: () => 20_000,
  requirements: [
    {
      id: 'network-errors',
      text: 'keeps trying when connections fail, never at once',
      level: 'must',
      section: 'sse-processing-model',
      judge: judgePersistence,
    },
    {
      id: 'backoff',
      text: 'waits longer the more connections fail',
      // "User agents might introduce an exponential backoff delay".
      level: 'may',
      section: 'sse-processing-model',
      judge: judgeBackoff,
    },
  ],
};

function judgePersistence(observed: Observed): Verdict | undefined {
  const waits = waitsMs(observed);
  const early = waits.find((wait) => wait < RETRY_MS - GRAIN_MS);
  if (early !== undefined) {
    return fail(`tried again after ${inMs(early)}, asked retry: ${RETRY_MS}`, waits);
  }
  const failures = waits.length - 1;
  if (failures >= FAILURES)
    return pass(`came back after ${numbered(FAILURES, 'failed attempt')}: waits of ${listMs(waits)}`, waits);
  if (!observed.over) return undefined;
  if (failures < 0) return notMeasured('the client did not come back after the first stream');
  return fail(
    `gave up after ${numbered(failures + 1, 'failed attempt')}: none in ${inSeconds(observed.patienceMs)}`,
  );
}

function judgeBackoff(observed: Observed): Verdict | undefined {
  // The first wait follows a stream that had opened.
  const waits = waitsMs(observed).slice(1);
  if (waits.length < FAILURES) {
    return observed.over ? notMeasured('it did not try so often') : undefined;
  }
  return grows(waits)
    ? pass(`waits of ${listMs(waits)}`, waits)
    : note(`waits of ${listMs(waits)}: many such clients overload a server that is in trouble`, waits);
}

/** Whether waits get longer, jitter or not. */
export function grows(waits: readonly number[]): boolean {
  const half = Math.floor(waits.length / 2);
  const first = Math.min(...waits.slice(0, half));
  const last = Math.min(...waits.slice(-half));
  return last >= first * GROWTH;
}
