import { displayWidth } from './display-width.ts';
import { fold } from './fold.ts';
import type { Palette } from './palette.ts';
import { formatBytes } from './quantity.ts';
import type { WireEntry, WirePiece } from './wire-pieces.ts';
import { cutText, lineNote } from './wire-words.ts';

/** How the lines of a block are set out below their event. */
export interface WireLayout {
  /** More of one block are cut. */
  readonly maxEntries: number;
  entry(entry: WireEntry): string;
  /** The LF at this offset belongs to the block before. */
  lateLf(offset: number): string;
  /** A sentence about the block. */
  sentence(text: string): string;
}

/** @param columns width of the terminal; `undefined`: a pipe */
export function wireLayout(palette: Palette, columns: number | undefined): WireLayout {
  return columns === undefined ? new PipeLayout(palette) : new TerminalLayout(palette, columns);
}

const LATE_LF = 'of the line ending before';

/** Characters of a line on a pipe. */
const MAX_CHARACTERS = 1_000;

/** Cells separated by tabs, the first of them empty: offset, text, note. A pipe is for looking through: more is shown. */
class PipeLayout implements WireLayout {
  readonly maxEntries = 2_000;
  readonly #palette: Palette;

  constructor(palette: Palette) {
    this.#palette = palette;
  }

  entry(entry: WireEntry): string {
    const { dim, cyan, yellow } = this.#palette;
    if (entry.kind === 'cut') return this.#row(`${entry.cut.offset}`, cyan(`┄ ${cutText(entry.cut)}`));
    const { line, offset, text, end, isLast } = entry;
    const shown = text.slice(0, MAX_CHARACTERS);
    const isCut = shown.length < text.length || entry.elided;
    const tail = isCut ? `${trueSize(entry)} ${end}`.trimEnd() : end;
    return this.#row(`${offset}`, `${shown}${dim(tail)}`, yellow(isLast ? lineNote(line) : ''));
  }

  lateLf(offset: number): string {
    return this.#row(`${offset}`, this.#palette.dim('␊'), LATE_LF);
  }

  sentence(text: string): string {
    return this.#row('', this.#palette.dim(text));
  }

  #row(offset: string, text: string, note = ''): string {
    return `\t${this.#palette.dim(offset)}\t${text}${note === '' ? '' : `\t${note}`}\n`;
  }
}

/** Room for offsets, with the space after them. */
const GUTTER = 12;

/** With less room the texts stand at the edge, without offsets. */
const LEAST_TEXT_WIDTH = 24;
const EDGE = 2;

/** Rows of a line on a terminal. */
const MAX_ROWS = 4;

/** More code units than this for each column are marks piled on marks. */
const UNITS_PER_COLUMN = 16;

/** Offsets at the left, texts beside them, folded under themselves. */
class TerminalLayout implements WireLayout {
  readonly maxEntries = 40;
  readonly #palette: Palette;
  readonly #gutter: number;
  readonly #width: number;

  constructor(palette: Palette, columns: number) {
    this.#palette = palette;
    this.#gutter = columns - GUTTER < LEAST_TEXT_WIDTH ? EDGE : GUTTER;
    this.#width = Math.max(columns - this.#gutter, 8);
  }

  entry(entry: WireEntry): string {
    if (entry.kind === 'cut') return this.#folded(`┄ ${cutText(entry.cut)}`, this.#palette.cyan);
    return this.#piece(entry);
  }

  lateLf(offset: number): string {
    return `${this.#margin(offset)}${this.#palette.dim(`␊  ${LATE_LF}`)}\n`;
  }

  sentence(text: string): string {
    return this.#folded(text);
  }

  #piece(piece: WirePiece): string {
    const { line, offset, end } = piece;
    const { dim } = this.#palette;
    // Only what can be seen is folded.
    const visible = piece.text.slice(0, MAX_ROWS * this.#width * UNITS_PER_COLUMN);
    const { lines, cut } = fold(visible, this.#width - end.length, MAX_ROWS);
    const rows = lines.map((stretch) => visible.slice(stretch.start, stretch.end));
    const paint = line.kind === 'comment' ? dim : (text: string) => text;
    const text = rows
      .map((row, index) => `${this.#margin(index === 0 ? offset : undefined)}${paint(row)}`)
      .join('\n');
    const used = displayWidth(rows.at(-1) ?? '');
    const isCut = cut || piece.elided || visible.length < piece.text.length;
    return text + this.#tail(piece, isCut ? trueSize(piece) : '', used);
  }

  /** What stands behind the text of a piece: its true size where it was cut, its ending, and what there is to note. */
  #tail({ line, end, isLast }: WirePiece, size: string, usedBefore: number): string {
    const { dim, yellow } = this.#palette;
    let used = usedBefore;
    let text = dim(end);
    if (size !== '') {
      const shown = end === '' ? size : `${size} ${end}`;
      const before = used === 0 ? '' : ' ';
      const fits = used + before.length + shown.length <= this.#width;
      text = `${fits ? before : `\n${this.#margin()}`}${dim(shown)}`;
      used = (fits ? used + before.length : 0) + shown.length;
    } else {
      used += end.length;
    }
    const note = isLast ? lineNote(line) : '';
    if (note === '') return `${text}\n`;
    return used + 2 + note.length <= this.#width
      ? `${text}  ${yellow(note)}\n`
      : `${text}\n${this.#folded(note, yellow)}`;
  }

  #margin(offset?: number): string {
    if (this.#gutter === EDGE) return ' '.repeat(EDGE);
    return `${this.#palette.dim(`${offset ?? ''}`.padStart(GUTTER - 2))}  `;
  }

  #folded(text: string, paint = this.#palette.dim): string {
    return fold(text, this.#width, MAX_ROWS)
      .lines.map(({ start, end }) => `${this.#margin()}${paint(text.slice(start, end).trimEnd())}\n`)
      .join('');
  }
}

function trueSize({ sizeBytes }: WirePiece): string {
  return `… ${formatBytes(sizeBytes)} in all`;
}
