import { beatOf, burstsOf, type ModalSize, modalSize, pauseAtAnyRate, unitSize } from '../bursts.ts';
import { tenthsOf } from '../duration.ts';
import { observe } from '../observe.ts';
import type { OriginStep } from '../origin/script.ts';
import { visitOf } from '../origins-answer.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { scripted } from '../scripted.ts';
import type { ProbeContext, Way } from '../way.ts';

export interface Threshold {
  sizesBytes: readonly number[];
  modal?: ModalSize;
  /** Bursts came at the beat of a timer, or as far apart at both rates. */
  beatMs?: number;
  /** Of how many events. */
  bytes: number;
  eventBytes: number;
  /** The first byte, and when the answer had been written, from when the origin had sent its head. */
  firstMs: number | null;
  writtenMs: number;
  framing: string;
}

const EVENT_BYTES = 570;
const LARGE_BYTES = 4_096;
type Events = Extract<OriginStep, { do: 'events' }>;
type TwoRates = readonly [fast: Events, slow: Events];

/** At two rates: a buffer lets go by size at both, a timer by time. */
const STEADY: TwoRates = [
  { do: 'events', count: 250, everyMs: 5, sizeBytes: EVENT_BYTES, fill: 'random' },
  { do: 'events', count: 150, everyMs: 10, sizeBytes: EVENT_BYTES, fill: 'random' },
];
/** 2 MB, for buffers that all of the above doesn't fill. */
const MUCH: TwoRates = [
  { do: 'events', count: 300, everyMs: 3, sizeBytes: LARGE_BYTES, fill: 'random' },
  { do: 'events', count: 220, everyMs: 6, sizeBytes: LARGE_BYTES, fill: 'random' },
];
/** Each is written in under three seconds. */
const WATCH_MS = 15_000;

/** What comes so shortly before the end may have come with it. */
const AT_THE_END_MS = 100;

/** So many bursts have the same size where a buffer of that size lets go. */
const MOST_ALIKE = 0.8;
const FEWEST_BURSTS = 3;
const MOST_SHOWN = 20;

export const threshold: Probe = probe<Threshold>({
  id: 'threshold',
  title: 'how many bytes have to be there before any arrive',
  requirement: `Events of ${EVENT_BYTES} bytes, 5 ms apart, arrive as they are written, and not in pieces of one size.`,
  seconds: 3,
  load: 'quiet',
  betweenClocksMs: AT_THE_END_MS,
  async measure(way, context) {
    const steady = await watch(way, context, STEADY, EVENT_BYTES);
    return cameAtTheEnd(steady) ? watch(way, context, MUCH, LARGE_BYTES) : steady;
  },
  judge: judgeThreshold,
});

async function watch(
  way: Way,
  { pool, origin, signal }: ProbeContext,
  steps: TwoRates,
  eventBytes: number,
): Promise<Threshold> {
  const { key, request } = scripted(way, { steps });
  const { head, reads } = await observe(pool, request, { forMs: WATCH_MS, signal });
  signal.throwIfAborted();
  const visit = await visitOf(origin, key, head);
  const fromMs = visit.headAtMs - origin.clock.aheadMs;
  const bursts = burstsOf(reads);
  const usual = modalSize(bursts);
  const modal =
    usual !== undefined && isAlike(usual, eventBytes) ? usual : (unitSize(bursts, eventBytes) ?? usual);
  const times = bursts.map(({ at }) => at);
  const beatMs = beatOf(times) ?? pauseAtAnyRate(times, fromMs + steps[0].count * steps[0].everyMs);
  return {
    sizesBytes: bursts.map(({ bytes }) => bytes),
    ...(modal !== undefined && { modal }),
    ...(beatMs !== undefined && { beatMs }),
    bytes: reads.reduce((sum, { bytes }) => sum + bytes, 0),
    eventBytes,
    firstMs: reads[0] === undefined ? null : reads[0].at - fromMs,
    writtenMs: (visit.end?.atMs ?? visit.headAtMs) - visit.headAtMs,
    framing: head?.framing ?? 'none',
  };
}

/** Nothing before all had been written: the script's last wait is the last event's. */
function cameAtTheEnd({ firstMs, writtenMs }: Pick<Threshold, 'firstMs' | 'writtenMs'>): boolean {
  return firstMs === null || firstMs >= 0.95 * writtenMs;
}

export function judgeThreshold(direct: Threshold, proxied: Threshold): Judgement {
  const { modal, sizesBytes, bytes, beatMs, eventBytes, framing } = proxied;
  const figures = { direct: measured(direct), proxied: measured(proxied) };
  if (cameAtTheEnd(proxied) && !cameAtTheEnd(direct)) {
    const pieces =
      sizesBytes.length === 1 ? 'in one piece' : `in ${sizesBytes.length} pieces right behind each other`;
    return {
      ...figures,
      status: 'fail',
      fault: 'buffer.until-end',
      summary:
        bytes === 0
          ? 'nothing arrived, though the answer had been written to its end'
          : `${bytes} bytes arrived ${pieces} when the last had been written`,
      evidence: [
        ...(sizesBytes.length === 1 ? [{ k: 'modalBurstBytes', v: bytes, n: 1, of: 1 }] : []),
        { k: 'framing', v: framing },
      ],
    };
  }
  const alike = modal !== undefined && isAlike(modal, eventBytes) ? modal : undefined;
  if (alike !== undefined && !(direct.modal !== undefined && isAlike(direct.modal, direct.eventBytes))) {
    return {
      ...figures,
      status: 'fail',
      fault: 'buffer.threshold',
      summary: `events of ${eventBytes} bytes arrived ${alike.bytes} bytes at a time (${alike.n} of ${alike.of} bursts): they wait until so many are there`,
      evidence: [{ k: 'modalBurstBytes', v: alike.bytes, n: alike.n, of: alike.of }],
    };
  }
  return {
    ...figures,
    status: 'pass',
    summary: `${bytes} bytes arrived in ${sizesBytes.length} bursts, which have no size in common but an event's`,
    evidence:
      beatMs !== undefined && sizesBytes.length * 3 < direct.sizesBytes.length
        ? [{ k: 'batchEveryMs', v: Math.round(beatMs) }]
        : [],
  };
}

function isAlike({ bytes, n, of }: ModalSize, eventBytes: number): boolean {
  return of >= FEWEST_BURSTS && bytes > 1.5 * eventBytes && n >= MOST_ALIKE * of;
}

function measured({ sizesBytes, modal, firstMs, bytes, framing }: Threshold) {
  return {
    bytes,
    bursts: sizesBytes.length,
    modalBurstBytes: modal?.bytes ?? null,
    firstByteMs: tenthsOf(firstMs),
    framing,
    burstsBytes: sizesBytes.slice(0, MOST_SHOWN),
  };
}
