import { rowsText } from '../rows.ts';
import { faultsFound, isToMend } from './faults-found.ts';
import type { Section } from './section.ts';

const SMALL_EVENTS = 'timing';
const COMPRESSED = 'encoding';
/** Each of these would show that events are held: small ones, large and compressed ones, those of other requests, the first ones. */
const SHOWING = [SMALL_EVENTS, 'threshold', COMPRESSED, 'type-method', 'headers-first'];

/** Where something is to mend, and none of it holds events back: what somebody wants to know who came because of that. */
export const liveSection: Section = (result, { palette, columns }) => {
  const showing = result.results.filter(({ probe }) => SHOWING.includes(probe));
  const has = (wanted: string) => showing.some(({ probe }) => probe === wanted);
  const isLive = has(SMALL_EVENTS) && showing.every(({ status }) => status === 'pass');
  if (!isLive || !faultsFound(result).some(isToMend)) return '';
  const compressed = has(COMPRESSED) ? ', where clients accept compression, too' : '';
  const text = `come as they are sent${compressed}: what was found is another matter`;
  return rowsText([['events', text]], palette, columns);
};
