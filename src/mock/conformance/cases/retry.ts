import { stream } from '../acts.ts';
import type { ConformanceCase } from '../case.ts';
import { judgeAbsence } from '../ids.ts';
import { type Observed, waitsMs } from '../observed.ts';
import { fail, inMs, listMs, notMeasured, pass, type Verdict } from '../verdict.ts';

/** No client's default: those are 1 s and more. */
const SHORT_MS = 150;
const LONG_MS = 1_500;

/** The short wait is asked for so often, and the quickest counts: a busy machine makes waits longer, not shorter. */
const SHORT_WAITS = 3;

/** Timers of some platforms fire early by their grain. */
const GRAIN_MS = 16;

/** Whether the reconnection time is taken over, when it shrinks and when it grows. */
export const retry: ConformanceCase = {
  id: 'retry',
  needsReconnect: true,
  act: (n) => {
    if (n > SHORT_WAITS + 1) return undefined;
    return stream(`retry: ${n <= SHORT_WAITS ? SHORT_MS : LONG_MS}\nid: retry-${n}\ndata: ${n}\n\n`);
  },
  requirements: [
    {
      id: 'retry',
      text: 'waits before a reconnect as long as retry: asks',
      level: 'must',
      section: 'event-stream-interpretation',
      judge: judgeWaits,
    },
  ],
};

function judgeWaits(observed: Observed): Verdict | undefined {
  const waits = waitsMs(observed);
  const early = waits.findIndex((wait, index) => wait < asked(index) - GRAIN_MS);
  const earlyMs = waits[early];
  if (earlyMs !== undefined) {
    return fail(`came back after ${inMs(earlyMs)}, asked retry: ${asked(early)}`, waits);
  }
  if (waits.length <= SHORT_WAITS) {
    return judgeAbsence(observed, waits.length + 2);
  }
  const quickest = Math.min(...waits.slice(0, SHORT_WAITS));
  if (quickest >= LONG_MS) {
    return fail(`came back after ${listMs(waits)}, asked retry: ${SHORT_MS}, then ${LONG_MS}`, waits);
  }
  const long = waits[SHORT_WAITS] ?? 0;
  return pass(
    `${inMs(quickest)} where asked retry: ${SHORT_MS}, ${inMs(long)} where asked retry: ${LONG_MS}`,
    waits,
  );
}

function asked(index: number): number {
  return index < SHORT_WAITS ? SHORT_MS : LONG_MS;
}

const WRONG = '4000x';
const WRONG_MS = 4_000;

/** `parseInt` would take it for 4000. */
export const retryDigits: ConformanceCase = {
  id: 'retry-digits',
  needsReconnect: true,
  act: (n) => (n > 2 ? undefined : stream(`retry: 100\nretry: ${WRONG}\nid: retry-digits\ndata: ${n}\n\n`)),
  requirements: [
    {
      id: 'retry-digits',
      text: `ignores a retry: that isn't digits alone`,
      level: 'must',
      section: 'event-stream-interpretation',
      judge: judgeWrongRetry,
    },
  ],
};

function judgeWrongRetry(observed: Observed): Verdict | undefined {
  const waits = waitsMs(observed);
  const quickest = Math.min(...waits);
  if (quickest < WRONG_MS - GRAIN_MS) {
    return pass(`came back after ${inMs(quickest)}, sent retry: ${WRONG}`, waits);
  }
  // A busy machine may have made the one wait so long.
  if (waits.length < 2) return judgeAbsence(observed, waits.length + 2);
  const { usualWaitMs = 0 } = observed;
  if (usualWaitMs >= WRONG_MS / 2) {
    return notMeasured(`it waits ${inMs(usualWaitMs)} whatever is asked`);
  }
  return fail(`came back after ${listMs(waits)}: took retry: ${WRONG} for ${WRONG_MS}`, waits);
}
