import type { Measured } from '../../results/check/result.ts';
import { durationText, tenthsOf } from '../duration.ts';
import { type ModalSize, quantile } from '../lateness/bursts.ts';
import { HELD_MS, LATE_MS } from '../lateness/lateness.ts';
import { evidenceOfLetGo, faultOfLetGo, type LetGo, letGoText } from '../lateness/let-go.ts';
import type { Overtime } from '../lateness/overtime.ts';
import { TooBusy } from '../not-measurable.ts';
import type { Judgement } from '../probe.ts';

/** How a stream came that was sent fast. */
export interface Threshold {
  sizesBytes: readonly number[];
  modal?: ModalSize;
  /** Bursts came at the beat of a timer, or as far apart at both rates. */
  beatMs?: number;
  /** By time alone, where neither a size nor a beat shows. */
  letGo?: LetGo;
  bytes: number;
  /** Of each event. */
  eventBytes: number;
  /** How many events there were, and how many came. */
  sent: number;
  came: number;
  /** How late each of them was that came as the origin has sent it. */
  lagsMs: readonly number[];
  /** Behind the time that all takes to write. */
  overtime: Overtime;
  /** The answer ended in order. */
  isOver: boolean;
  /** The first byte, and when the answer had been written, from when the origin had sent its head. */
  firstMs: number | null;
  writtenMs: number;
  framing: string;
}

/** So many bursts have the same size where a buffer of that size lets go. */
const MOST_ALIKE = 0.8;
const FEWEST_BURSTS = 3;
/** So many events are late where they are held, and nearly all are no later than is told. */
const MOST = 0.75;
const NEARLY_ALL = 0.95;
/** What is gathered comes in so many times fewer pieces than directly. */
const FEWER = 3;
/** The last that came show how late a stream is in the end. */
const LAST = 4;
const MOST_SHOWN = 20;

/** What one way shows, and what it comes to beside the other. */
type Finding = Omit<Judgement, 'direct' | 'proxied'>;

/** @throws TooBusy where the machine is late by as much as what is asked for */
export function judgeThreshold(direct: Threshold, proxied: Threshold): Judgement {
  const finding =
    untilEnd(direct, proxied) ??
    slowed(direct, proxied) ??
    inOneSize(direct, proxied) ??
    missing(direct, proxied) ??
    held(direct, proxied) ??
    passed(direct, proxied);
  return { ...finding, direct: measured(direct), proxied: measured(proxied) };
}

/** Nothing before all had been written: the script's last wait is the last event's. */
export function cameAtTheEnd({ firstMs, writtenMs }: Pick<Threshold, 'firstMs' | 'writtenMs'>): boolean {
  return firstMs === null || firstMs >= 0.95 * writtenMs;
}

/** The last is no later than the first: it came as fast as it was sent, and only later. */
function isAsLate({ lagsMs }: Threshold): boolean {
  return lagsMs.length > 0 && usualLateness(lagsMs, NEARLY_ALL) < LATE_MS;
}

export function isAlike({ bytes, n, of }: ModalSize, eventBytes: number): boolean {
  return of >= FEWEST_BURSTS && bytes > 1.5 * eventBytes && n >= MOST_ALIKE * of;
}

/** How much later than the soonest most of them came; 0 of none. */
export function usualLateness(lagsMs: readonly number[], share = MOST): number {
  return quantile(lagsMs, share) - quantile(lagsMs, 0);
}

/** @param pieces through the proxy, of so many that come directly or were sent */
export function isGathered(pieces: number, of: number): boolean {
  return FEWER * pieces < of;
}

