import type { EventPosition, Position, PrinterOptions } from '../listen/printer.ts';
import type { SseEvent } from '../sse/sink.ts';
import { cutEnd, cutMiddle, displayWidth, padEnd } from './display-width.ts';
import { escapeInline, escapeText } from './escape.ts';
import { fold } from './fold.ts';
import { highlightJson, paintStretch, type Span } from './json-highlight.ts';
import { parsesAsJson } from './json-text.ts';
import { LoggedPrinter } from './logged-printer.ts';
import { oneLine } from './one-line.ts';
import { isPlain, type Paint, type Palette } from './palette.ts';
import { formatBytes, formatCount } from './quantity.ts';
import { type TimeCell, timeCells } from './time-columns.ts';

/** Data beside the columns needs so much room; with less it stands on lines of its own below them. */
const LEAST_DATA_WIDTH = 34;

/** Indent of data that stands below its columns. */
const INDENT = 4;

/** More lines than this of one event are cut, with its true size: events after it stay in sight. */
const MAX_LINES = 10;

/** Text longer than this is coloured by its look alone: parsing it would cost more than it shows. */
const PARSE_LIMIT = 16_384;

/** Longer text on a pipe goes without colour. */
const HIGHLIGHT_LIMIT = 65_536;

/** Stands for data of no characters, which is not the same as no data. */
const EMPTY = '(empty)';

export interface Row {
  times: readonly TimeCell[];
  name: string;
  namePaint: Paint;
  id: string;
  data: string;
  /** Colours of data that is no JSON. */
  dataPaint: Paint | undefined;
}

/**
 * `--format pretty`. On a terminal: time, gap, name and id in columns that only ever grow, and the data beside
 * them, folded under itself; where that leaves too little room the data stands below. On a pipe: one line
 * an event, separated by tabs (times where asked for, name, id, data), for `grep`, `cut` and `awk`.
 */
export class PrettyPrinter extends LoggedPrinter {
  readonly #palette: Palette;
  /** Columns of the terminal when the last event was printed. */
  #columns = 0;
  #nameWidth = 0;
  #idWidth = 0;

  constructor(options: PrinterOptions, dataPalette: Palette, logPalette: Palette) {
    super(options, logPalette);
    this.#palette = dataPalette;
  }

  protected override eventData(event: SseEvent, at: EventPosition): string {
    const { dim, bold, red } = this.#palette;
    return this.row({
      times: timeCells(this.options, at.t, at.dt),
      name: event.event,
      namePaint: event.event === 'message' ? dim : event.event === 'error' ? red : bold,
      id: event.id === '' ? '""' : (event.id ?? ''),
      data: event.data,
      dataPaint: undefined,
    });
  }

  protected override commentData(text: string, at: Position): string {
    if (!this.options.comments) return '';
    const { dim } = this.#palette;
    const times = timeCells(this.options, at.t, undefined);
    return this.row({ times, name: ':', namePaint: dim, id: '', data: text, dataPaint: dim });
  }

  /** A row of the columns, for whatever comes in the order of the stream. */
  protected row(row: Row): string {
    const columns = this.options.dataColumns();
    if (columns === undefined) return this.#line(row);
    if (columns !== this.#columns) this.#startAfresh(columns);
    return this.#block(row, Math.max(columns, 2 * INDENT));
  }

  /** Columns that had grown on a wide terminal would leave no room on a narrow one. */
  #startAfresh(columns: number): void {
    this.#columns = columns;
    this.#nameWidth = 0;
    this.#idWidth = 0;
  }

  /** One line for a pipe. Data goes as it came but for its newlines. */
  #line(row: Row): string {
    const { dim } = this.#palette;
    let times = '';
    for (const { text } of row.times) times += `${dim(text.trim())}\t`;
    const name = row.namePaint(this.#cell(row.name));
    const id = row.id === '' ? '' : dim(this.#cell(row.id));
    const data = this.#safe(oneLine(row.data));
    const painted =
      isPlain(this.#palette) || data.length > HIGHLIGHT_LIMIT ? data : this.#paintWhole(data, row);
    return `${times}${name}\t${id}\t${painted}\n`;
  }

  #safe(text: string): string {
    return this.options.escape ? escapeText(text) : text;
  }

  /** A tab in a name or id would make a column of its own. */
  #cell(text: string): string {
    return this.#safe(text.includes('\t') ? text.replaceAll('\t', '\\t') : text);
  }

  #paintWhole(data: string, row: Row): string {
    return paintStretch(data, 0, data.length, this.#spans(data, data.length, row));
  }

