import type { OpenInfo } from '../client/records.ts';
import type { EventPosition, OpenPosition, Position, Printed, PrinterOptions } from '../listen/printer.ts';
import type { WireBlock } from '../listen/wire/wire-block.ts';
import type { SseEvent } from '../sse/sink.ts';
import { displayWidth } from './display-width.ts';
import { fold } from './fold.ts';
import type { Palette } from './palette.ts';
import { PrettyPrinter } from './pretty.ts';
import { counted, formatBytes } from './quantity.ts';
import { timeCells } from './time-columns.ts';
import { entriesOf, type WireEntry } from './wire-pieces.ts';
import { blockSize, blockVerdict, cutText, lineNote } from './wire-words.ts';

/** Room for offsets, with the space after them. */
const GUTTER = 12;

/** With less room the lines stand at the edge. */
const LEAST_TEXT_WIDTH = 24;

/** More of one block is cut, with its true size: a terminal is for looking at, a pipe for looking through. */
const MAX_ENTRIES = { terminal: 40, pipe: 2_000 };

/** Rows of a line on a terminal. */
const MAX_ROWS = 4;

/** Characters of a line on a pipe. */
const MAX_CHARACTERS = 1_000;

/** The last rows of what was cut. */
const CUT = '…';

/**
 * `--wire`: below each event its lines, with their offsets, line endings, and the places where socket reads and HTTP
 * chunks begin. On a pipe these lines begin with a tab.
 */
export class WirePrettyPrinter extends PrettyPrinter {
  readonly #palette: Palette;

  constructor(options: PrinterOptions, dataPalette: Palette, logPalette: Palette) {
    super(options, dataPalette, logPalette);
    this.#palette = dataPalette;
  }

  override open(info: OpenInfo, at: OpenPosition): Printed {
    const { log = '' } = super.open(info, at);
    const limits = info.status === 200 ? unknownOf(info) : [];
    return { log: log + limits.map((limit) => this.note(limit, at).log ?? '').join('') };
  }

  override event(event: SseEvent, at: EventPosition, wire?: WireBlock): Printed {
    const { data = '' } = super.event(event, at);
    return wire === undefined ? { data } : { data: data + this.#wire(wire) };
  }

  block(block: WireBlock, at: Position): Printed {
    const { dim } = this.#palette;
    const row = this.row({
      times: timeCells(this.options, at.t, undefined),
      name: '–',
      namePaint: dim,
      id: '',
      data: blockVerdict(block),
      dataPaint: dim,
    });
    return { data: row + this.#wire(block) };
  }

  #wire(block: WireBlock): string {
    const columns = this.options.dataColumns();
    const layout =
      columns === undefined ? new PipeLayout(this.#palette) : new TerminalLayout(this.#palette, columns);
    let text = layout.size(blockSize(block));
    if (block.lateLf !== undefined) text += layout.lateLf(block.lateLf);
    let entries = 0;
    let linesLeft = block.lineCount;
    for (const entry of entriesOf(block)) {
      if (entries === layout.maxEntries) break;
      entries++;
      text += layout.entry(entry);
      if (entry.kind === 'piece' && entry.isLast) linesLeft--;
    }
    if (linesLeft > 0) text += layout.more(`${CUT} ${counted(linesLeft, 'more line')}`);
    return text;
  }
}

/** What can't be seen on this connection. */
function unknownOf({ http, encoding }: OpenInfo): string[] {
  if (http === '2') return ['HTTP/2: where its frames begin is not known, only where reads do'];
  return encoding === 'identity'
    ? []
    : [`${encoding}: chunks hold encoded bytes, so they have no places in the lines`];
}

interface Layout {
  readonly maxEntries: number;
  size(text: string): string;
  entry(entry: WireEntry): string;
  lateLf(offset: number): string;
  more(text: string): string;
}

/** Cells separated by tabs, the first of them empty: offset, text, note. */
class PipeLayout implements Layout {
  readonly maxEntries = MAX_ENTRIES.pipe;
  readonly #palette: Palette;

  constructor(palette: Palette) {
    this.#palette = palette;
  }

  size(text: string): string {
    return this.#row('', this.#palette.dim(text));
  }

  entry(entry: WireEntry): string {
    const { dim, cyan, yellow } = this.#palette;
    if (entry.kind === 'cut') return this.#row(`${entry.cut.offset}`, cyan(`┄ ${cutText(entry.cut)}`));
    const { line, offset, text, end, isLast } = entry;
    const shown = text.length > MAX_CHARACTERS ? text.slice(0, MAX_CHARACTERS) : text;
    const isCut = shown.length < text.length || entry.elided;
    const cut = isCut ? `${CUT} ${formatBytes(line.sizeBytes)} in all ` : '';
    const note = isLast ? lineNote(line) : '';
    return this.#row(`${offset}`, `${shown}${dim(cut + end)}`, yellow(note));
  }

  lateLf(offset: number): string {
    return this.#row(`${offset}`, this.#palette.dim('␊'), LATE_LF);
  }

  more(text: string): string {
    return this.#row('', this.#palette.dim(text));
  }

  #row(offset: string, text: string, note = ''): string {
    return `\t${this.#palette.dim(offset)}\t${text}${note === '' ? '' : `\t${note}`}\n`;
  }
}

const LATE_LF = 'of the line ending before';

/** Offsets at the left, texts beside them, folded under themselves. */
class TerminalLayout implements Layout {
  readonly maxEntries = MAX_ENTRIES.terminal;
  readonly #palette: Palette;
  readonly #gutter: number;
  readonly #width: number;

