import { beatOf, burstsOf, modalSize, pauseAtAnyRate, pauseOfFew, unitSize } from '../lateness/bursts.ts';
import { lagsOf } from '../lateness/lags.ts';
import { LATE_MS } from '../lateness/lateness.ts';
import { watchLetGo } from '../lateness/let-go.ts';
import { overtimeOf } from '../lateness/overtime.ts';
import { observe } from '../observation/observe.ts';
import { visitOf } from '../observation/origins-answer.ts';
import type { OriginStep } from '../origin/script.ts';
import { type Probe, probe } from '../probe.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';
import {
  cameAtTheEnd,
  isAlike,
  isGathered,
  judgeThreshold,
  type Threshold,
  usualLateness,
} from './threshold-judgement.ts';

const EVENT_BYTES = 570;
const LARGE_BYTES = 4_096;
type Events = Extract<OriginStep, { do: 'events' }>;
type TwoRates = readonly [fast: Events, slow: Events];

/** At two rates: a buffer lets go by size at both, a timer by time. */
const STEADY: TwoRates = [
  { do: 'events', count: 250, everyMs: 5, sizeBytes: EVENT_BYTES, fill: 'random' },
  { do: 'events', count: 150, everyMs: 10, sizeBytes: EVENT_BYTES, fill: 'random' },
];
/** 2 MB, for buffers that all of the above doesn't fill, or not often enough to show their size. */
const MUCH: TwoRates = [
  { do: 'events', count: 300, everyMs: 3, sizeBytes: LARGE_BYTES, fill: 'random' },
  { do: 'events', count: 220, everyMs: 6, sizeBytes: LARGE_BYTES, fill: 'random' },
];
/** Each is written in under three seconds. */
const WATCH_MS = 15_000;

/** What comes so shortly before the end may have come with it. */
const AT_THE_END_MS = 100;
/** Fewer bursts show no size. */
const FEW_BURSTS = 8;

export const threshold: Probe = probe<Threshold>({
  id: 'threshold',
  title: 'how many bytes have to be there before any arrive',
  requirement: `Events of ${EVENT_BYTES} bytes, 5 ms apart, arrive as they are written: all of them, not in pieces of one size, and three in four within ${LATE_MS} ms of when they would without the proxy.`,
  seconds: 3,
  secondsIfHeld: 9,
  load: 'quiet',
  betweenClocksMs: AT_THE_END_MS,
  async measure(way, context) {
    const steady = await watch(way, context, STEADY, EVENT_BYTES);
    const seen =
      cameAtTheEnd(steady) || showsNoSize(steady) ? await watch(way, context, MUCH, LARGE_BYTES) : steady;
    const letGo = way.name === 'proxied' && showsNoTime(seen) && (await watchLetGo(way, context));
    return letGo ? { ...seen, letGo } : seen;
  },
  judge: judgeThreshold,
});

/** It came late, in a few large pieces. */
function showsNoSize({ sizesBytes, modal, eventBytes, lagsMs, overtime }: Threshold): boolean {
  if (sizesBytes.length >= FEW_BURSTS || overtime.pieces > 0) return false;
  return !(modal !== undefined && isAlike(modal, eventBytes)) && usualLateness(lagsMs) > LATE_MS;
}

/** It is held, and neither a size nor a beat shows: it may be time that lets it go. */
function showsNoTime(seen: Threshold): boolean {
  const { sizesBytes, modal, eventBytes, lagsMs, beatMs, sent, overtime, framing } = seen;
  // Who says how long an answer is has all of it in hand.
  if (beatMs !== undefined || overtime.pieces > 0 || framing === 'length') return false;
  if (modal !== undefined && isAlike(modal, eventBytes)) return false;
  return cameAtTheEnd(seen) || (isGathered(sizesBytes.length, sent) && usualLateness(lagsMs) > LATE_MS);
}

async function watch(
  way: Way,
  { pool, origin, signal }: ProbeContext,
  steps: TwoRates,
  eventBytes: number,
): Promise<Threshold> {
  const { key, request } = scripted(way, { steps });
  const { head, reads, events, end } = await observe(pool, request, { forMs: WATCH_MS, signal });
  signal.throwIfAborted();
  const visit = await visitOf(origin, key, head);
  const fromMs = visit.headAtMs - origin.clock.aheadMs;
  const bursts = burstsOf(reads);
  // The first may lack what the head took of the buffer.
  const usual = modalSize(bursts.length < FEW_BURSTS ? bursts : bursts.slice(1));
  const modal =
    usual !== undefined && isAlike(usual, eventBytes) ? usual : (unitSize(bursts, eventBytes) ?? usual);
  const [fastMs = 0, slowMs = 0] = steps.map(({ count, everyMs }) => count * everyMs);
  const times = bursts.map(({ at }) => at);
  const beatMs = beatOf(times) ?? pauseOfFew(bursts, fromMs) ?? pauseAtAnyRate(times, fromMs + fastMs);
  return {
    sizesBytes: bursts.map(({ bytes }) => bytes),
    ...(modal !== undefined && { modal }),
    ...(beatMs !== undefined && { beatMs }),
    bytes: reads.reduce((sum, { bytes }) => sum + bytes, 0),
    eventBytes,
    sent: steps.reduce((sum, { count }) => sum + count, 0),
    came: events.length,
    lagsMs: lagsOf(events, origin),
    overtime: overtimeOf(bursts, fromMs + fastMs + slowMs),
    isOver: end?.info.reason === 'eof',
    firstMs: reads[0] === undefined ? null : reads[0].at - fromMs,
    writtenMs: (visit.end?.atMs ?? visit.headAtMs) - visit.headAtMs,
    framing: head?.framing ?? 'none',
  };
}
