import { RETRY_LINE, stream } from '../acts.ts';
import type { Act, ConformanceCase } from '../case.ts';
import { type Observed, waitsMs } from '../observed.ts';
import { silenceMs } from '../patience.ts';
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
import { grows } from './network-errors.ts';

/** An answer after which a client must not come again. */
interface StopCase {
  id: string;
  text: string;
  /** As evidence names it. */
  answer: string;
  act: Act;
}

function stopCase({ id, text, answer, act }: StopCase): ConformanceCase {
  return {
    id,
    needsReconnect: true,
    patienceMs: silenceMs,
    act: (n) => firstStream(id, n) ?? (n === 2 ? act : undefined),
    requirements: [
      {
        id,
        text,
        level: 'must',
        section: 'the-eventsource-interface',
        judge: (observed) => judgeStop(observed, answer),
      },
    ],
  };
}

function firstStream(id: string, n: number): Act | undefined {
  return n === 1 ? stream(`${RETRY_LINE}id: ${id}\ndata: one\n\n`) : undefined;
}

function judgeStop(observed: Observed, answer: string): Verdict | undefined {
  const wait = waitsMs(observed)[1];
  if (wait !== undefined) return fail(`came back ${inMs(wait)} after ${answer}`, [wait]);
  if (!observed.over) return undefined;
  if (observed.requests.length < 2) return notMeasured('the client did not come to the answer');
  return pass(`no request in ${inSeconds(observed.patienceMs)} after ${answer}`);
}

export const stop204 = stopCase({
  id: 'stop-204',
  text: 'stops at a 204',
  answer: 'the 204',
  act: { kind: 'answer', status: 204 },
});

export const stop404 = stopCase({
  id: 'stop-404',
  text: 'stops at a 404, as at every status but 200',
  answer: 'the 404',
  act: { kind: 'answer', status: 404, headers: { 'content-type': 'text/plain' }, body: 'no such stream\n' },
});

export const stopType = stopCase({
  id: 'stop-type',
  text: 'stops at a 200 that is no text/event-stream',
  answer: 'the text/plain',
  act: {
    kind: 'answer',
    status: 200,
    headers: { 'content-type': 'text/plain' },
    body: 'id: no-stream\ndata: this is no event stream\n\n',
  },
});

const REFUSALS = 5;

/** Servers that are restarted or overloaded answer so, to every client at once. */
export const stop503: ConformanceCase = {
  id: 'stop-503',
  needsReconnect: true,
  patienceMs: (usualWaitMs) => Math.max(5_000, silenceMs(usualWaitMs)),
  act: (n) => {
    if (n > REFUSALS + 1) return undefined;
    return firstStream('stop-503', n) ?? { kind: 'answer', status: 503 };
  },
  requirements: [
    {
      id: 'stop-503',
      text: 'stops at a 503, or at least backs off',
      level: 'must',
      section: 'the-eventsource-interface',
      judge: judge503,
    },
  ],
};

function judge503(observed: Observed): Verdict | undefined {
  const waits = waitsMs(observed).slice(1);
  const enough = waits.length >= REFUSALS;
  if (!enough && !observed.over) return undefined;
  if (observed.requests.length < 2) return notMeasured('the client did not come to the answer');
  if (waits.length === 0) return pass(`no request in ${inSeconds(observed.patienceMs)} after the 503`);
  const seen = `came back ${numbered(waits.length, 'time')}, after ${listMs(waits)}`;
  if (waits.length < 2 || !enough)
    return note(`${seen}, then stopped: the standard says stop at the first`, waits);
  return grows(waits)
    ? note(`${seen}: the standard says stop at the first`, waits)
    : fail(`${seen}: no back-off`, waits);
}
