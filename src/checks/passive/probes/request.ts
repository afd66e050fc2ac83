import type { Measured } from '../../../results/check/result.ts';
import { HiddenByFault, NotMeasurable } from '../../not-measurable.ts';
import type { Observation } from '../../observation/observation.ts';
import { NEEDS_DIRECT, NEEDS_ORIGIN, type PassiveProbe } from '../passive-probe.ts';
import { orLonger, type WaySeen } from '../stream-seen.ts';

/**
 * What a server does with the id that it is given: sends what follows it, begins anew, goes on with what is new now, or
 * sends nothing.
 */
type Resumption = 'resumes' | 'starts over' | 'goes on live' | 'sends nothing';

const ONE_ALONE =
  'only one event with an id came, and it takes two to see whether a stream goes on behind the first';

export const request: PassiveProbe = {
  id: 'request',
  title: 'Last-Event-ID reaches the origin',
  requirement:
    'A client that comes back with the id of an event gets the one behind it, as it does directly.',
  judge({ proxied, direct }) {
    const through = resumptionOf(proxied);
    const straight = direct && resumptionOf(direct);
    if (through === undefined) {
      const came = idsIn(proxied.plain).length === 0 ? 'no event with an id came' : ONE_ALONE;
      if (straight !== undefined) throw new HiddenByFault(`${came}; directly there are more`);
      throw new NotMeasurable(`${came}: ${NEEDS_ORIGIN}${orLonger(proxied)}`);
    }
    const figures = { direct: measured(straight), proxied: measured(through), runs: 1 };
    if (through === 'resumes') {
      return {
        ...figures,
        status: 'pass',
        summary: 'the stream goes on behind the event that Last-Event-ID names',
        evidence: [],
      };
    }
    if (straight === 'resumes') {
      return {
        ...figures,
        status: 'fail',
        fault: 'request.header-lost',
        summary: `with Last-Event-ID the stream ${through}; directly it goes on behind the event that is named`,
        evidence: [{ k: 'headerLost', v: 'Last-Event-ID' }],
      };
    }
    throw new NotMeasurable(
      direct === undefined
        ? `with Last-Event-ID the stream ${through}, which may be what the origin does: ${NEEDS_DIRECT}`
        : `the origin does not resume by Last-Event-ID directly either: ${NEEDS_ORIGIN}`,
    );
  },
};

/** Nothing where no id was seen that could be named. */
function resumptionOf({ plain, again, resumedFrom }: WaySeen): Resumption | undefined {
  if (again === undefined || resumedFrom === undefined) return undefined;
  const ids = idsIn(plain);
  const [first] = idsIn(again);
  // One alone has nobody behind it.
  if (ids.length < 2) return undefined;
  if (first === undefined) return 'sends nothing';
  if (first === ids[ids.indexOf(resumedFrom) + 1]) return 'resumes';
  return ids.includes(first) ? 'starts over' : 'goes on live';
}

function idsIn({ events }: Observation): string[] {
  return [...new Set(events.map(({ id }) => id))].filter((id) => id !== '');
}

function measured(resumption: Resumption | undefined): Measured {
  return resumption === undefined ? {} : { withLastEventId: resumption };
}
