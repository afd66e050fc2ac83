import { broken, RETRY_LINE, RETRY_MS, stream } from '../acts.ts';
import type { ConformanceCase, Requirement } from '../case.ts';
import { type Observed, waitsMs } from '../observed.ts';
import { fail, inMs, inSeconds, note, notMeasured, pass, type Verdict } from '../verdict.ts';

const accept: Requirement = {
  id: 'accept',
  text: 'asks for text/event-stream in Accept',
  // "User agents may set (`Accept`, `text/event-stream`)".
  level: 'may',
  section: 'the-eventsource-interface',
  judge: (observed) =>
    judgeFirst(observed, ({ accept: value = '' }) =>
      /(^|[\s,])text\/event-stream\s*($|[;,])/i.test(value)
        ? pass(`Accept: ${value}`)
        : note(`${value === '' ? 'no Accept' : `Accept: ${value}`}: some servers insist on it`),
    ),
};

const cacheControl: Requirement = {
  id: 'cache-control',
  text: 'tells caches to keep out of it',
  // The cache mode "no-store" concerns a browser's own cache; that it puts this header in is part of Fetch.
  level: 'may',
  section: 'the-eventsource-interface',
  judge: (observed) =>
    judgeFirst(observed, ({ cacheControl: value = '' }) =>
      /no-cache|no-store/i.test(value)
        ? pass(`Cache-Control: ${value}`)
        : note(value === '' ? 'no Cache-Control' : `Cache-Control: ${value}`),
    ),
};

/** The first case: it also shows how long this client takes to come back. */
export const cleanEnd: ConformanceCase = {
  id: 'clean-end',
  showsReturn: true,
  act: (n) => (n === 1 ? stream(`${RETRY_LINE}id: clean-end\ndata: one\n\n`) : undefined),
  requirements: [
    accept,
    cacheControl,
    {
      id: 'reconnect-end',
      text: 'reconnects when the stream has ended in order',
      level: 'must',
      section: 'the-eventsource-interface',
      judge: judgeReturn,
    },
  ],
};

/** As a proxy or server that dies leaves it: FIN, the chunked transfer unfinished. */
export const cutOff: ConformanceCase = {
  id: 'cut-off',
  act: (n) => (n === 1 ? broken(`${RETRY_LINE}id: cut-off\ndata: one\n\n`, 'cut') : undefined),
  requirements: [
    {
      id: 'reconnect-cut',
      text: 'reconnects when the connection ends in mid-transfer',
      level: 'must',
      section: 'sse-processing-model',
      judge: judgeReturn,
    },
  ],
};

export const reset: ConformanceCase = {
  id: 'reset',
  act: (n) => (n === 1 ? broken(`${RETRY_LINE}id: reset\ndata: one\n\n`, 'reset') : undefined),
  requirements: [
    {
      id: 'reconnect-reset',
      text: 'reconnects when the connection is reset',
      level: 'must',
      section: 'sse-processing-model',
      judge: judgeReturn,
    },
  ],
};

function judgeReturn(observed: Observed): Verdict | undefined {
  const [wait] = waitsMs(observed);
  if (wait !== undefined) return pass(`came back after ${inMs(wait)}, asked retry: ${RETRY_MS}`, [wait]);
  if (!observed.over) return undefined;
  if (observed.requests.length === 0) return notMeasured('the client made no request');
  return fail(`did not come back in ${inSeconds(observed.patienceMs)}`);
}

function judgeFirst(
  { requests, over }: Observed,
  judge: (request: Observed['requests'][number]) => Verdict,
): Verdict | undefined {
  const first = requests[0];
  if (first !== undefined) return judge(first);
  return over ? notMeasured('the client made no request') : undefined;
}
