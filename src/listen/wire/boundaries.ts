import type { NumberSpan, WireCut, WireRead } from './wire-block.ts';

/** So many places inside a block are kept; all are counted. */
const MAX_CUTS = 1_000;

/** What lies between the reads and chunks of a connection and the blocks that come in them. */
export interface BlockBoundaries {
  reads: NumberSpan;
  chunks?: NumberSpan;
  readChunks?: NumberSpan;
  cuts: readonly WireCut[];
  cutCount: number;
}

/** A read with the chunks that it brought bytes of, where they are known. */
interface Arrival extends WireRead {
  chunks: { first: number; last: number } | undefined;
}

/**
 * Keeps where socket reads and HTTP chunks begin, and tells for one block after the other which of them lie inside it.
 * Memory is bounded by one read and the block under way.
 */
export class Boundaries {
  /** Chunks lie in the encoded body: no place of theirs is one in the lines. */
  readonly #encoded: boolean;
  /** Reads whose bytes have not been decoded yet. */
  #arrivals: Arrival[] = [];
  #latestArrival: Arrival | undefined;
  /** Chunks that ended so far, among all bytes that came. */
  #chunksEnded = 0;
  #chunksKnown = false;
  /** Bytes that came, before content decoding. */
  #received = 0;
  /** Ends of chunks that the blocks have not reached. */
  #ends: number[] = [];
  #nextEnd = 0;
  /** The read being decoded. */
  #read: Arrival | undefined;
  /** Number of the chunk that the last of the bytes gone through belongs to. */
  #chunk = 1;
  #blockStart = 0;
  #firstRead: Arrival | undefined;
  #firstChunk = 1;
  #cuts: WireCut[] = [];
  #cutCount = 0;
  /** Where the last cut is, which may not have been kept. */
  #cutAt = -1;

  constructor(encoded: boolean) {
    this.#encoded = encoded;
  }

  /** So many bytes came as they were on the wire; `ends`: where among them chunks ended. */
  arrived(length: number, t: number, ends: readonly number[] | undefined): void {
    const first = this.#chunksEnded + 1;
    if (ends !== undefined) {
      this.#chunksKnown = true;
      if (!this.#encoded) for (const end of ends) this.#ends.push(this.#received + end);
      this.#chunksEnded += ends.length;
    }
    this.#received += length;
    // Bytes of the chunk that goes on: none where the piece ends with its chunk.
    const last = ends?.at(-1) === length ? this.#chunksEnded : this.#chunksEnded + 1;
    const read = this.#arrivalAt(t);
    if (ends !== undefined) read.chunks = { first: read.chunks?.first ?? first, last };
  }

  /** Decoded bytes of the read at `t` follow, the first of them at `offset`. */
  decoding(offset: number, t: number): void {
    this.#passChunks(offset);
    if (this.#read?.t === t) return;
    // Some reads bring nothing that is decoded: the header of a compressed stream.
    while (this.#arrivals[0] !== undefined && this.#arrivals[0].t < t) this.#arrivals.shift();
    const arrival = this.#arrivals[0]?.t === t ? this.#arrivals.shift() : this.#arrivalAt(t);
    this.#read = arrival;
    if (this.#firstRead === undefined || offset <= this.#blockStart) this.#firstRead = arrival;
    else if (arrival !== undefined) this.#cut(offset, { read: withoutChunks(arrival) });
  }

  /** A block begins here, later than was expected: an LF before it belongs to the block before. */
  moveStart(offset: number): void {
    this.#blockStart = offset;
  }

  /** The block under way ends at `end`, in the read being decoded. */
  close(end: number): BlockBoundaries {
    this.#passChunks(end);
    const first = this.#firstRead?.number ?? 1;
    const last = this.#read?.number ?? first;
    const boundaries: BlockBoundaries = {
      reads: { first, count: last - first + 1 },
      ...this.#chunkSpans(),
      cuts: this.#cuts,
      cutCount: this.#cutCount,
    };
    this.#blockStart = end;
    this.#firstRead = this.#read;
    this.#firstChunk = this.#chunk;
    this.#cuts = [];
    this.#cutCount = 0;
    return boundaries;
  }

  #chunkSpans(): Pick<BlockBoundaries, 'chunks' | 'readChunks'> {
    if (!this.#chunksKnown) return {};
    if (!this.#encoded) {
      return { chunks: { first: this.#firstChunk, count: this.#chunk - this.#firstChunk + 1 } };
    }
    const first = this.#firstRead?.chunks?.first;
    const last = this.#read?.chunks?.last;
    if (first === undefined || last === undefined) return {};
    return { readChunks: { first, count: last - first + 1 } };
  }

  #arrivalAt(t: number): Arrival {
    const before = this.#latestArrival;
    if (before?.t === t) return before;
    const number = (before?.number ?? 0) + 1;
    const arrival: Arrival = { number, t, sinceMs: t - (before?.t ?? t), chunks: undefined };
    this.#latestArrival = arrival;
    this.#arrivals.push(arrival);
    return arrival;
  }

  /** Goes through the ends of chunks before `limit`: what ends just there may end with its block. */
  #passChunks(limit: number): void {
    for (
      let end = this.#ends[this.#nextEnd];
      end !== undefined && end < limit;
      end = this.#ends[this.#nextEnd]
    ) {
      this.#nextEnd++;
      this.#chunk++;
      if (end <= this.#blockStart) this.#firstChunk = this.#chunk;
      else this.#cut(end, { chunk: this.#chunk });
    }
    if (this.#nextEnd === this.#ends.length && this.#nextEnd > 0) {
      this.#ends = [];
      this.#nextEnd = 0;
    }
  }

  #cut(offset: number, what: Omit<WireCut, 'offset'>): void {
    const isNew = offset !== this.#cutAt;
    this.#cutAt = offset;
    if (isNew) this.#cutCount++;
    if (this.#cutCount > MAX_CUTS) return;
    if (isNew) this.#cuts.push({ offset, ...what });
    else Object.assign(this.#cuts.at(-1) as WireCut, what);
  }
}

function withoutChunks({ number, t, sinceMs }: Arrival): WireRead {
  return { number, t, sinceMs };
}
