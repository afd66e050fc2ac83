import type { EncodableEvent } from '../../../sse/encoder.ts';
import type { Schedule } from '../../step.ts';

/** Something that happens on a stream at its time, whoever listens. */
export interface Moment {
  /** Number in the stream, which is part of the event's id. */
  n: number;
  /** Milliseconds after the stream began. */
  atMs: number;
  /** Absent: the server hangs up, in order, on the connection that the stream began on. */
  event?: EncodableEvent;
  /** It is the answer that the stream is for. */
  done?: boolean;
}

/**
 * The events of one answer, each with its time. Nothing runs: who opens it gets what has happened at once, and what is
 * to come when it is due, so that a cut connection changes nothing.
 */
export class Timeline {
  /** Somebody is being sent it. */
  open = false;
  /** Nothing happens any more. */
  cancelled = false;
  readonly sizeBytes: number;
  readonly #moments: readonly Moment[];
  readonly #begunMs: number;

  constructor(moments: readonly Moment[], begunMs: number) {
    this.#moments = moments;
    this.sizeBytes = moments.reduce((sum, { event }) => sum + Buffer.byteLength(event?.data ?? ''), 0);
    this.#begunMs = begunMs;
  }

  /** For the connection that the request came on. */
  begin(nowMs: number): Schedule {
    return this.#play(this.#moments, nowMs);
  }

  /** For one that comes later: what is behind an event that it has. */
  resume(n: number, nowMs: number): Schedule {
    return this.#play(
      this.#moments.filter((moment) => moment.n > n && moment.event !== undefined),
      nowMs,
    );
  }

  *#play(moments: readonly Moment[], nowMs: number): Schedule {
    // Of two that were let in before either began, one has it; the other ends, and is refused when it comes back.
    if (this.open) return;
    this.open = true;
    try {
      let dueMs = nowMs;
      for (const { atMs, event, done = false } of moments) {
        if (this.cancelled) return;
        const nextMs = Math.max(dueMs, this.#begunMs + atMs);
        const afterMs = nextMs - dueMs;
        dueMs = nextMs;
        if (event === undefined) {
          yield { kind: 'end', afterMs, how: 'eof' };
          return;
        }
        yield { kind: 'event', afterMs, event, done };
      }
    } finally {
      this.open = false;
    }
  }
}
