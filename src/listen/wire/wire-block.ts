import type { LineEnd } from '../../sse/line-scanner.ts';

/** What a line is to the decoder; a field that means nothing is `unknown-field` or `ignored-…`. */
export type LineKind = 'field' | 'comment' | 'blank' | 'unknown-field' | 'ignored-retry' | 'ignored-id';

/** A line of a block, as it was on the wire. */
export interface WireLine {
  /** Of its first byte, in the decoded body of its connection. */
  offset: number;
  /** Without its ending, and without a byte order mark; cut where the line or its block is long. */
  bytes: Buffer;
  /** Bytes of the whole line, its ending and a byte order mark included. */
  sizeBytes: number;
  /** All of its bytes are here. */
  whole: boolean;
  /** `undefined`: the stream ended before the line did. */
  end: LineEnd | undefined;
  /** The stream's byte order mark stands in front of it. */
  afterMark: boolean;
  kind: LineKind;
  /** A decoder puts U+FFFD in the place of some of its bytes. */
  invalidUtf8: boolean;
}

/** The socket read that begins at a place. */
export interface WireRead {
  /** Of the reads of its connection that brought body bytes, from 1. */
  number: number;
  /** Milliseconds since the start of the run. */
  t: number;
  /** Since the read before it. */
  sinceMs: number;
}

/** A place inside a block at which a socket read, an HTTP chunk or both begin. */
export interface WireCut {
  offset: number;
  read?: WireRead;
  /** Number of the chunk in its connection, from 1. */
  chunk?: number;
}

/** Neighbours by their numbers in the connection. */
export interface NumberSpan {
  /** From 1. */
  first: number;
  count: number;
}

/** What the lines of a block without data do; nothing where it is empty. */
export interface BlockEffect {
  /** The last event id becomes this. */
  id?: string;
  /** The wait before a reconnect becomes this. */
  retryMs?: number;
}

/**
 * The lines up to a blank line, comments included, as they came: `event = *( comment / field ) end-of-line` (HTML
 * standard, section 9.2.5). One with data makes exactly one event.
 */
export interface WireBlock {
  /** Of its first byte, in the decoded body of its connection. */
  offset: number;
  /** What has come of it: the LF of a blank line's CRLF may still be under way. */
  sizeBytes: number;
  /** The first of its lines; all but in blocks of very many. */
  lines: readonly WireLine[];
  lineCount: number;
  /** How its lines end; `none` where no line has ended. */
  ends: LineEnd | 'mixed' | 'none';
  /** The socket reads that it came in. */
  reads: NumberSpan;
  /** The HTTP chunks that it came in; absent where they are not known, and where chunks hold encoded bytes. */
  chunks?: NumberSpan;
  /** Under a content coding: the HTTP chunks that its reads brought bytes of. */
  readChunks?: NumberSpan;
  /** The first of the places inside it where a read or chunk begins. */
  cuts: readonly WireCut[];
  cutCount: number;
  /** Where, just before it, the LF came that completes the line ending of the block before. */
  lateLf?: number;
  effect: BlockEffect;
  /** The stream ended before a blank line: what it would have been is discarded. */
  unfinished: boolean;
}