  /** Lines for a terminal. Columns grow with what comes; a row that would squeeze the data stands apart. */
  #block(row: Row, columns: number): string {
    const name = cutEnd(escapeInline(bothEnds(row.name)), Math.min(28, Math.floor(columns * 0.35)));
    const id = row.id === '' ? '' : cutMiddle(`#${escapeInline(bothEnds(row.id))}`, columns < 120 ? 16 : 40);
    const nameWidth = Math.max(this.#nameWidth, displayWidth(name));
    const idWidth = Math.max(this.#idWidth, displayWidth(id));
    const timesWidth = row.times.reduce((sum, cell) => sum + cell.text.length + 1, 0);
    const dataColumn =
      timesWidth + (timesWidth > 0 ? 1 : 0) + nameWidth + 2 + (idWidth === 0 ? 0 : idWidth + 2);
    if (columns - dataColumn < LEAST_DATA_WIDTH) return this.#stacked(row, name, id, columns);
    this.#nameWidth = nameWidth;
    this.#idWidth = idWidth;
    return this.#data(row, dataColumn, columns - dataColumn, this.#head(row, name, id));
  }

  #head(row: Row, name: string, id: string): string {
    const times = row.times.map((cell) => `${this.#time(cell)} `).join('');
    const nameCell = row.namePaint(name) + ' '.repeat(this.#nameWidth - displayWidth(name));
    const idCell = this.#idWidth === 0 ? '' : `  ${this.#palette.dim(padEnd(id, this.#idWidth))}`;
    return `${times}${times === '' ? '' : ' '}${nameCell}${idCell}  `;
  }

  /** The columns on a line of their own (or more, where even that is too narrow), data beside or below. */
  #stacked(row: Row, name: string, id: string, columns: number): string {
    const cells: [text: string, paint: Paint][] = row.times.map((cell) => [
      cell.text,
      () => this.#time(cell),
    ]);
    cells.push([name, row.namePaint]);
    if (id !== '') cells.push([id, this.#palette.dim]);
    let head = '';
    let used = 0;
    for (const [text, paint] of cells) {
      const width = Math.min(displayWidth(text), columns);
      const fits = used > 0 && used + 1 + width <= columns;
      head +=
        (fits ? ' ' : used > 0 ? '\n' : '') +
        (displayWidth(text) > columns ? cutEnd(text, columns) : paint(text));
      used = fits ? used + 1 + width : width;
    }
    const beside = columns - used - 2;
    if (fitsBeside(row.data === '' ? EMPTY : row.data, beside))
      return this.#data(row, 0, beside, `${head}  `);
    return `${head}\n${this.#data(row, INDENT, columns - INDENT, ' '.repeat(INDENT))}`;
  }

  #time(cell: TimeCell): string {
    // Gaps of a second and more are what one looks for: they stand out from the rest.
    const long = cell.kind === 'delta' && cell.text.endsWith('s') && !cell.text.endsWith('ms');
    return long ? cell.text : this.#palette.dim(cell.text);
  }

  /** The data with `head` before its first line and as much indent before the others. */
  #data(row: Row, indent: number, width: number, head: string): string {
    const { dim } = this.#palette;
    if (row.data === '') return `${head}${dim(EMPTY)}\n`;
    // Only what can be seen is escaped and coloured; a line can hold this many units at most.
    const visible = row.data.slice(0, MAX_LINES * width * 16);
    const text = escapeText(visible).replaceAll('\t', '    ');
    const { lines, cut } = fold(text, width, MAX_LINES);
    const shownEnd = lines.at(-1)?.end ?? 0;
    const spans = this.#spans(text, shownEnd, row);
    const margin = ' '.repeat(indent);
    const printed = lines.map(
      ({ start, end }, index) => `${index === 0 ? head : margin}${paintStretch(text, start, end, spans)}\n`,
    );
    if (cut || visible.length < row.data.length) printed.push(`${margin}${dim(trueSize(row.data))}\n`);
    return printed.join('');
  }

  #spans(text: string, shownEnd: number, row: Row): Span[] {
    if (row.dataPaint !== undefined) return [{ end: text.length, paint: row.dataPaint }];
    if (isPlain(this.#palette) || !looksLikeJson(row.data)) return [];
    // A little more than is shown: whether a string is a key stands after it.
    return highlightJson(text.slice(0, shownEnd + 256), this.#palette);
  }
}

/** What of a name or id of any length may come into sight: measuring all of it could take seconds. */
function bothEnds(text: string): string {
  return text.length <= 512 ? text : text.slice(0, 256) + text.slice(-256);
}

function fitsBeside(data: string, width: number): boolean {
  return data.length <= width && !/[\n\t]/.test(data) && displayWidth(escapeText(data)) <= width;
}

function looksLikeJson(data: string): boolean {
  if (data.length <= PARSE_LIMIT) return parsesAsJson(data);
  return /^\s*[[{]/.test(data.slice(0, 64)) && /[\]}]\s*$/.test(data.slice(-64));
}

function trueSize(data: string): string {
  const size = formatBytes(Buffer.byteLength(data));
  let lines = 1;
  for (let at = data.indexOf('\n'); at !== -1; at = data.indexOf('\n', at + 1)) lines += 1;
  return `… ${size}${lines > 1 ? `, ${formatCount(lines)} lines` : ''} in all`;
}
