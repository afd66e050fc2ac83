import type { SseKitError } from '../client/errors.ts';
import type { CloseInfo, OpenInfo, Warning } from '../client/records.ts';
import type { SentRequest } from '../client/stream-sink.ts';
import type {
  Consequence,
  EventPosition,
  ListenPrinter,
  OpenPosition,
  Position,
  Printed,
  PrinterOptions,
  ReconnectRecord,
} from '../listen/printer.ts';
import type { ListenSummary } from '../results/listen.ts';
import type { SummarySections } from '../results/sections.ts';
import type { SseEvent } from '../sse/sink.ts';
import {
  connectionParts,
  headerLines,
  joinParts,
  phaseTimes,
  redirectText,
  requestLines,
} from './connection-lines.ts';
import { cutEnd } from './display-width.ts';
import { formatDuration } from './duration.ts';
import { errorText } from './error-line.ts';
import { escapeInline } from './escape.ts';
import { fold } from './fold.ts';
import type { Paint, Palette } from './palette.ts';
import { formatCount } from './quantity.ts';
import { sectionsText } from './sections-text.ts';
import { summaryText } from './summary-text.ts';
import { timeCells } from './time-columns.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** What a record prints that nobody shows. */
const NOTHING: Printed = Object.freeze({});

/** Below it a line of log has no room for a time. */
const COLUMNS_FOR_TIMES = 60;

/** A warning may quote a server at length; it need not fill the screen. */
const MAX_LOG_LINES = 12;

/** Columns of a Last-Event-ID in the log. */
const LONGEST_ID = 60;

type Mark = readonly [glyph: string, paint: Paint];

const plain: Paint = (text) => text;

/**
 * The log that `pretty`, `data` and `raw` share: connection, warnings, reconnects, how it ended, summary.
 * A format adds what it does with events and comments. Whatever a server sent is escaped: log goes to
 * people.
 */
export abstract class LoggedPrinter implements ListenPrinter {
  protected readonly options: PrinterOptions;
  readonly #palette: Palette;
  /** Codes of findings whose why and mend have been told; a catalogue of them is all there are. */
  readonly #explained = new Set<string>();
  #open: OpenInfo | undefined;
  #shown = 0;

  constructor(options: PrinterOptions, logPalette: Palette) {
    this.options = options;
    this.#palette = logPalette;
  }

  protected abstract eventData(event: SseEvent, at: EventPosition): string;
  protected abstract commentData(text: string, at: Position): string;

  event(event: SseEvent, at: EventPosition): Printed {
    this.#shown += 1;
    const data = this.eventData(event, at);
    return data === '' ? NOTHING : { data };
  }

  comment(text: string, at: Position): Printed {
    const data = this.commentData(text, at);
    return data === '' ? NOTHING : { data };
  }

