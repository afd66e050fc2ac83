import { broken, RETRY_LINE, RETRY_MS, stream, write } from '../acts.ts';
import type { ConformanceCase } from '../case.ts';
import { judgeEvents } from '../events.ts';
import { formatCase } from '../format-case.ts';
import { judgeLastEventId } from '../ids.ts';
import { reportPatienceMs } from '../patience.ts';

export const eventType = formatCase({
  id: 'event-type',
  text: 'hands over events under their type',
  eventTypes: ['update'],
  writes: [write(`${RETRY_LINE}event: update\ndata: one\n\ndata: two\nevent:update\n\n`)],
  expected: [
    { event: 'update', data: 'one' },
    { event: 'update', data: 'two' },
  ],
});

export const eventTypeReset = formatCase({
  id: 'event-type-reset',
  text: 'forgets the type with the end of its event',
  eventTypes: ['update'],
  writes: [write(`${RETRY_LINE}event: update\ndata: one\n\ndata: two\n\n`)],
  expected: [{ event: 'update', data: 'one' }, 'two'],
});

export const eventTypeLast = formatCase({
  id: 'event-type-last',
  text: 'lets the last event: line of an event count',
  eventTypes: ['first', 'update'],
  writes: [
    write(`${RETRY_LINE}event: first\nevent: update\ndata: one\n\nevent: first\nevent:\ndata: two\n\n`),
  ],
  expected: [{ event: 'update', data: 'one' }, 'two'],
});

export const noData = formatCase({
  id: 'no-data',
  text: 'hands over nothing where there is no data line',
  eventTypes: ['ghost'],
  writes: [write(`${RETRY_LINE}\nevent: ghost\n\nid: no-data\n\ndata: one\n\n`)],
  expected: ['one'],
});

const BIG_BYTES = 1024 * 1024;

/** No one write: what a reader has not taken yet is held, and what may be held is limited. */
const BIG_WRITE_BYTES = 32 * 1024;

const bigData = 'big event: '.repeat(Math.ceil(BIG_BYTES / 11)).slice(0, BIG_BYTES);

export const big = formatCase({
  id: 'big-event',
  text: 'takes an event of 1 MiB',
  section: 'parsing-an-event-stream',
  writes: pieces(`${RETRY_LINE}data: ${bigData}\nid: big-event\n\n`),
  expected: [bigData],
  proof: { id: 'big-event' },
});

function pieces(body: string) {
  const bytes = Buffer.from(body);
  const count = Math.ceil(bytes.length / BIG_WRITE_BYTES);
  return Array.from({ length: count }, (_, index) =>
    write(bytes.subarray(index * BIG_WRITE_BYTES, (index + 1) * BIG_WRITE_BYTES)),
  );
}

const HALF = `retry: ${RETRY_MS}\nid: whole\ndata: whole\n\nid: half\ndata: half`;

/** The stream ends inside an event: once behind its last line, once inside a line. */
export const unfinished: ConformanceCase = {
  id: 'unfinished',
  patienceMs: reportPatienceMs,
  act: (n) => {
    if (n === 1) return stream(`${HALF}\n`, { closing: false });
    return n === 2 ? broken(HALF, 'cut') : undefined;
  },
  requirements: [
    {
      id: 'unfinished-event',
      text: 'discards an event that the stream ended in',
      level: 'must',
      section: 'event-stream-interpretation',
      judge: (observed) => {
        // The second stream comes only to those who reconnect.
        const sent = observed.requests.length < 2 ? ['whole'] : ['whole', 'whole'];
        return judgeEvents(observed, sent);
      },
    },
    {
      id: 'unfinished-id',
      text: 'does not take over the id of such an event',
      level: 'must',
      section: 'event-stream-interpretation',
      judge: (observed) => judgeLastEventId(observed, 2, 'whole'),
    },
  ],
};
