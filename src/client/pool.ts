import { type Attempt, type AttemptStart, StreamAttempt } from './attempt.ts';
import type { StreamRequest } from './request.ts';
import type { StreamSink } from './stream-sink.ts';

/** Where streams come from: every attempt on a connection of its own. */
export interface ConnectionPool {
  /** Starts an attempt; what happens on it is told to the sink. */
  open(request: StreamRequest, start: AttemptStart, sink: StreamSink): Attempt;
  /** Attempts under way. */
  readonly size: number;
  /** Ends every attempt that is still under way. */
  close(): void;
}

export function createPool(): ConnectionPool {
  const underWay = new Set<StreamAttempt>();
  return {
    open(request, start, sink) {
      return new StreamAttempt(request, start, sink, underWay);
    },
    get size() {
      return underWay.size;
    },
    close() {
      for (const attempt of underWay) attempt.close('signal');
    },
  };
}