  open(info: OpenInfo, at: OpenPosition): Printed {
    this.#open = info;
    const { dim, green, yellow } = this.#palette;
    const redirects = info.redirects.map((redirect) =>
      this.#line(at.t, ['↪', dim], redirectText(redirect, this.options.showSecrets)),
    );
    const parts = connectionParts(info);
    if (at.conn > 1) parts.unshift(`connection ${at.conn}`);
    const [first = '', ...rest] = joinParts(parts, this.#room(at.t));
    const phases = phaseTimes(at.timing);
    const further = phases === '' ? rest : [...rest, phases];
    const line = this.#line(at.t, ['●', info.status === 200 ? green : yellow], first, plain, further);
    const headers = this.options.include ? this.#headers(info) : '';
    return { log: redirects.join('') + line + headers };
  }

  retry(ms: number, at: Position): Printed {
    const { dim } = this.#palette;
    const text = `the server sets the wait before a reconnect to ${formatDuration(ms)}`;
    return { log: this.#line(at.t, ['·', dim], text, dim) };
  }

  warn(warning: Warning, at: Position): Printed {
    const { yellow } = this.#palette;
    if (warning.severity !== undefined) return { log: this.#finding(warning, at) };
    return { log: this.#line(at.t, ['!', yellow], escapeInline(warning.message), yellow) };
  }

  close(info: CloseInfo, at: Position, { failure }: Consequence): Printed {
    const open = this.#open;
    this.#open = undefined;
    const verdict = verdictOf(info, { open, shown: this.#shown, failure });
    if (verdict.text === '') return NOTHING;
    const hint = verdict.hint === '' ? [] : [verdict.hint];
    return { log: this.#line(at.t, this.#mark(verdict), verdict.text, plain, hint) };
  }

  reconnect(record: ReconnectRecord, at: Position): Printed {
    const wait =
      record.delayMs === 0 ? 'reconnecting at once' : `reconnecting in ${formatDuration(record.delayMs)}`;
    const details = [
      // People count the tries to come back: the stream that was lost is none of them.
      record.attempt > 2 ? `try ${record.attempt - 1}` : '',
      record.cause === 'retry-after' ? 'as Retry-After asks' : '',
      record.lastEventId === ''
        ? 'without Last-Event-ID'
        : `Last-Event-ID ${cutEnd(escapeInline(record.lastEventId), LONGEST_ID)}`,
    ].filter((detail) => detail !== '');
    return { log: this.#line(at.t, ['↻', this.#palette.yellow], `${wait} (${details.join(', ')})`) };
  }

  sections(sections: SummarySections): Printed {
    return { log: sectionsText(sections, this.#palette, this.options.logColumns()) };
  }

  summary(summary: ListenSummary): Printed {
    return { log: summaryText(summary, this.#palette, this.options.logColumns()) };
  }

  failure(error: SseKitError): Printed {
    return { log: errorText(error, { palette: this.#palette, columns: this.options.logColumns() }) };
  }

  note(text: string, at: Position): Printed {
    const { dim } = this.#palette;
    return { log: this.#line(at.t, ['·', dim], escapeInline(text), dim) };
  }

  request(request: SentRequest): Printed {
    const { dim } = this.#palette;
    const lines = requestLines(request, this.options.showSecrets);
    return { log: lines.map((line) => `${dim(`> ${escapeInline(line)}`)}\n`).join('') };
  }

  /** What it is about is explained once: a stream that breaks a rule breaks it again and again. */
  #finding({ code, severity, message, why, mend, offset }: Warning, at: Position): string {
    const { red, yellow, dim } = this.#palette;
    const marks = { error: ['✗', red], warning: ['!', yellow], note: ['·', dim] } as const;
    const mark: Mark = marks[severity ?? 'warning'];
    const place = [
      at.conn > 1 ? `connection ${at.conn}` : '',
      offset === undefined ? '' : `byte ${formatCount(offset)}`,
    ].filter((part) => part !== '');
    const where = place.length === 0 ? '' : ` (${place.join(', ')})`;
    const text = `${code}${where}: ${escapeInline(message)}`;
    if (this.#explained.has(code)) return this.#line(at.t, mark, text, mark[1]);
    this.#explained.add(code);
    const further = [
      ...(why === undefined ? [] : [`why: ${why}`]),
      ...(mend === undefined ? [] : [`mend: ${mend}`]),
    ];
    return this.#line(at.t, mark, text, mark[1], further);
  }

  /** A line that only some formats have, about what the stream carries. */
  protected remark(text: string, at: Position, tone: 'plain' | 'bad'): string {
    const { cyan, red } = this.#palette;
    return this.#line(at.t, tone === 'bad' ? ['✗', red] : ['→', cyan], escapeInline(text));
  }

  /** Status line and headers for `--include`: log, so that data stays data. */
  #headers(info: OpenInfo): string {
    const { dim } = this.#palette;
    return headerLines(info, this.options.showSecrets)
      .map((line) => `${dim(`< ${escapeInline(line)}`)}\n`)
      .join('');
  }

  #mark(verdict: Verdict): Mark {
    const { green, red, yellow } = this.#palette;
    if (verdict.tone === 'good') return ['✓', green];
    return verdict.tone === 'bad' ? ['✗', red] : ['?', yellow];
  }

  #times(t: number): string {
    const columns = this.options.logColumns();
    if (columns !== undefined && columns < COLUMNS_FOR_TIMES) return '';
    const cells = timeCells(this.options, t, undefined).filter((cell) => cell.kind !== 'delta');
    return cells.map((cell) => `${cell.text}  `).join('');
  }

  #room(t: number): number {
    const columns = this.options.logColumns();
    return columns === undefined ? Number.POSITIVE_INFINITY : columns - this.#times(t).length - 2;
  }

  /** An entry of the log: its time and mark, the text, and dim lines below it, all folded under the text. */
  #line(t: number, mark: Mark, text: string, paint: Paint = plain, further: readonly string[] = []): string {
    const { dim } = this.#palette;
    const times = this.#times(t);
    const indent = ' '.repeat(times.length + 2);
    const [glyph, glyphPaint] = mark;
    const [first = '', ...rest] = this.#folded(text, t);
    return [
      `${dim(times)}${glyphPaint(glyph)} ${paint(first)}\n`,
      ...rest.map((line) => `${indent}${paint(line)}\n`),
      ...further.flatMap((line) => this.#folded(line, t)).map((line) => `${indent}${dim(line)}\n`),
    ].join('');
  }

  #folded(text: string, t: number): string[] {
    if (this.options.logColumns() === undefined) return [text];
    const { lines } = fold(text, this.#room(t), MAX_LOG_LINES);
    return lines.map(({ start, end }) => text.slice(start, end).trimEnd());
  }
}
