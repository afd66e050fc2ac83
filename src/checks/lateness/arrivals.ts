import { headerValue } from '../../client/headers.ts';
import type { HeaderPair } from '../../client/records.ts';
import { NotMeasurable } from '../not-measurable.ts';
import { observe } from '../observation/observe.ts';
import { visitOf } from '../observation/origins-answer.ts';
import { type OriginStep, UID_HEADER } from '../origin/script.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';
import { burstsOf } from './bursts.ts';
import { taggedIn } from './lags.ts';
import type { LetGo } from './let-go.ts';

/** When small events came that were sent slowly. */
export interface Arrivals {
  /** When each was sent, in milliseconds from the first one's sending; those that came. */
  sentMs: readonly number[];
  /** When each came, from then. */
  arrivalsMs: readonly number[];
  /** How many should have come. */
  expected: number;
  /** In how many pieces they came. */
  bursts: number;
  /** How late the head came: what comes later than that is held, however long the way is. Absent where none came. */
  headLagMs?: number;
  /** When the answer ended, on the same scale; absent where it didn't. */
  endMs?: number;
  framing: string;
  encoding: string;
  /** As the client got it. */
  accelBuffering?: string;
  /** Present where no header came that nobody but the origin sends: who loses all of them has not taken one for himself. */
  losesOwn?: true;
  /** By time alone, where what these show does not tell how they are let go. */
  letGo?: LetGo;
}

/** Events that are so far apart. */
export interface Stretch {
  count: number;
  everyMs: number;
}

/**
 * 15 events, 100 ms apart on average: so unevenly that neither a timer of 100 ms looks like none, nor one that holds each event
 * until the next like a long way.
 */
export const UNEVENLY: readonly Stretch[] = [60, 100, 140].map((everyMs) => ({ count: 5, everyMs }));
const SLOW_EVENTS: readonly OriginStep[] = UNEVENLY.map((stretch) => ({
  do: 'events',
  ...stretch,
  sizeBytes: 0,
  fill: 'text',
}));
const EXPECTED = 15;

/** Of those that the origin sends. */
export const NONE_CAME: Arrivals = {
  ...{ sentMs: [], arrivalsMs: [], expected: EXPECTED, bursts: 0 },
  ...{ framing: 'none', encoding: 'none' },
};

/** They have all been sent after 1.5 s: what hasn't come by then is held for good. */
const WATCH_MS = 8_000;

/**
 * Has the origin send small events slowly, and watches them come.
 *
 * @throws NotMeasurable where the answer is none of the origin's
 */
export async function watchArrivals(
  way: Way,
  { pool, origin, signal }: ProbeContext,
  headers: readonly HeaderPair[] = [],
): Promise<Arrivals> {
  const { key, request } = scripted(way, { headers, steps: SLOW_EVENTS });
  const { head, events, reads, end } = await observe(pool, request, { forMs: WATCH_MS, signal });
  signal.throwIfAborted();
  const visit = await visitOf(origin, key, head);
  const { aheadMs } = origin.clock;
  const sent = events.map(({ data }) => sentAtOf(data) - aheadMs);
  const [zero = visit.atMs - aheadMs] = sent;
  const accelBuffering = headerValue(head?.headers ?? [], 'x-accel-buffering');
  return {
    sentMs: sent.map((at) => at - zero),
    arrivalsMs: events.map(({ at }) => at - zero),
    expected: EXPECTED,
    bursts: burstsOf(reads).length,
    ...(head !== undefined && { headLagMs: head.at - (visit.headAtMs - aheadMs) }),
    ...(end?.info.reason === 'eof' && { endMs: end.at - zero }),
    framing: head?.framing ?? 'none',
    encoding: head?.encoding ?? 'none',
    ...(accelBuffering !== undefined && { accelBuffering }),
    ...(headerValue(head?.headers ?? [], UID_HEADER.toLowerCase()) === undefined && { losesOwn: true }),
  };
}

/** Who changes what is in an event has its time changed, too: that is the finding of another probe. */
function sentAtOf(data: string): number {
  const tagged = taggedIn(data);
  if (tagged === undefined) throw new NotMeasurable('events came that are not as the origin has sent them');
  return tagged.sentAt;
}
