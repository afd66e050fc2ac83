import type { ConnectionPool } from '../../client/pool.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { BenchReconnect, StreamLife } from '../options.ts';
import type { StreamRequests } from '../recipe.ts';
import type { GoodputWatch } from './goodput-watch.ts';
import type { Outcome, State, VirtualStream } from './virtual-stream.ts';
import type { WindowRecorder } from './window-recorder.ts';

/** What all streams of a worker share. */
export interface StreamContext {
  readonly recorder: WindowRecorder;
  readonly pool: ConnectionPool;
  readonly life: StreamLife;
  readonly reconnect: BenchReconnect;
  readonly requests: StreamRequests;
  readonly goodput: GoodputWatch | undefined;
  /** Audits what is delivered, where that was asked for. */
  readonly delivery: Delivery | undefined;
  localAddressFor(index: number): string | undefined;
  /** Milliseconds on the monotonic clock. */
  now(): number;
  /** Uniform in [0, 1). */
  random(): number;
  /**
   * Runs it in its turn once the time has come, and not before it.
   *
   * @param at on the monotonic clock
   * @returns what cancels the wait
   */
  startAt(at: number, start: () => void): () => void;
  moved(from: State, to: State): void;
  /** The stream will do nothing any more. */
  ended(stream: VirtualStream, outcome: Outcome): void;
  /** A stream that the storm had cut was refused. */
  refusedInStorm(status: number): void;
}
