import type { CloseInfo, Marks } from '../client/records.ts';
import type { ListenSummary } from '../results/listen.ts';
import { timingOf } from '../results/timing.ts';
import type { SseEvent } from '../sse/sink.ts';
import { GapMeter } from '../stats/gap-meter.ts';
import { toMicroseconds } from '../stats/microseconds.ts';
import { OutageLog } from './outage-log.ts';

/** So many statuses that a browser would have stopped at are kept. */
const MAX_STATUSES = 1000;

/** Folds a run into the figures of its summary. Times are milliseconds on the monotonic clock. */
export class Tally {
  events = 0;
  shown = 0;
  /** For how long nothing had come when the last attempt ended. */
  silentMs = 0;
  readonly outages: OutageLog;
  private comments = 0;
  private bytes = 0;
  private wireBytes = 0;
  private attempts = 0;
  private readonly gaps = new GapMeter();
  private readonly silence = new GapMeter();
  private lastEventAt: number | undefined;
  private openedAt = 0;
  private firstMarks: Readonly<Marks> | undefined;
  private readonly statuses: number[] = [];
  private readonly startedAt: number;

  constructor(startedAt: number) {
    this.startedAt = startedAt;
    this.outages = new OutageLog(startedAt);
  }

  attemptStarted(): void {
    this.attempts++;
    this.lastEventAt = undefined;
  }

  opened(marks: Readonly<Marks>, lastEventId: string, at: number): void {
    this.openedAt = at;
    this.silence.arrival(at);
    this.firstMarks ??= marks;
    this.outages.opened(marks, lastEventId);
  }

  /** A socket read brought body bytes; several calls with one time are one read. */
  read(at: number): void {
    this.silence.arrival(at);
  }

  /** Nothing is read for now, as somebody of ours can't keep up. */
  paused(): void {
    this.gaps.paused();
    this.silence.paused();
  }

  resumed(at: number): void {
    this.gaps.resumed(at);
    this.silence.resumed(at);
  }

  /** Counts an event; returns the time since the one before it, or since the headers on a connection's first. */
  event(event: SseEvent, at: number, marks: Readonly<Marks> | undefined): number {
    this.events++;
    this.outages.event(event.id, marks ?? { planned: at, start: at }, at);
    const since = toMicroseconds(at - (this.lastEventAt ?? this.openedAt));
    // Events of one read are one arrival: they add no gaps of zero.
    if (at !== this.lastEventAt) this.gaps.arrival(at);
    this.lastEventAt = at;
    return since;
  }

  closed(info: CloseInfo, accepted: boolean, at: number): void {
    this.comments += info.comments;
    this.bytes += info.bytes;
    this.wireBytes += info.wireBytes;
    if (!accepted) return;
    this.gaps.cut(at);
    this.silentMs = this.silence.cut(at);
  }

  browserWouldStop(status: number): void {
    if (this.statuses.length < MAX_STATUSES) this.statuses.push(status);
  }

  summary(end: { lastEventId: string; exit: number; at: number }): ListenSummary {
    this.outages.settle();
    return {
      t: end.at - this.startedAt,
      events: this.events,
      shown: this.shown,
      comments: this.comments,
      bytes: this.bytes,
      wireBytes: this.wireBytes,
      attempts: this.attempts,
      timing: this.firstMarks === undefined ? {} : timingOf(this.firstMarks),
      gaps: this.gaps.quantiles(),
      silence: this.silence.quantiles(),
      outages: this.outages.outages,
      lastEventId: end.lastEventId,
      browserWouldStop: this.statuses,
      exit: end.exit,
    };
  }
}