function untilEnd(direct: Threshold, proxied: Threshold): Finding | undefined {
  if (!cameAtTheEnd(proxied) || cameAtTheEnd(direct) || isAsLate(proxied)) return undefined;
  const { sizesBytes, bytes, framing, letGo } = proxied;
  if (letGo !== undefined) return byTime(`${bytes} bytes arrived when the last had been written`, letGo);
  const pieces =
    sizesBytes.length === 1 ? 'in one piece' : `in ${sizesBytes.length} pieces right behind each other`;
  return {
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

/** It goes on when all has been written, piece by piece: so slow as no buffer, which lets go of all of it then. */
function slowed(direct: Threshold, proxied: Threshold): Finding | undefined {
  const { overtime, came, sent } = proxied;
  if (overtime.pieces === 0 || overtime.ms - direct.overtime.ms <= HELD_MS) return undefined;
  if (grownBy(proxied) <= HELD_MS) return undefined;
  const rest = came < sent ? `, with ${sent - came} of ${sent} events still to come` : '';
  return {
    status: 'fail',
    fault: 'rate.limit',
    summary: `events came at ${overtime.bytesPerSecond} bytes a second, slower than they were sent, and went on for ${durationText(overtime.ms)} when the last had been due${rest}`,
    evidence: [{ k: 'bytesPerSecond', v: overtime.bytesPerSecond }],
  };
}

/** A limit makes each later than the one before; who sends late himself, or once, makes none later behind its sending. */
function grownBy({ lagsMs, overtime, firstMs }: Threshold): number {
  if (lagsMs.length === 0) return overtime.ms - (firstMs ?? 0);
  return quantile(lagsMs.slice(-LAST), 0.5) - quantile(lagsMs, 0);
}

/** What the end lets go of as well: an answer that is over is no measure of it. */
function byTime(summary: string, letGo: LetGo): Finding {
  return {
    status: 'fail',
    fault: faultOfLetGo(letGo),
    summary: `${summary}; ${letGoText(letGo)}`,
    evidence: evidenceOfLetGo(letGo),
  };
}

function inOneSize(direct: Threshold, { modal, eventBytes }: Threshold): Finding | undefined {
  if (modal === undefined || !isAlike(modal, eventBytes)) return undefined;
  if (direct.modal !== undefined && isAlike(direct.modal, direct.eventBytes)) return undefined;
  const { bytes, n, of } = modal;
  return {
    status: 'fail',
    fault: 'buffer.threshold',
    summary: `events of ${eventBytes} bytes arrived ${bytes} bytes at a time (${n} of ${of} pieces): they wait until so many are there`,
    evidence: [{ k: 'modalBurstBytes', v: bytes, n, of }],
  };
}

function missing(direct: Threshold, proxied: Threshold): Finding | undefined {
  const { came, sent, isOver } = proxied;
  if (came >= sent || direct.came < direct.sent) return undefined;
  if (ranAtFirst(proxied) && !isOver) return stalled(proxied);
  const summary = `of ${sent} events ${came} arrived`;
  return {
    status: 'fail',
    ...(isOver
      ? { fault: 'bytes.changed', summary: `${summary}, and the answer ended as if it were whole` }
      : { fault: 'buffer.until-end', summary: `${summary}, and then nothing` }),
    evidence: [{ k: 'eventsMissing', v: sent - came }],
  };
}

/** Those that came did so one by one, and as they were sent: no buffer lets the first few go, and no others. */
function ranAtFirst(seen: Threshold): boolean {
  return seen.lagsMs.length >= FEWEST_BURSTS && seen.sizesBytes.length >= FEWEST_BURSTS && isAsLate(seen);
}

function stalled({ came, sent, bytes }: Threshold): Finding {
  return {
    status: 'fail',
    fault: 'stream.stalled',
    summary: `of ${sent} events the first ${came} arrived when they were sent, ${bytes} bytes, and then nothing, nor the end`,
    evidence: [
      { k: 'eventsMissing', v: sent - came },
      { k: 'stalledAfterBytes', v: bytes },
    ],
  };
}

/** Late by more than directly, several at a time. */
function held(direct: Threshold, proxied: Threshold): Finding | undefined {
  const { lagsMs, sizesBytes, bytes, beatMs, letGo } = proxied;
  const later = (share: number) => usualLateness(lagsMs, share) - usualLateness(direct.lagsMs, share);
  const gathered = isGathered(sizesBytes.length, direct.sizesBytes.length);
  // What the machine itself gathers tells nothing of what a proxy does.
  if (usualLateness(lagsMs) >= LATE_MS && usualLateness(direct.lagsMs) > LATE_MS) {
    const late = durationText(usualLateness(direct.lagsMs));
    throw new TooBusy(`this machine was too busy: events came ${late} late directly, too`);
  }
  if (later(MOST) < (gathered ? LATE_MS : HELD_MS)) return undefined;
  const status = later(NEARLY_ALL) > HELD_MS ? 'fail' : 'warn';
  const came = `${bytes} bytes arrived in ${sizesBytes.length} pieces`;
  const late = `up to ${durationText(later(NEARLY_ALL))} late`;
  if (letGo !== undefined) return { ...byTime(`${came}, ${late}`, letGo), status };
  return beatMs !== undefined && gathered
    ? {
        status,
        fault: 'buffer.timer',
        summary: `${came} at regular times, ${late}`,
        evidence: [{ k: 'batchEveryMs', v: Math.round(beatMs) }],
      }
    : {
        status,
        fault: 'buffer.threshold',
        summary: `${came}, ${late}: they are held, though no size shows that lets them go`,
        evidence: sizesSeen(sizesBytes),
      };
}

/** Between which sizes it lies what lets go, where no two are alike. */
function sizesSeen(sizesBytes: readonly number[]): Finding['evidence'] {
  // The end lets the last one go.
  const whole = sizesBytes.slice(0, -1);
  if (whole.length === 0) return [];
  return [
    { k: 'leastBurstBytes', v: Math.min(...whole) },
    { k: 'mostBurstBytes', v: Math.max(...whole) },
  ];
}

function passed(direct: Threshold, { bytes, sizesBytes, beatMs }: Threshold): Finding {
  return {
    status: 'pass',
    summary: `${bytes} bytes arrived in ${sizesBytes.length} pieces, which have no size in common but an event's`,
    evidence:
      beatMs !== undefined && isGathered(sizesBytes.length, direct.sizesBytes.length)
        ? [{ k: 'batchEveryMs', v: Math.round(beatMs) }]
        : [],
  };
}

function measured({ sizesBytes, modal, firstMs, bytes, framing, lagsMs }: Threshold): Measured {
  return {
    bytes,
    bursts: sizesBytes.length,
    // What only one of them has is nobody's size.
    modalBurstBytes: modal !== undefined && modal.n > 1 ? modal.bytes : null,
    firstByteMs: tenthsOf(firstMs),
    lagP95Ms: lagsMs.length === 0 ? null : tenthsOf(quantile(lagsMs, NEARLY_ALL)),
    framing,
    burstsBytes: sizesBytes.slice(0, MOST_SHOWN),
  };
}
