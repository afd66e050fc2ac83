import { RETRY_LINE, stream } from '../acts.ts';
import type { ConformanceCase, Section } from '../case.ts';
import { judgeEvents } from '../events.ts';
import { idText, judgeLastEventId, noRequest } from '../ids.ts';
import { lastEventIdOf, type Observed } from '../observed.ts';
import { reportPatienceMs } from '../patience.ts';
import { fail, note, notMeasured, pass, shown, type Verdict } from '../verdict.ts';

/** A stream, and what the request after it must say of the last event. */
interface IdCase {
  id: string;
  text: string;
  section?: Section;
  body: string;
  comesBack: string;
}

function idCase({
  id,
  text,
  section = 'event-stream-interpretation',
  body,
  comesBack,
}: IdCase): ConformanceCase {
  return {
    id,
    needsReconnect: true,
    act: (n) => (n === 1 ? stream(RETRY_LINE + body) : undefined),
    requirements: [
      { id, text, level: 'must', section, judge: (observed) => judgeLastEventId(observed, 2, comesBack) },
    ],
  };
}

/** An id that the client has sent once, and must not send again. */
function forgetCase({ id, text, line }: { id: string; text: string; line: string }): ConformanceCase {
  return {
    id,
    needsReconnect: true,
    act: (n) => {
      if (n === 1) return stream(`${RETRY_LINE}id: forget-me\ndata: one\n\n`);
      return n === 2 ? stream(`${line}\ndata: two\n\n`) : undefined;
    },
    requirements: [
      {
        id,
        text,
        level: 'must',
        section: 'event-stream-interpretation',
        judge: (observed) => judgeForgotten(observed),
      },
    ],
  };
}

function judgeForgotten(observed: Observed): Verdict | undefined {
  const { requests } = observed;
  const second = requests[1];
  if (second !== undefined && lastEventIdOf(second) !== 'forget-me') {
    return notMeasured(`it had nothing to forget: ${idText(second)} on request 2`);
  }
  return judgeLastEventId(observed, 3, '');
}

export const lastEventId = idCase({
  id: 'last-event-id',
  text: 'resumes with the id of the last event',
  section: 'the-last-event-id-header',
  body: 'id: 7\ndata: seven\n\nid: 8\ndata: eight\n\n',
  comesBack: '8',
});

export const idWithoutData = idCase({
  id: 'last-event-id-no-data',
  text: 'takes over an id that comes without data',
  body: 'id: with-data\ndata: one\n\nid: without-data\n\n',
  comesBack: 'without-data',
});

export const emptyId = forgetCase({
  id: 'last-event-id-empty',
  text: 'forgets the id at an empty id: line',
  line: 'id:',
});

export const idWithoutColon = forgetCase({
  id: 'last-event-id-no-colon',
  text: 'forgets the id at a line that says id, no colon',
  line: 'id',
});

export const nonAsciiId = idCase({
  id: 'last-event-id-utf8',
  text: 'sends an id that is not ASCII as UTF-8',
  section: 'sse-processing-model',
  body: 'id: grüße-✓-日本\ndata: one\n\n',
  comesBack: 'grüße-✓-日本',
});

export const nulId = idCase({
  id: 'last-event-id-nul',
  text: 'ignores an id with a NUL in it',
  body: 'id: before-nul\ndata: one\n\nid: with\0nul\ndata: two\n\n',
  comesBack: 'before-nul',
});

/** What becomes of an id when later streams bring none. */
export const keptId: ConformanceCase = {
  id: 'last-event-id-kept',
  needsReconnect: true,
  act: (n) => {
    if (n === 1) return stream(`${RETRY_LINE}id: kept\ndata: one\n\n`);
    if (n === 2) return stream(': nothing but a comment\n');
    return n === 3 ? stream('data: without an id\n\n') : undefined;
  },
  requirements: [
    {
      id: 'last-event-id-kept',
      text: 'keeps the id over a connection that brings nothing',
      level: 'must',
      section: 'sse-processing-model',
      judge: (observed) => judgeLastEventId(observed, 3, 'kept'),
    },
    {
      id: 'last-event-id-outlives',
      text: 'keeps the id over a connection whose events have none',
      // By its letter each stream starts with an empty id, which its first event makes the client's; the web platform
      // tests (eventsource/format-field-id-2) expect it to be kept.
      level: 'may',
      section: 'event-stream-interpretation',
      judge: judgeOutlives,
    },
  ],
};

function judgeOutlives(observed: Observed): Verdict | undefined {
  const next = observed.requests[3];
  if (next === undefined) return observed.over ? notMeasured(noRequest(observed, 4)) : undefined;
  const id = lastEventIdOf(next);
  if (id === 'kept') return pass(`sent Last-Event-ID: ${shown(id)}`);
  return note(`sent ${id === '' ? 'no Last-Event-ID' : shown(id)}: web platform tests expect it`);
}

/** What the client tells its user of ids. */
export const idOfEvents: ConformanceCase = {
  id: 'event-last-event-id',
  needsReports: true,
  patienceMs: reportPatienceMs,
  act: (n) => (n === 1 ? stream(`${RETRY_LINE}id: sticky\ndata: one\n\ndata: two\n\n`) : undefined),
  requirements: [
    {
      id: 'event-last-event-id',
      text: 'gives events without an id the last one as lastEventId',
      level: 'must',
      section: 'event-stream-interpretation',
      judge: judgeReportedIds,
    },
  ],
};

function judgeReportedIds(observed: Observed): Verdict | undefined {
  const events = judgeEvents(observed, ['one', 'two']);
  if (events === undefined || events.outcome !== 'pass') return events;
  const ids = (observed.events ?? []).map((event) => event.lastEventId);
  if (ids.every((id) => id === undefined)) return notMeasured('events were reported without lastEventId');
  const wrong = ids.findIndex((id) => id !== 'sticky');
  if (wrong < 0) return pass('lastEventId was "sticky" on both events');
  const seen = ids[wrong];
  return fail(
    `lastEventId of event ${wrong + 1} was ${seen === undefined ? 'absent' : shown(seen)}, not "sticky"`,
  );
}
