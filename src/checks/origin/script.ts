import type { HeaderPair } from '../../client/records.ts';

/**
 * What the origin is to do with a request. It travels in the request's query (`?ssekit=…`), so that a proxy may send the
 * request to any path, and so that an origin on another machine does the same as one in this process.
 */
export interface OriginScript {
  /** Names a measurement in the origin's log: all requests of one measurement have it. Unguessable. */
  key: string;
  /** Default 200. */
  status?: number;
  /**
   * Instead of the usual ones of a stream (`Content-Type: text/event-stream`, `Cache-Control: no-cache`) where the name is the
   * same, else besides them; an empty value leaves a usual one out. The origin adds `X-Ssekit-Uid`.
   */
  headers?: readonly HeaderPair[];
  /** `103 Early Hints` comes first. */
  earlyHints?: boolean;
  /**
   * When the head leaves: by itself and at once (default), together with the first bytes of the body, or never: then no step
   * may write, and the end of the script is the end of the connection.
   */
  head?: 'at once' | 'with the body' | 'never';
  /** In order; behind the last one the answer is whole. */
  steps: readonly OriginStep[];
}

export type OriginStep =
  /** From now on, or from when the first request of the measurement came: who comes when that is over waits no more. */
  | { do: 'wait'; ms: number; from?: 'the first request' }
  /** Events (`TaggedEvent`), each `everyMs` after the one before was due. */
  | { do: 'events'; count: number; everyMs: number; sizeBytes: number; fill: 'text' | 'random' }
  /** Comments into silence, for so long. */
  | { do: 'comments'; everyMs: number; forMs: number }
  /** Bytes of the body as they are, in one write; so many `times` over, once unless given. */
  | { do: 'bytes'; base64: string; times?: number }
  /** An event whose data is the request as the origin saw it (`SeenRequest`, JSON). */
  | { do: 'echo' }
  /** Waits until the request's body has been read to its end. */
  | { do: 'request body' }
  /** As many bytes as the connection takes, and no more than so many. */
  | { do: 'flood'; mostBytes: number }
  /** `whole`: in order. `fin`: the connection ends and the body doesn't. `reset`: RST, the same. */
  | { do: 'end'; how: 'whole' | 'fin' | 'reset' }
  /** Stays open until the client leaves. */
  | { do: 'hold' };

/** As small as they come, and at once. */
export const ONE_EVENT = {
  do: 'events',
  count: 1,
  everyMs: 0,
  sizeBytes: 0,
  fill: 'text',
} as const satisfies OriginStep;

/** The data of an event that the origin makes, as JSON; `pad` brings it to the size that was asked for. */
export interface TaggedEvent {
  /** Of the answer that it belongs to. */
  uid: string;
  /** From 1. */
  n: number;
  /** Milliseconds on the origin's monotonic clock, when it was written. */
  sentAt: number;
  pad?: string;
}

/** Name of the query parameter. */
export const SCRIPT_PARAMETER = 'ssekit';
/** Name of the response header with the answer's uid: whoever sees one twice has a copy. */
export const UID_HEADER = 'X-Ssekit-Uid';
