import { type Attempt, type AttemptStart, StreamAttempt } from './attempt.ts';
import { connect } from './connector.ts';
import type { StreamRequest } from './request.ts';
import { sharedConnections } from './shared-connections.ts';
import type { StreamSink } from './stream-sink.ts';

/** Where streams come from: every attempt on a connection of its own, unless they may share. */
export interface ConnectionPool {
  /** Starts an attempt; what happens on it is told to the sink. */
  open(request: StreamRequest, start: AttemptStart, sink: StreamSink): Attempt;
  /** Attempts under way. */
  readonly size: number;
  /** Ends every attempt that is still under way. */
  close(): void;
}

export interface PoolOptions {
  /** Over HTTP/2, so many attempts at one origin share a connection, if the server allows as many; 1 unless given. */
  streamsPerConnection?: number | undefined;
}

export function createPool({ streamsPerConnection = 1 }: PoolOptions = {}): ConnectionPool {
  const underWay = new Set<StreamAttempt>();
  const home = {
    underWay,
    connect: streamsPerConnection > 1 ? sharedConnections(streamsPerConnection) : connect,
  };
  return {
    open(request, start, sink) {
      return new StreamAttempt(request, start, sink, home);
    },
    get size() {
      return underWay.size;
    },
    close() {
      for (const attempt of underWay) attempt.close('signal');
    },
  };
}