  constructor(palette: Palette, columns: number) {
    this.#palette = palette;
    this.#gutter = columns - GUTTER < LEAST_TEXT_WIDTH ? 2 : GUTTER;
    this.#width = Math.max(columns - this.#gutter, 8);
  }

  size(text: string): string {
    return this.#folded(text);
  }

  entry(entry: WireEntry): string {
    if (entry.kind === 'cut') return this.#folded(`┄ ${cutText(entry.cut)}`, this.#palette.cyan);
    const { line, offset, end, isLast, elided } = entry;
    const { dim, yellow } = this.#palette;
    // Only what can be seen is folded; a row can hold this many units at most.
    const visible = entry.text.slice(0, MAX_ROWS * this.#width * 16);
    const { lines, cut } = fold(visible, this.#width - end.length, MAX_ROWS);
    const paint = line.kind === 'comment' ? dim : (text: string) => text;
    const rows = lines.map(({ start, end: to }) => visible.slice(start, to));
    const isCut = cut || elided || visible.length < entry.text.length;
    const tail = isCut ? `${CUT} ${formatBytes(line.sizeBytes)} in all ${end}` : end;
    const note = isLast ? lineNote(line) : '';
    const last = rows.at(-1) ?? '';
    const tailFits = !isCut || displayWidth(last) + 1 + tail.length <= this.#width;
    const used = tailFits ? displayWidth(last) + Number(isCut) + tail.length : tail.length;
    const noteFits = note !== '' && used + 2 + note.length <= this.#width;
    let text = rows
      .map((row, index) => `${this.#margin(index === 0 ? offset : undefined)}${paint(row)}`)
      .join('\n');
    text += tailFits ? `${isCut ? ' ' : ''}${dim(tail)}` : `\n${this.#margin()}${dim(tail)}`;
    if (noteFits) return `${text}  ${yellow(note)}\n`;
    return `${text}\n${note === '' ? '' : this.#folded(note, yellow)}`;
  }

  lateLf(offset: number): string {
    return `${this.#margin(offset)}${this.#palette.dim(`␊  ${LATE_LF}`)}\n`;
  }

  more(text: string): string {
    return this.#folded(text);
  }

  #margin(offset?: number): string {
    const text = offset === undefined ? '' : `${offset}`;
    if (this.#gutter < GUTTER) return ' '.repeat(this.#gutter);
    return `${this.#palette.dim(text.padStart(this.#gutter - 2))}  `;
  }

  #folded(text: string, paint = this.#palette.dim): string {
    return fold(text, this.#width, MAX_ROWS)
      .lines.map(({ start, end }) => `${this.#margin()}${paint(text.slice(start, end).trimEnd())}\n`)
      .join('');
  }
}
