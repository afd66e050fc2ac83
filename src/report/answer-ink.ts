import type { SpokenPiece } from './answer-turns.ts';
import { escapeText } from './escape.ts';
import type { Paint } from './palette.ts';

/** How text of answers looks on an output. */
export interface InkStyle {
  paint: Record<SpokenPiece['kind'], Paint>;
  /** Show control characters instead of sending them. */
  escape: boolean;
  /** A line before each answer but the first, that says which it is; without one each only begins on a line of its own. */
  heading: ((piece: SpokenPiece) => string) | undefined;
}

/**
 * Text of answers on one output, as it comes: what belongs apart stands apart, and no character is written in halves.
 * Nothing else is added, so that the output of one answer is that answer.
 */
export class AnswerInk {
  readonly #style: InkStyle;
  #last: SpokenPiece | undefined;
  #midLine = false;
  /** The first half of a character whose other half is still to come. */
  #half = '';

  constructor(style: InkStyle) {
    this.#style = style;
  }

  write(piece: SpokenPiece): string {
    const before = this.#apartFrom(piece);
    const whole = this.#half + piece.text;
    this.#half = endsInHalf(whole) ? whole.slice(-1) : '';
    return before + this.#painted(this.#half === '' ? whole : whole.slice(0, -1), piece);
  }

  /** Completes what is written: a half that nothing followed, and the line. */
  endLine(): string {
    const half = this.#takeHalf();
    if (!this.#midLine) return half;
    this.#midLine = false;
    return `${half}\n`;
  }

  /** A half that nothing followed, at the end. */
  end(): string {
    return this.#takeHalf();
  }

  #apartFrom(piece: SpokenPiece): string {
    const last = this.#last;
    this.#last = piece;
    if (last === undefined) return '';
    if (last.answer.n !== piece.answer.n) {
      const { heading } = this.#style;
      return this.endLine() + (heading === undefined ? '' : `\n${heading(piece)}\n`);
    }
    return last.kind === piece.kind ? '' : `${this.endLine()}\n`;
  }

  #painted(text: string, { kind }: SpokenPiece): string {
    if (text === '') return '';
    this.#midLine = !text.endsWith('\n');
    return this.#style.paint[kind](this.#style.escape ? escapeText(text) : text);
  }

  #takeHalf(): string {
    const half = this.#half;
    this.#half = '';
    const last = this.#last;
    return half === '' || last === undefined ? '' : this.#painted(half, last);
  }
}

/** Services cut text where they like, in the middle of a surrogate pair too. */
function endsInHalf(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}
