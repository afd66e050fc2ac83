import { stream } from './acts.ts';
import type { ConformanceCase, Section, Write } from './case.ts';
import { type ExpectedEvent, judgeEvents, NEEDS_REPORTS } from './events.ts';
import { judgeAbsence } from './ids.ts';
import { lastEventIdOf, type Observed } from './observed.ts';
import { reportPatienceMs } from './patience.ts';
import { fail, notMeasured, pass, shown, type Verdict } from './verdict.ts';

/** A stream whose events prove that it was read as the standard says. */
export interface FormatCase {
  id: string;
  text: string;
  section?: Section;
  writes: readonly Write[];
  expected: readonly ExpectedEvent[];
  eventTypes?: readonly string[];
  contentType?: string;
  /**
   * The id that the client comes back with where it has read the stream rightly, which can be told without reports of
   * events; `writes` where the stream must be another for it. Absent: reports are needed.
   */
  proof?: { id: string; writes?: readonly Write[] };
}

/** The case of one stream in one format: judged by the events handed over, else by the id that comes back. */
export function formatCase(format: FormatCase): ConformanceCase {
  const { id, text, section = 'event-stream-interpretation', expected, proof } = format;
  const type = format.contentType === undefined ? {} : { contentType: format.contentType };
  return {
    id,
    ...(format.eventTypes === undefined ? {} : { eventTypes: format.eventTypes }),
    needsReports: proof === undefined,
    patienceMs: reportPatienceMs,
    act: (n, setting) => {
      if (n > 1) return undefined;
      const writes = setting === 'wire' ? (proof?.writes ?? format.writes) : format.writes;
      return stream('', { writes, ...type });
    },
    requirements: [
      {
        id,
        text,
        level: 'must',
        section,
        judge: (observed) =>
          observed.events === undefined ? judgeProof(observed, proof?.id) : judgeEvents(observed, expected),
      },
    ],
  };
}

/** Without reports: the id of the last block is the one that the next request names, or it was not understood. */
function judgeProof(observed: Observed, id: string | undefined): Verdict | undefined {
  if (id === undefined) return notMeasured(NEEDS_REPORTS);
  const next = observed.requests[1];
  if (next === undefined) return judgeAbsence(observed, 2);
  const seen = lastEventIdOf(next);
  if (seen === id) return pass(`its id came back: ${shown(id)} (events not reported)`);
  return fail(`its id ${shown(id)} did not come back: ${seen === '' ? 'none' : shown(seen)} did`);
}
