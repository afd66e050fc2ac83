import type { ConnectionPool } from '../../client/pool.ts';
import type { StreamRequest } from '../../client/request.ts';
import type { Origin } from '../origin/visit.ts';

/** One of the two ways to the origin. */
export interface Way {
  readonly name: 'direct' | 'proxied';
  /** What every request along it has in common: URL, headers of the user's, how to connect. */
  readonly request: StreamRequest;
  /** Signs the text of a script: the origin obeys no other. */
  readonly sign: Origin['sign'];
}

/** What a probe may use. */
export interface ProbeContext {
  readonly origin: Origin;
  readonly pool: ConnectionPool;
  readonly options: CheckOptions;
  /** Aborted when the run is interrupted: whatever waits ends. */
  readonly signal: AbortSignal;
}

/** What a run was asked for: plain data. */
export interface CheckOptions {
  /** What the application sends into silence, in milliseconds. */
  heartbeatMs: number;
  /** Nobody has said so: it is what many do. */
  isHeartbeatAssumed?: boolean;
  /** The ladder of the idle probe, in milliseconds. */
  silencesMs: readonly number[];
  /** How many connections may be open at once, along both ways together. */
  maxConnections: number;
  /** Probes that take minutes run, too. */
  long: boolean;
}
