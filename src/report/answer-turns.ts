import type { AnswerPlace, JoinedPiece } from '../listen/join/view.ts';

/** An answer that says nothing for so long gives up its turn, in milliseconds. */
const PATIENCE_MS = 1_000;

/** So much of so many answers is held back; beyond that, whoever has most of it speaks. */
const MAX_HELD = 256_000;
const MAX_WAITING = 128;

export type SpokenPiece = Extract<JoinedPiece, { text: string }>;

interface Waiting {
  pieces: SpokenPiece[];
  characters: number;
  /** Nothing more comes. */
  over: boolean;
}

/**
 * Answers that stream side by side, told one after the other: while one speaks the others wait, and nothing is lost.
 * Their pieces come out in the order in which they are to be printed.
 */
export class AnswerTurns {
  #speaker: number | undefined;
  #spokeAt = 0;
  readonly #waiting = new Map<number, Waiting>();
  #held = 0;

  /** @param t of its arrival, milliseconds of the run */
  say(piece: SpokenPiece, t: number): readonly SpokenPiece[] {
    const { n } = piece.answer;
    if (this.#speaker === n || this.#speaker === undefined) {
      this.#speaker = n;
      this.#spokeAt = t;
      return [piece];
    }
    this.#hold(piece);
    const patient = t - this.#spokeAt < PATIENCE_MS;
    if (patient && this.#held <= MAX_HELD && this.#waiting.size <= MAX_WAITING) return [];
    this.#spokeAt = t;
    this.#speaker = patient ? this.#fullest() : n;
    return this.#release(this.#speaker);
  }

  /** Nothing more comes of the answer. */
  over({ n }: AnswerPlace): readonly SpokenPiece[] {
    const waiting = this.#waiting.get(n);
    if (waiting !== undefined) waiting.over = true;
    return n === this.#speaker ? this.#next() : [];
  }

  /** All that still waits: the connection has ended, and whoever speaks next has the turn. */
  all(): readonly SpokenPiece[] {
    this.#speaker = undefined;
    const pieces = [...this.#waiting.values()].flatMap((each) => each.pieces);
    this.#waiting.clear();
    this.#held = 0;
    return pieces;
  }

  #hold(piece: SpokenPiece): void {
    const { n } = piece.answer;
    const waiting = this.#waiting.get(n) ?? { pieces: [], characters: 0, over: false };
    this.#waiting.set(n, waiting);
    waiting.characters += piece.text.length;
    this.#held += piece.text.length;
    const last = waiting.pieces.at(-1);
    // Put together they take a fraction of the memory.
    if (last?.kind === piece.kind)
      waiting.pieces[waiting.pieces.length - 1] = { ...piece, text: last.text + piece.text };
    else waiting.pieces.push(piece);
  }

  #fullest(): number {
    let fullest = 0;
    let most = -1;
    for (const [n, { characters }] of this.#waiting) {
      if (characters <= most) continue;
      fullest = n;
      most = characters;
    }
    return fullest;
  }

  /** Those that waited, in the order in which they began to, up to the first of which more may come. */
  #next(): SpokenPiece[] {
    this.#speaker = undefined;
    const pieces: SpokenPiece[] = [];
    for (const [n, { over }] of this.#waiting) {
      pieces.push(...this.#release(n));
      if (over) continue;
      this.#speaker = n;
      break;
    }
    return pieces;
  }

  #release(n: number): SpokenPiece[] {
    const { pieces = [], characters = 0 } = this.#waiting.get(n) ?? {};
    this.#waiting.delete(n);
    this.#held -= characters;
    return pieces;
  }
}
