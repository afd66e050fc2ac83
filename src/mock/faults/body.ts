import type { Op } from '../wire/op.ts';
import type { Lasting } from './kind.ts';
import { bytesPiece, endsBody, opsOf, type Piece } from './piece.ts';

/** What happens at exactly this byte of the body. */
interface Point {
  offset: number;
  happen(): Piece[];
}

interface Stage {
  rank: number;
  pass(piece: Piece): Piece[];
  release: (() => Piece[]) | undefined;
}

/** The way of a body's bytes to the wire: past the points where something happens, through what lasts. */
export class Body {
  /** Nothing more comes of it. */
  isOver = false;
  /** Bytes that have entered. */
  offset = 0;
  #points: Point[] = [];
  #stages: Stage[] = [];
  /** Given up by what has ended. */
  #pending: Piece[] = [];

  /** @param offset not yet reached */
  addPoint(offset: number, happen: () => Piece[]): void {
    this.#points = [...this.#points, { offset, happen }].sort((a, b) => a.offset - b.offset);
  }

  /** @param rank its place on the way: stages of a lower one come first, and one of the same gives way */
  setStage(rank: number, { pass, release }: Lasting): void {
    if (pass === undefined) return;
    const old = this.#stages.find((stage) => stage.rank === rank);
    const others = this.#stages.filter((stage) => stage !== old);
    // Not one argument for each: what a buffer gives up may leave in very many.
    this.#pending = this.#pending.concat(this.#through(old?.release?.() ?? [], rank + 1));
    this.#stages = [...others, { rank, pass, release }].sort((a, b) => a.rank - b.rank);
  }

  /** What is done on the wire for pieces that enter. */
  push(pieces: readonly Piece[]): Op[] {
    const ops = this.#pending.flatMap(opsOf);
    this.#pending = [];
    for (const piece of pieces) {
      if (piece.kind === 'bytes') this.#enter(piece.bytes, ops);
      else this.#leave(piece, ops);
    }
    return ops;
  }

  /** Points at the very beginning happen before there are bytes. */
  open(): Op[] {
    return this.push([bytesPiece(Buffer.alloc(0))]);
  }

  #enter(bytes: Buffer, ops: Op[]): void {
    let rest = bytes;
    while (!this.isOver) {
      const point = this.#points[0];
      if (point === undefined || point.offset > this.offset + rest.length) break;
      this.#points.shift();
      const upTo = point.offset - this.offset;
      this.#pass(rest.subarray(0, upTo), ops);
      for (const piece of point.happen()) this.#leave(piece, ops);
      rest = rest.subarray(upTo);
    }
    this.#pass(rest, ops);
  }

  #pass(bytes: Buffer, ops: Op[]): void {
    this.offset += bytes.length;
    if (bytes.length > 0) this.#leave(bytesPiece(bytes), ops);
  }

  #leave(piece: Piece, ops: Op[]): void {
    if (this.isOver) return;
    for (const each of this.#through([piece], 0)) {
      // One by one: a body may leave in more pieces than a call takes arguments.
      for (const op of opsOf(each)) ops.push(op);
      this.isOver ||= endsBody(each);
    }
  }

  /** Through the stages from this rank on. */
  #through(pieces: Piece[], rank: number): Piece[] {
    return this.#stages
      .filter((stage) => stage.rank >= rank)
      .reduce((passing, { pass }) => passing.flatMap((piece) => pass(piece)), pieces);
  }
}
