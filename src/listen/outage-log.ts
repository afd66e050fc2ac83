import type { CloseInfo, Marks } from '../client/records.ts';
import type { Outage } from '../results/listen.ts';
import { ResumeAudit } from '../stats/delivery.ts';

/** So many outages are kept; the first ones tell more than the thousandth. */
const MAX_OUTAGES = 1000;

/** A longer id is kept cut: a thousand of what a server calls an id could fill the memory. */
const LONGEST_ID = 1024;

/**
 * Measures interruptions in their parts: `reconnectTime` runs from the end that was noticed to the headers of the
 * attempt that succeeded, and is exactly the sum of the waits, the failed attempts and that attempt's headers.
 */
export class OutageLog {
  readonly outages: Outage[] = [];
  private current: Outage | undefined;
  private noticedAt = 0;
  private waitingSince = 0;
  private openedAt = 0;
  private everOpened = false;
  private readonly audit = new ResumeAudit();
  private readonly startedAt: number;

  /** @param startedAt start of the run, on the monotonic clock */
  constructor(startedAt: number) {
    this.startedAt = startedAt;
  }

  /** An attempt has ended and another will follow. `silentMs`: for how long nothing had come. */
  interrupted(close: CloseInfo, opened: boolean, at: number, silentMs: number): void {
    if (opened) {
      this.settle();
      this.audit.interrupted();
      this.current = {
        t: at - this.startedAt,
        reason: close.reason,
        attempts: 0,
        backoff: 0,
        failedAttempts: 0,
        silenceBeforeEnd: silentMs,
        repeated: 0,
      };
      this.noticedAt = at;
      if (this.outages.length < MAX_OUTAGES) this.outages.push(this.current);
    } else if (this.current !== undefined) {
      this.current.failedAttempts += at - close.marks.start;
    }
    this.waitingSince = at;
  }

  attemptStarted(marks: Readonly<Marks>): void {
    if (this.current === undefined || !this.everOpened) return;
    this.current.attempts++;
    this.current.backoff += marks.start - this.waitingSince;
  }

  opened(marks: Readonly<Marks>, lastEventId: string): void {
    this.everOpened = true;
    const outage = this.current;
    if (outage === undefined) return;
    this.openedAt = marks.headers ?? marks.start;
    outage.reconnectHeaders = this.openedAt - marks.start;
    outage.reconnectTime = this.openedAt - this.noticedAt;
    if (lastEventId !== '') outage.resumedFrom = shortened(lastEventId);
  }

  event(id: string | undefined, marks: Readonly<Marks>, at: number): void {
    this.audit.event(id);
    const outage = this.current;
    if (outage === undefined || outage.outage !== undefined) return;
    outage.outage = at - this.noticedAt;
    outage.reconnectEvent = at - marks.start;
  }

  /** Writes down what the resume of the latest outage has brought so far. */
  settle(): void {
    if (this.current === undefined) return;
    const { repeated, lost } = this.audit.outcome();
    this.current.repeated = repeated;
    if (lost !== undefined) this.current.lost = lost;
  }
}

function shortened(id: string): string {
  if (id.length <= LONGEST_ID) return id;
  // A copy: a slice would keep all of the text that it was cut from.
  return Buffer.from(`${id.slice(0, LONGEST_ID - 1)}…`).toString();
}
